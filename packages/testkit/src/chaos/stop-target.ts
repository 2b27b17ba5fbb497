import { SwitchScope } from "@aito/protocol";
import { sql } from "kysely";
import type { ChaosStack } from "./chaos-stack.ts";

export const stopScopes = SwitchScope.options;
export type StopScope = (typeof stopScopes)[number];

/** What a press stops, as who watches from outside tells it. */
export interface StopTarget {
  scope: StopScope;
  target: string;
  /** Whose containers end, and whose doings are over. Of a task nobody's: its agent goes on with other things. */
  agents: ReadonlySet<string>;
  /** Of a task: what is done about it is over. */
  task: string | null;
}

interface Standing {
  name: string;
  department: string | null;
  client: string | null;
  task: string | null;
}

/** One of those at work, if there is one with such a thing, and what of it the press is to stop. Throws when nothing of that kind is there. */
export async function chooseTarget(
  { deps, agents }: ChaosStack,
  { scope, working, below }: { scope: StopScope; working: ReadonlySet<string>; below: (limit: number) => number },
): Promise<StopTarget> {
  if (scope === "company") return { scope, target: "", agents: new Set(agents), task: null };
  const { rows } = await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    sql<Standing>`select a.name, a.department, c.slug as client,
        (select t.id::text from tasks t where t.assigned_to = a.id and t.status = 'running' order by t.id limit 1) as task
      from agents a left join clients c on c.id = a.client_id where a.kind = 'agent' order by a.name`.execute(tx.queries),
  );
  const valueOf = (row: Standing): string | null => (scope === "agent" ? row.name : row[scope]);
  const there = rows.filter((row) => valueOf(row) !== null);
  const busy = there.filter(({ name }) => working.has(name));
  const fit = busy.length > 0 ? busy : there;
  if (fit.length === 0) throw new Error(`nobody has a ${scope} that could be stopped`);
  const target = valueOf(fit[below(fit.length)]!)!;
  if (scope === "task") return { scope, target, agents: new Set(), task: target };
  return { scope, target, agents: new Set(rows.filter((row) => valueOf(row) === target).map(({ name }) => name)), task: null };
}

/**
 * The newest thing that was done of what is stopped, as Postgres has it; null for nothing. Receipts are no effects: they tell of one that was
 * done before. What the load proposes in an agent's name is the operator's doing, and is left out.
 */
export async function lastRecordAt({ deps }: ChaosStack, { agents, task }: StopTarget): Promise<number | null> {
  return await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const done = sql`select created_at as at, agent_id as by, null::uuid as task from publications
      union all select created_at, from_agent, null from messages where type = 'direct'
      union all select created_at, agent_id, null from agent_history where not details ? 'decision'
      union all select created_at, agent_id, task_id from works
      union all select completed_at, assigned_to, id from tasks`;
    const ours =
      task === null ? sql`by in (select id from agents where name = any(${[...agents]}::text[]))` : sql`task = ${task}`;
    const found = await sql<{ at: Date | null }>`select max(at) as at from (${done}) as done where ${ours}`.execute(tx.queries);
    return found.rows[0]?.at?.getTime() ?? null;
  });
}
