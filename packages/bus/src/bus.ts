import type { AgentStatusHash } from "@aito/protocol";

/** Something open that must be closed by whoever opened it. */
export interface Closable {
  close(): Promise<void>;
}

export type OnMessage = (channel: string, body: string) => void;

/**
 * The bus port. Adapters: redis, memory. Nothing on it is the truth: what is lost here is rung, hinted or written again from
 * Postgres. Names come from `@aito/protocol`.
 *
 * Errors: AITO_BUS_UNAVAILABLE (fate retry) when Redis cannot be reached or gives no answer within `commandMsMax`;
 * AITO_BUS_REFUSED (fate human) when Redis refuses the credentials or the command.
 */
export interface Bus {
  readonly kind: "redis" | "memory";

  /** At most once, to whoever listens at this moment. */
  publish(channel: string, body: string): Promise<void>;
  /** Resolves when subscribed; resubscribes by itself after a lost connection and then calls `onReconnect`. */
  subscribe(channels: string[], onMessage: OnMessage, onReconnect?: () => void): Promise<Closable>;

  setStatus(agent: string, status: AgentStatusHash, ttlMs: number): Promise<void>;
  /** The same for many agents, in one command. */
  setStatuses(statuses: ReadonlyMap<string, AgentStatusHash>, ttlMs: number): Promise<void>;
  getStatus(agent: string): Promise<AgentStatusHash | null>;
  clearStatus(agent: string): Promise<void>;
  /** Removes every key that is kept for an agent: its status, hints and rate limit. For workers that are gone for good. */
  forgetAgent(agent: string): Promise<void>;

  /** Notes that work waits. `agent` null is the urgent queue. The id is the work's; noting it twice changes nothing. */
  addHint(agent: string | null, workId: string, priority: number): Promise<void>;
  removeHint(agent: string | null, workId: string): Promise<void>;
  /** Ids of the waiting hints, the highest priority first, at most `hintsMax`. */
  hints(agent: string | null): Promise<string[]>;
  /** Hands each urgent hint to `handle`, one at a time, at least once; the hint is gone afterwards, failed or not. */
  consumeUrgent(handle: (workId: string) => Promise<void>): Promise<Closable>;

  /**
   * A background job, done at least once and retried with backoff up to `attempts` (default 3). While a job of this name and
   * id waits or runs, adding it again changes nothing.
   */
  addJob(name: string, id: string, data: Record<string, unknown>, options?: JobOptions): Promise<void>;
  consumeJobs(name: string, handle: JobHandler, options?: { concurrency?: number }): Promise<Closable>;

  /** Takes one token of the agent's bucket for model calls, which starts full; as many as `count` if they are there. */
  takeToken(agent: string, options: { capacity: number; perSecond: number; count?: number }): Promise<TokenAnswer>;

  /** True when `owner` holds the lock afterwards (again, if it did before; the time starts anew). Avoids wasted work only. */
  tryLock(key: string, owner: string, ttlMs: number): Promise<boolean>;
  /** Frees the lock if `owner` holds it. */
  unlock(key: string, owner: string): Promise<void>;

  /** Makes or changes the bus user of one incarnation: it may subscribe to these channels and nothing else. */
  ensureAgentUser(user: AgentUser): Promise<void>;
  /** Also ends the user's connections. */
  removeAgentUser(name: string): Promise<void>;
  /** Names of all users that `ensureAgentUser` made. */
  agentUsers(): Promise<string[]>;
  /** Changes when the server was restarted, that is, when its users and hints may be gone. */
  serverRunId(): Promise<string>;

  /** What the server refused to its users lately: a wrong password, a command, key or channel that is not theirs. At most 128. */
  refusals(): Promise<BusRefusal[]>;

  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface BusRefusal {
  /** As the client named itself, also where there is no such user. */
  user: string;
  /** `auth`, `command`, `key` or `channel`. */
  reason: string;
  /** The command, key or channel. */
  object: string;
  count: number;
  /** When it was refused last, by the server's clock. */
  atMs: number;
}

export interface JobOptions {
  delayMs?: number;
  attempts?: number;
}

export type JobHandler = (data: Record<string, unknown>, id: string) => Promise<void>;

export type TokenAnswer = { ok: true; taken: number } | { ok: false; retryAfterMs: number };

export interface AgentUser {
  /** `agent:<name>:<epoch>`; other names are refused. */
  name: string;
  /** SHA-256 of the password, in hex. */
  passwordHash: string;
  channels: string[];
}

export const commandMsMax = 2_000;
export const hintsMax = 1_000;
export const jobAttemptsDefault = 3;
/** The wait before a job's second attempt; it doubles with each further one. */
export const jobBackoffMs = 1_000;
