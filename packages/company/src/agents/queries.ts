import { often, type Tx } from "@aito/db";
import type { AgentKind, AgentStatus, Profile } from "@aito/protocol";
import { sql } from "kysely";

/** A row of `agents`. Times are Date; `profile` is the typed profile as loaded. */
export interface AgentRow {
  id: string;
  type: string;
  name: string;
  profile_path: string | null;
  loop_interval: number | null;
  git_repo: string | null;
  git_filter: string | null;
  status: AgentStatus;
  container_id: string | null;
  last_heartbeat: Date | null;
  kind: AgentKind;
  department: string | null;
  is_head: boolean;
  is_council: boolean;
  profile: Profile;
  profile_markdown: string;
  model: string;
  desired: "running" | "stopped" | "gone";
  status_reason: string | null;
  doing: string | null;
  progress: bigint;
  epoch: number;
  restarts: number;
  failures: number;
  /** Incarnations in a row that ended before they had begun. */
  unbegun: number;
  /** Runs in a row that ended as failed. */
  failed_runs: number;
  /** Takes no new run: it is replaced when the open one has ended. */
  replacing: boolean;
  /** The configuration that it was last replaced for, until a life under it was a good one. */
  change_digest: string | null;
  /** An operator holds it: paused, it takes no new run; stopped, it has no container. */
  held: "paused" | "stopped" | null;
  held_by: string | null;
  held_at: Date | null;
  retry_at: Date | null;
  started_at: Date | null;
  next_wake_at: Date | null;
  next_wake_reason: string | null;
  parent_agent_id: string | null;
  parent_name: string | null;
  task_id: string | null;
  client_id: string | null;
  /** The client's slug. */
  client: string | null;
  /** 0: a standing agent; 1: a worker that it started; 2: a worker of that one. */
  depth: number;
  created_at: Date;
}

const columns = sql`a.*, p.name as parent_name, cl.slug as client`;
const from = sql`agents a left join agents p on p.id = a.parent_agent_id left join clients cl on cl.id = a.client_id`;

/** As much of an agent as lists need: its profile is most of its row, and read where one agent is looked at. */
export type ListedAgent = Omit<AgentRow, "profile" | "profile_markdown">;
const listed = sql`a.id, a.type, a.name, a.profile_path, a.loop_interval, a.git_repo, a.git_filter, a.status, a.container_id, a.last_heartbeat,
  a.kind, a.department, a.is_head, a.is_council, a.model, a.desired, a.status_reason, a.doing, a.progress, a.epoch, a.restarts, a.failures, a.unbegun,
  a.failed_runs, a.replacing, a.change_digest, a.held, a.held_by, a.held_at, a.retry_at, a.started_at, a.next_wake_at, a.next_wake_reason, a.parent_agent_id, p.name as parent_name,
  a.task_id, a.client_id, cl.slug as client, a.depth, a.created_at`;

/** Workers that are gone for good: they stay for the history, and a long-lived company has many of them. */
const isPast = sql`a.kind = 'worker' and a.desired = 'gone' and a.status = 'inactive' and a.container_id is null`;

/** All but past workers; `withPast` also those. */
export async function selectAgents(tx: Tx, options: { withPast?: boolean | undefined } = {}): Promise<ListedAgent[]> {
  const found =
    await often(sql<ListedAgent>`select ${listed} from ${from} ${options.withPast ? sql`` : sql`where not (${isPast})`}
    order by a.kind, a.is_head desc, a.created_at, a.name`).execute(tx.queries);
  return found.rows;
}

/** The standing agents, with their profiles. */
export async function selectStanding(tx: Tx): Promise<AgentRow[]> {
  const found = await sql<AgentRow>`select ${columns} from ${from} where a.kind = 'agent' and a.desired <> 'gone'
    order by a.is_head desc, a.created_at, a.name`.execute(tx.queries);
  return found.rows;
}

export async function selectAgentByName(tx: Tx, name: string, lock = false): Promise<AgentRow | null> {
  const found =
    await sql<AgentRow>`select ${columns} from ${from} where a.name = ${name} ${lock ? sql`for no key update of a` : sql``}`.execute(
      tx.queries,
    );
  return found.rows[0] ?? null;
}

