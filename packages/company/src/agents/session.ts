import { AitoError } from "@aito/base";
import { channels } from "@aito/protocol";
import { selectApproval } from "../approvals/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { extendLease } from "../runs/queries.ts";
import { callStop, refuseStopped, runStop, stopsOf } from "../kill-switches/find-stop.ts";
import { selectActive } from "../kill-switches/queries.ts";
import { runLeaseMs } from "../runs/run-limits.ts";
import { agentRowById } from "./agent-row.ts";
import { holdSpeaker, staleError } from "./speaker.ts";
import {
  type AgentRow,
  type AuthenticatedRow,
  beat,
  isCurrent,
  selectSessionByToken,
  rotateSession,
  spendToken,
  updateAgent,
} from "./queries.ts";
import { type LiveUser, selectLiveRedisUsers } from "./live-queries.ts";

/** Who speaks, as the gateway knows it from the session: never from what the request says. */
export interface AgentSession {
  agentId: string;
  agent: string;
  role: string;
  kind: "agent" | "worker";
  epoch: number;
  isHead: boolean;
  isCouncil: boolean;
  taskId: string | null;
  parentAgent: string | null;
  model: string;
  /** Null until the orchestrator has recorded it. */
  containerId: string | null;
  /** The fleet file's revision when it was asked for; what is kept of it elsewhere is good for that one. */
  fleetRevision?: number | null;
  /** The public key that this session's requests are signed with; null where hello brought none. */
  containerKey?: string | null;
  /** Not asked about this time: nothing is told or written for it but by the statement that holds it against this. */
  unasked?: SessionStamp;
}

/** A session as the record had it when it was asked; as long as nothing of this changes, who brings `hash` is let in. */
export interface SessionStamp {
  hash: string;
  row: AuthenticatedRow;
  goodUntil: Date;
}

/** No session is older than an hour; one that was replaced stands a minute for what is under way. */
export interface SessionLife {
  lifeMs: number;
  overlapMs: number;
}
export const sessionLife: SessionLife = { lifeMs: 3_600_000, overlapMs: 60_000 };

export interface HelloAgent extends AgentSession {
  profileMarkdown: string;
  redisUser: string;
}

/**
 * Spends the one-time token. Errors: AITO_AGENT_TOKEN (401) for an unknown, spent or revoked one, AITO_AGENT_STALE (409),
 * AITO_STOPPED (423).
 */
export async function hello(
  deps: CompanyDeps,
  input: {
    tokenHash: string;
    epoch: number;
    sessionHash: string;
    redisPasswordHash: string;
    containerKey?: string | null | undefined;
  },
): Promise<HelloAgent> {
  return await transact(deps, async (unit) => {
    const known = await selectSessionByToken(unit, input.tokenHash);
    const agent = known ? await agentRowById(unit, known.agent_id, { lock: true }) : null;
    if (agent && known && agent.epoch !== known.epoch) throw staleError(agent.name, known.epoch, agent.epoch);
    if (agent) refuseStopped((await stopsOf(unit, [agent])).get(agent.id));
    const redisUser = agent ? `agent:${agent.name}:${agent.epoch}` : "";
    const session = agent ? await spendToken(unit, { ...input, redisUser }) : null;
    if (!agent || !session) {
      throw new AitoError("AITO_AGENT_TOKEN", "the one-time token is unknown, already spent, or revoked", {
        hint: "the orchestrator gives each container a token of its own; this one must be started anew",
        status: 401,
      });
    }
    // Failures in a row are not forgotten here: an agent that dies after each hello is a crash loop, too. A good life ends the count.
    await updateAgent(unit, agent.id, { status: "active", status_reason: null, last_heartbeat: unit.now, retry_at: null });
    await unit.event({ type: "agent.active", source: "system", target: agent.name, payload: { epoch: agent.epoch } });
    await unit.ring(channels.orchestrator, { reason: "active", agent: agent.name });
    return { ...sessionOf(agent), profileMarkdown: agent.profile_markdown, redisUser };
  });
}

