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

/**
 * Each line answers what was counted twice: a ballot, an outcome, an answer of a human, a deadlock, a worker. They read tables
 * that are written apart from one another, and hold one against the other.
 */
const doubles = {
  "ballots that are not one event each": `select d.id from decisions d where
    (select count(*) from votes v where v.decision_id = d.id and v.vote <> 'no_answer' and v.reason not like 'leaning of round%')
    <> (select count(*) from events e where e.event_type = 'decision.ballot' and e.payload->>'decision' = d.id::text)`,
  "more than one outcome": `select d.id from decisions d where
    (select count(*) from events e where e.event_type in ('decision.approved', 'decision.vetoed', 'decision.withdrawn')
      and e.payload->>'decision' = d.id::text) > 1`,
  "an outcome that the status does not show": `select d.id from decisions d where d.status <> 'overridden'
    and not exists (select 1 from events e where e.event_type = 'decision.' || d.status and e.payload->>'decision' = d.id::text)`,
  "deadlocks that are not one escalation each": `select d.id from decisions d where
    (select count(*) from escalations x where x.decision_id = d.id)
    <> (select count(*) from events e where e.event_type = 'decision.escalated' and e.payload->>'decision' = d.id::text)`,
  "answers that are not one event each": `select d.id from decisions d where
    (select count(*) from escalations x where x.decision_id = d.id and x.status = 'answered')
    <> (select count(*) from events e where e.event_type = 'decision.human' and e.payload->>'decision' = d.id::text)`,
  "a worker started twice": `select t.decision_id as id from tasks t join agents a on a.task_id = t.id
    where t.decision_id is not null group by t.decision_id having count(*) > 1`,
  "a worker without an approval": `select t.decision_id as id from tasks t join agents a on a.task_id = t.id
    join decisions d on d.id = t.decision_id where not exists (select 1 from events e
      where e.event_type = 'decision.approved' and e.payload->>'decision' = d.id::text)`,
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
      const found = await sql<{ id: string }>`${sql.raw(statement)}`.execute(tx.queries);
      twice.push(...found.rows.map(({ id }) => `${name}: ${id}`));
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
