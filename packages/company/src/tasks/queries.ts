import { often, type Tx } from "@aito/db";
import type { TaskResult, TaskStatus } from "@aito/protocol";
import { type RawBuilder, sql } from "kysely";
import type { Writer } from "../company.ts";
import { boardTaint } from "../grants/queries.ts";

export interface TaskRow {
  id: string;
  title: string;
  description: string;
  assigned_to: string | null;
  created_by: string | null;
  status: TaskStatus;
  priority: number;
  due_date: Date | null;
  completed_at: Date | null;
  /** An agent's name, an operator, or `human`, `system`; null: it is open, or ended before this was written down. */
  ended_by: string | null;
  result: (TaskResult & { v: number }) | null;
  created_at: Date;
  updated_at: Date;
  decision_id: string | null;
  parent_task_id: string | null;
  worker_type: string | null;
  worker_agent_id: string | null;
  attempts: number;
  finding_key: string | null;
  budget_micro_usd: bigint | null;
  /** The task whose budget this one's was taken from. */
  paid_by_task_id: string | null;
  client_id: string | null;
  /** The text from outside that who made it, or did it, had read. */
  taint: string | null;
  /** The tools that its worker may hold at most; null: it does not narrow them. */
  tools: string[] | null;
  /** It ended every container that it was given, and the same is refused for a while. */
  quarantined_at: Date | null;
  /** The client's slug. */
  client: string | null;
  assigned_name: string | null;
  created_name: string | null;
  worker_name: string | null;
}

const select = sql`select t.*, cl.slug as client, a.name as assigned_name, c.name as created_name, w.name as worker_name from tasks t
  left join agents a on a.id = t.assigned_to left join agents c on c.id = t.created_by left join agents w on w.id = t.worker_agent_id
  left join clients cl on cl.id = t.client_id`;