/** The present incarnation as who speaks. */
export const sessionOf = (agent: AgentRow): AgentSession => ({
  agentId: agent.id,
  agent: agent.name,
  role: agent.type,
  kind: agent.kind,
  epoch: agent.epoch,
  isHead: agent.is_head,
  isCouncil: agent.is_council,
  taskId: agent.task_id,
  parentAgent: agent.parent_name,
  model: agent.model,
  containerId: agent.container_id,
});

/**
 * Errors: AITO_AGENT_SESSION (401) for an unknown, replaced, expired or revoked session, AITO_AGENT_STALE (409) for an earlier
 * epoch's, AITO_STOPPED (423) for an agent that a kill switch covers.
 */
export const authenticate = async (deps: CompanyDeps, sessionHash: string, life = sessionLife): Promise<AgentSession> =>
  (await askSession(deps, sessionHash, life)).session;

/** The same, with what it was let in on; null while any kill switch is on. */
export async function askSession(
  deps: CompanyDeps,
  sessionHash: string,
  life: SessionLife = sessionLife,
): Promise<{ session: AgentSession; stamp: SessionStamp | null }> {
  const row = await sessionRow(deps, sessionHash);
  if (!row) {
    throw new AitoError("AITO_AGENT_SESSION", "no such session", {
      hint: "say hello with the one-time token first",
      status: 401,
    });
  }
  if (row.epoch !== row.current_epoch) throw staleError(row.name, row.epoch, row.current_epoch);
  if (row.revoked_at) throw new AitoError("AITO_AGENT_SESSION", "this session was revoked", { status: 401 });
  const goodUntil =
    row.session_hash === sessionHash
      ? Date.parse(row.session_at ?? row.hello_at ?? row.created_at) + life.lifeMs
      : row.previous_until === null
        ? 0
        : Date.parse(row.previous_until);
  if (deps.clock.now().getTime() >= goodUntil) {
    throw new AitoError("AITO_AGENT_SESSION", "this session is over: it was not renewed in time, or replaced", { status: 401 });
  }
  if (row.any_stop) {
    const { agent_id: id } = row;
    const stops = await deps.db.transaction({ companyId: deps.companyId }, async (tx) =>
      stopsOf(tx, [await agentRowById(tx, id)]),
    );
    refuseStopped(stops.get(id));
  }
  return {
    session: sessionIn(row),
    stamp: row.any_stop ? null : { hash: sessionHash, row, goodUntil: new Date(goodUntil) },
  };
}

/** Whether a session is as it was when it was asked. */
export async function sessionStands(deps: CompanyDeps, { hash, row, goodUntil }: SessionStamp): Promise<boolean> {
  const now = await sessionRow(deps, hash);
  return deps.clock.now() < goodUntil && JSON.stringify(now) === JSON.stringify(row);
}

const sessionRow = (deps: CompanyDeps, hash: string): Promise<AuthenticatedRow | null> =>
  deps.db.call<AuthenticatedRow | null>(deps.companyId, "aito_session", { hash });

const sessionIn = (row: AuthenticatedRow): AgentSession => ({
  agentId: row.agent_id,
  agent: row.name,
  role: row.type,
  kind: row.kind,
  epoch: row.epoch,
  isHead: row.is_head,
  isCouncil: row.is_council,
  taskId: row.task_id,
  parentAgent: row.parent_name,
  model: row.model,
  containerId: row.container_id,
  containerKey: row.container_key,
  fleetRevision: row.fleet_revision,
});

/**
 * Replaces the session that asks by the next one, with the next password of its bus user. Errors: AITO_AGENT_SESSION (401) when the
 * one that asks is over, AITO_AGENT_STALE.
 */
export async function renewSession(
  deps: CompanyDeps,
  session: AgentSession,
  input: { askedHash: string; nextHash: string; redisPasswordHash: string; overlapMs: number },
): Promise<void> {
  await transact(deps, async (unit) => {
    await fence(unit, session);
    const overlapUntil = new Date(unit.now.getTime() + input.overlapMs);
    if (await rotateSession(unit, { ...input, agentId: session.agentId, epoch: session.epoch, overlapUntil })) return;
    throw new AitoError("AITO_AGENT_SESSION", "this session is over and cannot be renewed", { status: 401 });
  });
}

