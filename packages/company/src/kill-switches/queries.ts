import { often, type Tx } from "@aito/db";
import type { SwitchScope } from "@aito/protocol";
import { sql } from "kysely";
import type { ActiveSwitch } from "./rules.ts";

export interface SwitchRow {
  id: string;
  scope: SwitchScope;
  target: string;
  reason: string;
  pressed_by: string;
  pressed_from: string;
  pressed_at: Date;
  resumed_by: string | null;
  resumed_from: string | null;
  resumed_at: Date | null;
  resume_reason: string | null;
}

/** Returns false when the same switch is on already. */
export async function insertSwitch(
  tx: Tx,
  row: Pick<SwitchRow, "id" | "scope" | "target" | "reason" | "pressed_by" | "pressed_from">,
): Promise<boolean> {
  const found = await sql`insert into kill_switches (id, company_id, scope, target, reason, pressed_by, pressed_from, pressed_at)
    values (${row.id}, ${tx.companyId}, ${row.scope}, ${row.target}, ${row.reason}, ${row.pressed_by}, ${row.pressed_from}, ${tx.now})
    on conflict do nothing returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function selectActive(tx: Tx): Promise<ActiveSwitch[]> {
  const found =
    await often(sql<ActiveSwitch>`select id, scope, target, reason, pressed_by as "pressedBy", pressed_at as "pressedAt"
    from kill_switches where resumed_at is null order by pressed_at, id`).execute(tx.queries);
  return found.rows;
}

/** Locked, so that of two who resume it one is told that it was resumed. */
export async function selectSwitch(tx: Tx, id: string): Promise<SwitchRow | null> {
  const found = await sql<SwitchRow>`select * from kill_switches where id = ${id} for update`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function selectActiveSwitch(tx: Tx, of: { scope: SwitchScope; target: string }): Promise<SwitchRow | null> {
  const found = await sql<SwitchRow>`select * from kill_switches where scope = ${of.scope} and target = ${of.target}
    and resumed_at is null`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function selectSwitches(tx: Tx, options: { withResumed: boolean; limit: number }): Promise<SwitchRow[]> {
  const found = await sql<SwitchRow>`select * from kill_switches ${options.withResumed ? sql`` : sql`where resumed_at is null`}
    order by pressed_at desc, id desc limit ${options.limit}`.execute(tx.queries);
  return found.rows;
}

export async function endSwitch(tx: Tx, input: { id: string; by: string; from: string; reason: string }): Promise<void> {
  await sql`update kill_switches set resumed_at = ${tx.now}, resumed_by = ${input.by}, resumed_from = ${input.from},
    resume_reason = ${input.reason} where id = ${input.id} and resumed_at is null`.execute(tx.queries);
}

/** Each task with those above it, itself first, and the client of each. */
export async function selectTaskLines(tx: Tx, ids: string[]): Promise<{ task: string; id: string; client: string | null }[]> {
  if (ids.length === 0) return [];
  const found = await sql<{ task: string; id: string; client: string | null }>`with recursive line as (
      select id as task, id, parent_task_id, client_id from tasks where id = any(${ids}::uuid[])
      union select line.task, t.id, t.parent_task_id, t.client_id from tasks t join line on t.id = line.parent_task_id)
    select line.task, line.id, c.slug as client from line left join clients c on c.id = line.client_id`.execute(tx.queries);
  return found.rows;
}

/** The agents above each of these, at any distance. */
export async function selectAgentLines(tx: Tx, ids: string[]): Promise<{ agent: string; name: string }[]> {
  if (ids.length === 0) return [];
  const found = await sql<{ agent: string; name: string }>`with recursive line as (
      select id as agent, parent_agent_id as above from agents where id = any(${ids}::uuid[]) and parent_agent_id is not null
      union select line.agent, a.parent_agent_id from agents a join line on a.id = line.above where a.parent_agent_id is not null)
    select line.agent, a.name from line join agents a on a.id = line.above`.execute(tx.queries);
  return found.rows;
}

/** Open tasks at or below one of these, or at or below one of these clients' tasks. */
export async function selectTasksBelow(tx: Tx, of: { tasks: string[]; clients: string[] }): Promise<string[]> {
  if (of.tasks.length + of.clients.length === 0) return [];
  const found = await sql<{ id: string }>`with recursive tree as (
      select t.id from tasks t left join clients c on c.id = t.client_id
      where t.id = any(${of.tasks}::uuid[]) or c.slug = any(${of.clients}::text[])
      union select t.id from tasks t join tree on t.parent_task_id = tree.id)
    select id from tree`.execute(tx.queries);
  return found.rows.map((row) => row.id);
}

/** The tasks that the agent's open run is about: those that it was woken for, and those that it was shown. */
export async function selectRunTasks(tx: Tx, agentId: string): Promise<string[]> {
  const found = await sql<{ ref: string }>`select w.ref from work w join runs r on r.id = w.run_id
      where r.agent_id = ${agentId} and r.status = 'running' and w.kind = 'task' and w.ref is not null
    union select unnest(shown_tasks)::text from runs where agent_id = ${agentId} and status = 'running'`.execute(tx.queries);
  return found.rows.map((row) => row.ref);
}

/**
 * The tasks that a call was asked for: what its run was about, by that run's own reasons, which stand when its work has long gone to
 * another one; the one that it named, else all that its run was shown; its worker's.
 */
export async function selectCallTasks(
  tx: Tx,
  call: { run_id: string | null; task_id: string | null; receipt_id: string | null },
): Promise<string[]> {
  const found = await sql<{ id: string }>`select reason ->> 'ref' as id from runs r, jsonb_array_elements(r.reasons) reason
      where r.id = ${call.run_id} and reason ->> 'kind' = 'task' and reason ->> 'ref' is not null
    union select unnest(shown_tasks)::text from runs where id = ${call.run_id} and ${call.task_id}::text is null
    union select task_id::text from receipts where id = ${call.receipt_id} and task_id is not null
    union select ${call.task_id}::text where ${call.task_id}::text is not null`.execute(tx.queries);
  return found.rows.map(({ id }) => id);
}

export async function departmentExists(tx: Tx, key: string): Promise<string | null> {
  const found = await sql<{ department: string }>`select department from agents
    where lower(trim(department)) = ${key} order by created_at limit 1`.execute(tx.queries);
  return found.rows[0]?.department ?? null;
}