/** Returns false when an open task for the same finding exists. */
export async function insertTask(
  tx: Tx,
  task: Pick<
    TaskRow,
    | "id"
    | "title"
    | "description"
    | "assigned_to"
    | "created_by"
    | "status"
    | "priority"
    | "due_date"
    | "decision_id"
    | "parent_task_id"
    | "worker_type"
    | "finding_key"
    | "budget_micro_usd"
    | "paid_by_task_id"
    | "client_id"
    | "tools"
    | "taint"
  >,
): Promise<boolean> {
  const found =
    await sql`insert into tasks (id, company_id, title, description, assigned_to, created_by, status, priority, due_date,
      decision_id, parent_task_id, worker_type, finding_key, budget_micro_usd, paid_by_task_id, client_id, tools, taint, created_at,
      updated_at)
    values (${task.id}, ${tx.companyId}, ${task.title}, ${task.description}, ${task.assigned_to}, ${task.created_by}, ${task.status},
      ${task.priority}, ${task.due_date}, ${task.decision_id}, ${task.parent_task_id}, ${task.worker_type}, ${task.finding_key},
      ${task.budget_micro_usd}, ${task.paid_by_task_id}, ${task.client_id}, ${task.tools}::text[],
      coalesce(${task.taint}, aito_taint(${task.created_by})), ${tx.now}, ${tx.now})
    on conflict do nothing returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

export interface Assignee {
  id: string;
  name: string;
  kind: "agent" | "worker";
  desired: string;
  client_id: string | null;
  client: string | null;
}

/** Who is named, and whether one of these requests has made a task before: one question, because nearly none has. */
export async function selectAssignees(
  tx: Tx,
  { names, keys }: { names: readonly string[]; keys: readonly string[] },
): Promise<{ agents: Assignee[]; requested: boolean }> {
  const found = await often(
    sql<
      (Assignee | { id: null }) & { requested: boolean }
    >`select before.requested, a.id, a.name, a.kind, a.desired, a.client_id, a.client
      from (select exists (select from tasks where request_key = any(${[...keys]}::text[])) as requested) before
      left join (select a.id, a.name, a.kind, a.desired, a.client_id, c.slug as client
        from agents a left join clients c on c.id = a.client_id where a.name = any(${[...names]}::text[])) a on true`,
  ).execute(tx.queries);
  return { agents: found.rows.filter((row) => row.id !== null), requested: found.rows[0]!.requested };
}

export interface RequestedTask {
  /** Whose request it was, and what it said; null: nobody asks for it again. */
  request_key: string | null;
  request_digest: string | null;
}

/** The tasks that these requests made. */
export async function selectRequested(tx: Tx, keys: readonly string[]): Promise<(TaskRow & RequestedTask)[]> {
  if (keys.length === 0) return [];
  const found = await sql<TaskRow & RequestedTask>`${select} where t.request_key = any(${[...keys]}::text[])`.execute(tx.queries);
  return found.rows;
}

export async function setRequest(tx: Tx, id: string, request: RequestedTask): Promise<void> {
  await sql`update tasks set request_key = ${request.request_key}, request_digest = ${request.request_digest} where id = ${id}`.execute(
    tx.queries,
  );
}

/** Pending tasks of operators, without worker, budget or anything above them. A request that was made before breaks `tasks_request`. */
export function writeRequestedTasks(tx: Writer, tasks: readonly (TaskRow & RequestedTask)[]): void {
  const column = <K extends keyof (TaskRow & RequestedTask)>(key: K) => tasks.map((task) => task[key]);
  tx.write(sql`insert into tasks (id, company_id, title, description, assigned_to, status, priority, due_date, client_id, request_key,
      request_digest, created_at, updated_at)
    select t.id, ${tx.companyId}::uuid, t.title, t.description, t.assigned_to, 'pending', t.priority, t.due_date::timestamptz, t.client_id,
      t.request_key, t.request_digest, ${tx.now}::timestamptz, ${tx.now}::timestamptz
    from unnest(${column("id")}::uuid[], ${column("title")}::text[], ${column("description")}::text[], ${column("assigned_to")}::uuid[],
        ${column("priority")}::integer[], ${tasks.map(({ due_date }) => due_date?.toISOString() ?? null)}::text[],
        ${column("client_id")}::uuid[], ${column("request_key")}::text[], ${column("request_digest")}::text[])
      as t (id, title, description, assigned_to, priority, due_date, client_id, request_key, request_digest)`);
}

/** What whoever did it had read stands with its result: an agent's run of now, or what is named. */
export async function taintTask(tx: Tx, id: string, by: { agentId: string } | { taint: string | null }): Promise<void> {
  const taint = "agentId" in by ? sql`aito_taint(${by.agentId})` : sql`${by.taint}::text`;
  await sql`update tasks set taint = case when taint is null or taint ~ ${boardTaint} then coalesce(${taint}, taint) else taint end
    where id = ${id}`.execute(tx.queries);
}

/** `lock`: nobody else changes it until the transaction ends; what names it, as its claims do, can still be stored. */
export async function selectTask(tx: Tx, id: string, lock = false): Promise<TaskRow | null> {
  const found = await sql<TaskRow>`${select} where t.id = ${id} ${lock ? sql`for no key update of t` : sql``}`.execute(
    tx.queries,
  );
  return found.rows[0] ?? null;
}

export async function selectTasks(
  tx: Tx,
  filter: { status?: TaskStatus[] | undefined; agent?: string | undefined; limit: number; before?: string | undefined },
): Promise<TaskRow[]> {
  // One state is asked for by itself: so its index gives the newest in their order.
  const [one, ...others] = filter.status ?? [];
  const status =
    one === undefined
      ? sql``
      : others.length === 0
        ? sql`and t.status = ${one}`
        : sql`and t.status = any(${filter.status}::text[])`;
  const before = filter.before
    ? sql`and (t.created_at, t.id) < (select created_at, id from tasks where id = ${filter.before})`
    : sql``;
  const newest = sql`${status} ${before} order by t.created_at desc, t.id desc limit ${filter.limit}`;
  const found = filter.agent
    ? await sql<TaskRow>`${select} where t.id in (${ofAgent(sql`assigned_to`, filter.agent, newest)}
        union all ${ofAgent(sql`worker_agent_id`, filter.agent, newest)})
      order by t.created_at desc, t.id desc limit ${filter.limit}`.execute(tx.queries)
    : await sql<TaskRow>`${select} where true ${newest}`.execute(tx.queries);
  return found.rows;
}

/** The newest of an agent's tasks, whether it answers for them or did them: each has an index in that order. */
const ofAgent = (column: RawBuilder<unknown>, agent: string, newest: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(select t.id from tasks t where t.${column} = (select id from agents where name = ${agent}) ${newest})`;

/** What an agent has on its desk: its own open tasks without a worker, and for a worker the one task it was started for. */
export async function selectOpenTasksOf(tx: Tx, agentId: string, workerTaskId: string | null): Promise<TaskRow[]> {
  const which = workerTaskId ? sql`t.id = ${workerTaskId}` : sql`t.assigned_to = ${agentId} and t.worker_type is null`;
  const found = await sql<TaskRow>`${select} where ${which} and t.status in ('pending', 'running')
    order by t.priority desc, t.created_at limit 50`.execute(tx.queries);
  return found.rows;
}

export async function selectTasksOfDecision(tx: Tx, decisionId: string): Promise<TaskRow[]> {
  const found = await sql<TaskRow>`${select} where t.decision_id = ${decisionId} for update of t`.execute(tx.queries);
  return found.rows;
}

/** The tasks of a decision and everything below them, locked. */
export async function selectTaskTree(tx: Tx, decisionId: string): Promise<TaskRow[]> {
  const found = await sql<TaskRow>`with recursive tree as (
      select id from tasks where decision_id = ${decisionId}
      union select c.id from tasks c join tree on c.parent_task_id = tree.id)
    ${select} where t.id in (select id from tree) order by t.id for update of t`.execute(tx.queries);
  return found.rows;
}

/** The whole tree that a task belongs to, from the one that nothing stands above: parents before children, at most `limit`. */
export async function selectTaskFamily(tx: Tx, id: string, limit: number): Promise<(TaskRow & { depth: number })[]> {
  const found = await sql<TaskRow & { depth: number }>`with recursive up as (
      select id, parent_task_id, 0 as steps from tasks where id = ${id}
      union select p.id, p.parent_task_id, up.steps + 1 from tasks p join up on up.parent_task_id = p.id where up.steps < ${limit}),
    down as (
      (select id, 0 as depth, array[id] as path from up order by steps desc limit 1)
      union all select c.id, down.depth + 1, down.path || c.id from tasks c join down on c.parent_task_id = down.id
        where not c.id = any(down.path) and down.depth < ${limit})
    select t.*, down.depth from (${select}) t join down on down.id = t.id order by down.path limit ${limit}`.execute(tx.queries);
  return found.rows;
}

/** The open task that tries this ended one again. */
export async function openRetryOf(tx: Tx, id: string): Promise<string | null> {
  const found = await sql<{ id: string }>`select id from tasks where retry_of = ${id} and completed_at is null limit 1`.execute(
    tx.queries,
  );
  return found.rows[0]?.id ?? null;
}

export async function updateTask(
  tx: Tx,
  id: string,
  set: Partial<
    Pick<
      TaskRow,
      "status" | "completed_at" | "ended_by" | "worker_agent_id" | "attempts" | "assigned_to" | "due_date" | "priority"
    >
  > & {
    result?: TaskResult | null;
    /** The ended task that it tries again. */
    retry_of?: string;
  },
): Promise<void> {
  const assignments = Object.entries(set).map(([column, value]) =>
    column === "result"
      ? sql`result = ${value === null ? null : JSON.stringify({ v: 1, ...(value as TaskResult) })}::jsonb`
      : sql`${sql.ref(column)} = ${value}`,
  );
  await sql`update tasks set ${sql.join([...assignments, sql`updated_at = ${tx.now}`])} where id = ${id}`.execute(tx.queries);
}

/** Open tasks past their due date, the raw material of the status query's findings. */
export async function countOpenTasks(tx: Tx, agentId: string): Promise<{ open: number; overdue: number; failed: number }> {
  const found = await sql<{ open: number; overdue: number; failed: number }>`select
      count(*) filter (where status in ('pending', 'running'))::int as open,
      count(*) filter (where status in ('pending', 'running') and due_date < ${tx.now})::int as overdue,
      count(*) filter (where status = 'failed' and completed_at > ${tx.now}::timestamptz - interval '1 day')::int as failed
    from tasks where assigned_to = ${agentId}`.execute(tx.queries);
  return found.rows[0]!;
}

export async function insertWork(tx: Tx, row: { id: string; taskId: string; agentId: string; text: string }): Promise<void> {
  await sql`insert into works (id, company_id, task_id, agent_id, text, created_at)
    values (${row.id}, ${tx.companyId}, ${row.taskId}, ${row.agentId}, ${row.text}, ${tx.now})`.execute(tx.queries);
}

/** What was saved last for a task. */
export async function selectNewestWork(tx: Tx, taskId: string): Promise<string | null> {
  const found = await sql<{ text: string }>`select text from works where task_id = ${taskId} order by id desc limit 1`.execute(
    tx.queries,
  );
  return found.rows[0]?.text ?? null;
}

export async function countCompanyTasks(tx: Tx): Promise<{ open: number; done: number }> {
  const found = await sql<{
    open: number;
    done: number;
  }>`select count(*) filter (where status in ('pending', 'running'))::int as open,
      count(*) filter (where status = 'done')::int as done from tasks`.execute(tx.queries);
  return found.rows[0]!;
}
