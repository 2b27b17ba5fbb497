import { sealEvents, verifyChain } from "@aito/company";
import { sql } from "kysely";
import type { RaceGround } from "./race-ground.ts";

export interface RaceFindings {
  decisions: number;
  ballots: number;
  escalations: number;
  /** How the decisions ended. */
  ended: Record<string, number>;
  /** What the record holds that the rules do not allow; empty when all is well. */
  illegal: string[];
  /** Ballots, outcomes, answers or releases that were counted more than once. */
  twice: string[];
  /** Work that waits for a decision that has ended. */
  leftOver: number;
}

/** What was written of each decision in tables that know nothing of one another. */
const written = `with said as materialized (select payload->>'decision' as id, event_type as type from events where event_type like 'decision.%'),
  told as (select id, count(*) filter (where type = 'decision.ballot') as ballots,
      count(*) filter (where type in ('decision.approved', 'decision.vetoed', 'decision.withdrawn')) as outcomes,
      count(*) filter (where type = 'decision.escalated') as deadlocks, count(*) filter (where type = 'decision.human') as answers,
      count(*) filter (where type = 'decision.approved') as approvals, array_agg(type) as types
    from said group by id),
  cast_ as (select decision_id, count(*) as ballots from votes where vote <> 'no_answer' and reason not like 'leaning of round%'
    group by decision_id),
  asked as (select decision_id, count(*) as deadlocks, count(*) filter (where status = 'answered') as answers
    from escalations group by decision_id),
  started as (select t.decision_id, count(*) as workers from tasks t join agents a on a.task_id = t.id
    where t.decision_id is not null group by t.decision_id),
  each as (select d.id::text as told_id, d.status, told.*, coalesce(c.ballots, 0) as votes, coalesce(a.deadlocks, 0) as escalations,
      coalesce(a.answers, 0) as answered, coalesce(s.workers, 0) as workers
    from decisions d left join told on told.id = d.id::text left join cast_ c on c.decision_id = d.id
      left join asked a on a.decision_id = d.id left join started s on s.decision_id = d.id)`;

/** What must hold nowhere: one table held against another. */
const doubles = {
  "ballots that are not one event each": "votes <> ballots",
  "more than one outcome": "outcomes > 1",
  "an outcome that the status does not show": "status <> 'overridden' and not ('decision.' || status) = any(types)",
  "deadlocks that are not one escalation each": "escalations <> deadlocks",
  "answers that are not one event each": "answered <> answers",
  "a worker started twice": "workers > 1",
  "a worker without an approval": "workers > 0 and approvals = 0",
};

/** Seals what happened, plays every decision again from its events, and counts. */
export async function checkRaces({ deps, clock }: RaceGround): Promise<RaceFindings> {
  await clock.advance(1_000);
  while ((await sealEvents(deps)) > 0);
  const chain = await verifyChain(deps);
  return await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const count = async (statement: string): Promise<number> =>
      Number(
        (await sql<{ count: bigint }>`select count(*) from (${sql.raw(statement)}) as found`.execute(tx.queries)).rows[0]!.count,
      );
    const twice: string[] = [];
    for (const [name, statement] of Object.entries(doubles)) {
      const found = await sql<{
        decision: string;
      }>`${sql.raw(`${written} select told_id as decision from each where ${statement}`)}`.execute(tx.queries);
      twice.push(...found.rows.map(({ decision }) => `${name}: ${decision}`));
    }
    const ended = await sql<{ status: string; count: bigint }>`select status, count(*) from decisions group by status`.execute(
      tx.queries,
    );
    return {
      decisions: await count("select 1 from decisions"),
      ballots: await count("select 1 from votes where vote <> 'no_answer'"),
      escalations: await count("select 1 from escalations"),
      ended: Object.fromEntries(ended.rows.map((row) => [row.status, Number(row.count)])),
      illegal: chain.problem === null ? [] : [chain.problem],
      twice,
      leftOver:
        await count(`select 1 from work w join decisions d on d.id::text = w.ref where w.kind = 'vote' and w.done_at is null
        and d.status <> 'pending'`),
    };
  });
}