/** Still alive, doing this. `stop` tells the agent to end after its run. Error: AITO_AGENT_STALE. */
export async function heartbeat(
  deps: CompanyDeps,
  session: AgentSession,
  input: { doing: string | null; progress: number },
): Promise<{ stop: boolean }> {
  return await transact(deps, async (unit) => {
    const seen = await beat(unit, { agentId: session.agentId, epoch: session.epoch, ...input });
    if (!seen) {
      const agent = await agentRowById(unit, session.agentId);
      if (agent.epoch !== session.epoch) throw staleError(session.agent, session.epoch, agent.epoch);
      return { stop: true };
    }
    if (seen.moved) {
      const until = new Date(unit.now.getTime() + runLeaseMs);
      await extendLease(unit, { agentId: session.agentId, epoch: session.epoch, until });
    }
    return { stop: seen.desired !== "running" };
  });
}

/** One heartbeat of a session that was authenticated before. */
export interface Beat {
  session: AgentSession;
  sessionHash: string;
  doing: string | null;
  progress: number;
}

/**
 * The same for many in one statement, each of a session that was authenticated before: it is asked there again whether it still stands.
 * Answers in order; null where it does not, where somebody holds the agent, or when a kill switch is on: then `authenticate` and
 * `heartbeat` say what is the matter.
 */
export async function beatMany(deps: CompanyDeps, beats: Beat[], life = sessionLife): Promise<({ stop: boolean } | null)[]> {
  const now = deps.clock.now().getTime();
  const answers = await deps.db.call<({ desired: AgentRow["desired"] } | null)[]>(
    deps.companyId,
    "aito_beat",
    beats.map(({ session, sessionHash, doing, progress }) => ({
      session: sessionHash,
      notBefore: new Date(now - life.lifeMs),
      agent: session.agentId,
      epoch: session.epoch,
      doing,
      progress,
      leaseUntil: new Date(now + runLeaseMs),
    })),
  );
  return answers.map((answer) => answer && { stop: answer.desired !== "running" });
}

/**
 * The speaker's row, fenced: first call of every use case that writes for an agent. Where the caller's deps are bound to the session
 * (`speakingFor`) the transaction was fenced when it began. Error: AITO_AGENT_STALE.
 */
export async function fence(unit: Unit, session: AgentSession): Promise<AgentRow> {
  const held = unit.speaker;
  return held?.id === session.agentId && held.epoch === session.epoch ? held : await holdSpeaker(unit, session);
}

/**
 * The same deps for everything that is done for this session: each of their transactions holds the incarnation first, so that no
 * use case can forget it. `inRun`: a kill switch on a task that its run is about, or on the `task` that they are for, refuses them too (AITO_STOPPED).
 */
export const speakingFor = (
  deps: CompanyDeps,
  session: AgentSession,
  options: { inRun?: boolean; task?: string | null } = {},
): CompanyDeps => ({
  ...deps,
  speaker: { ...session, ...options },
});

/**
 * For what happens outside the database: AITO_AGENT_STALE unless the session's incarnation is still the current one, AITO_STOPPED when
 * a kill switch covers it or what its run is about; with `approval`, what that call was asked for instead.
 */
export async function requireCurrent(deps: CompanyDeps, session: AgentSession, approval?: string): Promise<void> {
  await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    if (!(await isCurrent(tx, session))) await holdSpeaker(tx, session);
    if ((await selectActive(tx)).length === 0) return;
    const call = approval === undefined ? null : await selectApproval(tx, approval);
    refuseStopped(call ? await callStop(tx, call) : await runStop(tx, await agentRowById(tx, session.agentId)));
  });
}

/** Redis users of live sessions, with their hashes: made again when Redis restarted empty. */
export async function liveRedisUsers(deps: CompanyDeps): Promise<LiveUser[]> {
  return await deps.db.transaction({ companyId: deps.companyId }, (tx) => selectLiveRedisUsers(tx));
}
