import type { CompanyDeps } from "@aito/company";
import { sql } from "kysely";

/** Tasks of every standing agent in every status, most of them done, one a second up to now; ids in order of time. */
export async function fillTasks({ db, companyId, clock }: CompanyDeps, tasks: number): Promise<void> {
  const now = clock.now().toISOString();
  await db.transaction({ companyId }, (tx) =>
    sql`insert into tasks (id, company_id, title, description, assigned_to, status, priority, result, created_at, updated_at, completed_at)
      select (lpad(to_hex((extract(epoch from made.at) * 1000)::bigint), 12, '0') || '70008' || lpad(to_hex(made.n), 15, '0'))::uuid,
        ${companyId}::uuid, 'Task ' || made.n || ': compare what customers said this week', 'With sources, in two hundred words.',
        made.agent, made.status, 1 + made.n % 10,
        case when made.status = 'done' then '{"v":1,"summary":"Twelve answers, nine of them kind.","text":null,"receipts":[]}'::jsonb end,
        made.at, made.at, case when made.status in ('done', 'failed', 'cancelled') then made.at end
      from (select n, ${now}::timestamptz - make_interval(secs => ${tasks} - n) as at,
          (array['done','done','done','done','done','failed','pending','running','blocked','cancelled'])[1 + n % 10] as status,
          (select array_agg(id order by name) from agents where kind = 'agent') as agents, n as place
        from generate_series(1, ${tasks}::int) n) g
      cross join lateral (select g.n, g.at, g.status, g.agents[1 + g.n % cardinality(g.agents)] as agent) made`.execute(
      tx.queries,
    ),
  );
  // As after a night: the planner knows what is there.
  await db.transaction({ companyId }, (tx) => sql`analyze tasks, events`.execute(tx.queries));
}