/** As much of an agent as who writes to it needs: without its profile, which is long. */
export type AgentName = Pick<AgentRow, "id" | "name" | "desired">;

export async function selectAgentNames(tx: Tx, names: readonly string[]): Promise<AgentName[]> {
  const found = await sql<AgentName>`select id, name, desired from agents where name = any(${[...names]}::text[])`.execute(
    tx.queries,
  );
  return found.rows;
}

/** The standing members of a group but one. */
export async function selectGroup(tx: Tx, group: "all" | "head" | "clevel", but: string): Promise<AgentName[]> {
  const member = { all: sql`true`, head: sql`is_head`, clevel: sql`is_council` }[group];
  const found = await sql<AgentName>`select id, name, desired from agents
    where kind = 'agent' and desired <> 'gone' and name <> ${but} and ${member} order by is_head desc, created_at, name`.execute(
    tx.queries,
  );
  return found.rows;
}

export async function selectAgentById(tx: Tx, id: string, lock = false): Promise<AgentRow | null> {
  const found =
    await sql<AgentRow>`select ${columns} from ${from} where a.id = ${id} ${lock ? sql`for no key update of a` : sql``}`.execute(
      tx.queries,
    );
  return found.rows[0] ?? null;
}

/** The agent of this epoch, locked, unless that incarnation is over. */
export async function lockSpeaker(tx: Tx, speaker: { agentId: string; epoch: number }): Promise<AgentRow | null> {
  const found = await sql<AgentRow>`select ${columns} from ${from} where a.id = ${speaker.agentId} and a.epoch = ${speaker.epoch}
      and a.status not in ('error', 'inactive') for no key update of a`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** Whether this incarnation is the current one and not over. Locks nothing. */
export async function isCurrent(tx: Tx, speaker: { agentId: string; epoch: number }): Promise<boolean> {
  const found = await sql`select 1 from agents where id = ${speaker.agentId} and epoch = ${speaker.epoch}
      and status not in ('error', 'inactive')`.execute(tx.queries);
  return found.rows.length === 1;
}

export async function insertAgent(
  tx: Tx,
  agent: Pick<
    AgentRow,
    | "id"
    | "type"
    | "name"
    | "profile_path"
    | "loop_interval"
    | "git_repo"
    | "git_filter"
    | "kind"
    | "department"
    | "is_head"
    | "is_council"
    | "profile"
    | "profile_markdown"
    | "model"
    | "parent_agent_id"
    | "task_id"
    | "client_id"
    | "depth"
  >,
): Promise<void> {
  await sql`insert into agents (id, company_id, type, name, profile_path, loop_interval, git_repo, git_filter, kind, department,
      is_head, is_council, profile, profile_markdown, model, parent_agent_id, task_id,
      client_id, depth, created_at, updated_at)
    values (${agent.id}, ${tx.companyId}, ${agent.type}, ${agent.name}, ${agent.profile_path}, ${agent.loop_interval},
      ${agent.git_repo}, ${agent.git_filter}, ${agent.kind}, ${agent.department}, ${agent.is_head}, ${agent.is_council},
      ${JSON.stringify(agent.profile)}::jsonb, ${agent.profile_markdown}, ${agent.model}, ${agent.parent_agent_id}, ${agent.task_id},
      ${agent.client_id}, ${agent.depth}, ${tx.now}, ${tx.now})`.execute(tx.queries);
}

/** What a new fleet revision changes of a standing agent; its life (epoch, status) stays. */
export async function updateAgentDefinition(
  tx: Tx,
  agent: Pick<
    AgentRow,
    | "name"
    | "profile_path"
    | "loop_interval"
    | "git_repo"
    | "git_filter"
    | "department"
    | "is_head"
    | "is_council"
    | "profile"
    | "profile_markdown"
    | "model"
    | "client_id"
  >,
): Promise<void> {
  await sql`update agents set profile_path = ${agent.profile_path}, loop_interval = ${agent.loop_interval},
      git_repo = ${agent.git_repo}, git_filter = ${agent.git_filter}, department = ${agent.department}, is_head = ${agent.is_head},
      is_council = ${agent.is_council}, profile = ${JSON.stringify(agent.profile)}::jsonb,
      profile_markdown = ${agent.profile_markdown}, model = ${agent.model}, client_id = ${agent.client_id},
      desired = case when held = 'stopped' then 'stopped' else 'running' end, updated_at = ${tx.now}
    where name = ${agent.name}`.execute(tx.queries);
}

/** Sets the named columns of one agent; every key of `set` is a column of AgentRow. */
export async function updateAgent(
  tx: Tx,
  id: string,
  set: Partial<
    Pick<
      AgentRow,
      | "status"
      | "status_reason"
      | "container_id"
      | "last_heartbeat"
      | "desired"
      | "held"
      | "held_by"
      | "held_at"
      | "doing"
      | "epoch"
      | "restarts"
      | "failures"
      | "unbegun"
      | "failed_runs"
      | "replacing"
      | "change_digest"
      | "retry_at"
      | "started_at"
      | "next_wake_at"
      | "next_wake_reason"
    >
  >,
): Promise<void> {
  const assignments = Object.entries(set).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  await sql`update agents set ${sql.join([...assignments, sql`updated_at = ${tx.now}`])} where id = ${id}`.execute(tx.queries);
}

/** All of them; who was stopped alone stays so until it is started, or `releaseHeld`. */
export async function setDesired(tx: Tx, desired: AgentRow["desired"]): Promise<void> {
  const wanted = desired === "running" ? sql`case when held = 'stopped' then 'stopped' else 'running' end` : sql`${desired}`;
  await sql`update agents set desired = ${wanted}, updated_at = ${tx.now} where desired <> 'gone'`.execute(tx.queries);
}

/** Who starts all of them starts those, too, that were stopped one by one; what is paused stays so. */
export async function releaseHeld(tx: Tx): Promise<void> {
  await sql`update agents set held = null, held_by = null, held_at = null, updated_at = ${tx.now} where held = 'stopped'`.execute(
    tx.queries,
  );
}

/** Records a heartbeat of the current incarnation only. Returns false when the epoch is stale. */
export async function beat(
  tx: Tx,
  input: { agentId: string; epoch: number; doing: string | null; progress: number },
): Promise<{ desired: AgentRow["desired"]; wasActive: boolean; moved: boolean } | null> {
  const found = await sql<{ desired: AgentRow["desired"]; was: string; moved: boolean }>`with old as (
      select id, status as was, progress as was_at from agents
      where id = ${input.agentId} for no key update)
    update agents set last_heartbeat = ${tx.now}, doing = ${input.doing}, progress = ${input.progress}, status = 'active',
      status_reason = null, updated_at = ${tx.now}
    from old where agents.id = old.id and agents.epoch = ${input.epoch} and agents.status in ('starting', 'active')
    returning agents.desired, old.was, old.was_at <> agents.progress as moved`.execute(tx.queries);
  const row = found.rows[0];
  return row ? { desired: row.desired, wasActive: row.was === "active", moved: row.moved } : null;
}

/** Workers in a container whose life began before `before`. */
export async function selectWorkersSince(
  tx: Tx,
  before: Date,
): Promise<{ id: string; type: string; epoch: number; started_at: Date }[]> {
  const found = await sql<{
    id: string;
    type: string;
    epoch: number;
    started_at: Date;
  }>`select id, type, epoch, started_at from agents
    where kind = 'worker' and desired = 'running' and status in ('starting', 'active') and started_at < ${before}`.execute(
    tx.queries,
  );
  return found.rows;
}

export interface SessionRow {
  id: string;
  agent_id: string;
  epoch: number;
  token_hash: string;
  session_hash: string | null;
  created_at: Date;
  hello_at: Date | null;
  revoked_at: Date | null;
  redis_user: string | null;
  redis_password_hash: string | null;
  /** When the present session began. */
  session_at: Date | null;
  /** The session before it, good until `previous_until`. */
  previous_hash: string | null;
  previous_until: Date | null;
  container_key: string | null;
}

export async function insertSession(
  tx: Tx,
  session: { id: string; agentId: string; epoch: number; tokenHash: string },
): Promise<void> {
  await sql`insert into sessions (id, company_id, agent_id, epoch, token_hash, created_at)
    values (${session.id}, ${tx.companyId}, ${session.agentId}, ${session.epoch}, ${session.tokenHash}, ${tx.now})`.execute(
    tx.queries,
  );
}

export async function revokeSessions(tx: Tx, agentId: string): Promise<void> {
  await sql`update sessions set revoked_at = ${tx.now} where agent_id = ${agentId} and revoked_at is null`.execute(tx.queries);
}

/** Spends a one-time token: only once, only for its epoch, only while it is not revoked. */
export async function spendToken(
  tx: Tx,
  input: {
    tokenHash: string;
    epoch: number;
    sessionHash: string;
    redisUser: string;
    redisPasswordHash: string;
    containerKey?: string | null | undefined;
  },
): Promise<SessionRow | null> {
  const found = await sql<SessionRow>`update sessions set hello_at = ${tx.now}, session_hash = ${input.sessionHash},
      session_at = ${tx.now}, container_key = ${input.containerKey ?? null}, redis_user = ${input.redisUser}, redis_password_hash = ${input.redisPasswordHash}
    where token_hash = ${input.tokenHash} and epoch = ${input.epoch} and hello_at is null and revoked_at is null
    returning *`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function selectSessionByToken(tx: Tx, tokenHash: string): Promise<SessionRow | null> {
  const found = await sql<SessionRow>`select * from sessions where token_hash = ${tokenHash}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/**
 * Puts the next session in place of the one that asks, which may be the present one or, within its overlap, the one before (its
 * answer was lost). An overlap that runs is never made longer. False when the one that asks is over.
 */
export async function rotateSession(
  tx: Tx,
  input: { agentId: string; epoch: number; askedHash: string; nextHash: string; redisPasswordHash: string; overlapUntil: Date },
): Promise<boolean> {
  const { askedHash } = input;
  const found = await sql`update sessions set session_hash = ${input.nextHash}, session_at = ${tx.now},
      redis_password_hash = ${input.redisPasswordHash}, previous_hash = ${askedHash},
      previous_until = case when session_hash = ${askedHash} then ${input.overlapUntil}::timestamptz else previous_until end
    where agent_id = ${input.agentId} and epoch = ${input.epoch} and revoked_at is null
      and (session_hash = ${askedHash} or (previous_hash = ${askedHash} and previous_until > ${tx.now}))
    returning id`.execute(tx.queries);
  return found.rows.length === 1;
}

/** What the function `aito_session` answers; times as ISO text. */
export interface AuthenticatedRow {
  agent_id: string;
  epoch: number;
  session_hash: string | null;
  created_at: string;
  hello_at: string | null;
  session_at: string | null;
  revoked_at: string | null;
  previous_until: string | null;
  container_key: string | null;
  name: string;
  type: string;
  kind: AgentKind;
  is_head: boolean;
  is_council: boolean;
  task_id: string | null;
  parent_name: string | null;
  current_epoch: number;
  model: string;
  container_id: string | null;
  /** Whether any kill switch of the company is on; which one and whom it covers is asked only then. */
  any_stop: boolean;
  fleet_revision: number | null;
}

/** An agent's newest sessions; what they are made of stays in the database. */
export async function selectSessionsOf(
  tx: Tx,
  agentId: string,
  limit: number,
): Promise<
  Omit<
    SessionRow,
    "id" | "agent_id" | "token_hash" | "session_hash" | "previous_hash" | "previous_until" | "redis_password_hash"
  >[]
> {
  const found =
    await sql<SessionRow>`select epoch, created_at, hello_at, session_at, revoked_at, container_key, redis_user from sessions
    where agent_id = ${agentId} order by epoch desc limit ${limit}`.execute(tx.queries);
  return found.rows;
}
