import { type CompanyDeps, fileAnchors, liveRedisUsers, verifyChain } from "@aito/company";
import type { ChainReport } from "@aito/protocol";
import { sql } from "kysely";
import { join } from "node:path";
import type { ChaosStack } from "./chaos-stack.ts";
import { containersOf, type Seen } from "./watch-containers.ts";

export interface TaskRecord {
  id: string;
  title: string;
  status: string;
  summary: string | null;
  text: string | null;
}

/** What Postgres, the engine and Redis say after a run, read once. */
export interface Records {
  tasks: TaskRecord[];
  decisions: { id: string; title: string; status: string }[];
  /** Times that the chain says a task was done. */
  doneEvents: Map<string, number>;
  publications: Map<string, number>;
  actions: { decision: string; released: number; receipt: boolean }[];
  notices: { id: string; decision: string; number: number; status: string }[];
  /** Notices of alerts, by their key. */
  alerts: { id: string; status: string }[];
  agents: { name: string; kind: string; desired: string; status: string; epoch: number; container: string | null }[];
  openRuns: string[];
  openWork: { id: string; kind: string; reason: string }[];
  /** What was told to a colleague, and whether it was read. */
  letters: { text: string; read: boolean }[];
  deliveredUnseen: { message: string; agent: string }[];
  outbox: { id: string; kind: string; target: string; body: string; at: string; published: boolean }[];
  events: { id: string; type: string; at: string }[];
  work: { id: string; agent: string | null; kind: string; ref: string | null; at: string }[];
  messages: { id: string }[];
  rings: { message: string; agent: string; rings: number }[];
  chain: ChainReport;
  containers: Seen[];
  /** Processes of the private engine that stand for a container; null on the machine's own engine, which others use, too. */
  shims: string[] | null;
  busUsers: string[];
  sessions: string[];
}

const rowsOf = async <T>(deps: CompanyDeps, text: string): Promise<T[]> =>
  await deps.db.transaction({ companyId: deps.companyId }, async (tx) => (await sql.raw<T>(text).execute(tx.queries)).rows);

export async function readRecords(stack: ChaosStack): Promise<Records> {
  const { deps, bus, folder } = stack;
  const q = <T>(text: string): Promise<T[]> => rowsOf<T>(deps, text);
  const count = async (text: string): Promise<Map<string, number>> =>
    new Map((await q<{ key: string; n: number }>(text)).map(({ key, n }) => [key, n]));
  // Bodies are compared as they are; times to the microsecond, as text.
  const recent = "created_at > (select max(created_at) from events) - interval '50 minutes'";
  return {
    tasks: await q("select id, title, status, result->>'summary' as summary, result->>'text' as text from tasks"),
    decisions: await q("select id, title, status from decisions"),
    doneEvents: await count(
      "select payload->>'task' as key, count(*)::int as n from events where event_type = 'task.done' group by 1",
    ),
    publications: await count("select decision_id::text as key, count(*)::int as n from publications group by 1"),
    // Counted once for all: a count for each action would read all events for each.
    actions: await q(`with releases as (select payload->>'decision' as decision, count(*)::int as n from events
        where event_type = 'tool.released' group by 1)
      select a.decision_id as decision, (r.id is not null) as receipt, coalesce(e.n, 0) as released
      from actions a left join receipts r on r.id = a.receipt_id left join releases e on e.decision = a.decision_id::text`),
    notices: await q(`select n.id, s.decision_id as decision, n.number, n.status from escalation_notices n
      join escalations s on s.id = n.escalation_id`),
    alerts: await q("select id, status from alert_notices"),
    agents: await q("select name, kind, desired, status, epoch, container_id as container from agents"),
    openRuns: (await q<{ id: string }>("select id from runs where status = 'running'")).map(({ id }) => id),
    openWork: await q("select id, kind, reason from work where done_at is null and kind <> 'wake'"),
    letters: await q(`select m.payload->>'text' as text, (d.acknowledged_at is not null) as read from messages m
      join deliveries d on d.message_id = m.id where m.type = 'direct' and m.payload->>'text' like 'tell %'`),
    deliveredUnseen: await q(`select d.message_id as message, a.name as agent from deliveries d join agents a on a.id = d.agent_id
      join messages m on m.id = d.message_id where d.acknowledged_at is not null and m.type = 'direct'`),
    events: await q(`select id, event_type as type, created_at::text as at from events where ${recent}`),
    work: await q(`select w.id, a.name as agent, w.kind, w.ref, w.created_at::text as at from work w left join agents a on a.id = w.agent_id
      where w.${recent}`),
    messages: await q(`select id from messages where ${recent}`),
    rings: await q(`select d.message_id as message, a.name as agent, d.rings from deliveries d join agents a on a.id = d.agent_id
      join messages m on m.id = d.message_id where m.${recent}`),
    // Last of its transaction's rows: what was told of between two readings is not missed here.
    outbox: await q(
      `select id, kind, target, body, created_at::text as at, published_at is not null as published from outbox where ${recent}`,
    ),
    chain: await verifyChain(deps, { anchors: fileAnchors(join(folder, "anchors.ndjson")) }),
    containers: await containersOf(stack),
    shims: stack.privateEngine?.shims() ?? null,
    busUsers: await bus.agentUsers(),
    sessions: (await liveRedisUsers(deps)).map(({ name }) => name),
  };
}
