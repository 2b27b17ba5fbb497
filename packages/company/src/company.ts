import { type Clock, type CrashPoint, inSpan } from "@aito/base";
import { type Database, last, type Role, type Statement, together, type Tx } from "@aito/db";
import type { AgentRow } from "./agents/queries.ts";
import { holdSpeaker, type Speaker } from "./agents/speaker.ts";
import { channels, type Embedder } from "@aito/protocol";
import { insertEvents } from "./audit/queries.ts";
import { type NewEvent, storedEvent, type StoredEvent } from "./audit/stored-event.ts";
import type { SearchStatistics } from "./memory/search/statistics.ts";
import { insertOutbox, markPublished, type OutboxRow } from "./outbox/queries.ts";
import { checkTerm } from "./terms/check-term.ts";

/** Who asked from outside, and from where; `operator` null: nobody who is signed in. */
export interface EventOrigin {
  operator: string | null;
  address: string;
}

/** What every use case is given. Built once by a program's composition root. */
export interface CompanyDeps {
  db: Database;
  companyId: string;
  clock: Clock;
  newId: () => string;
  /**
   * Publishes what a transaction put into the outbox, right after its commit. A failure loses nothing: rows that stay
   * unmarked are published again by the orchestrator's relay.
   */
  deliver: (rows: OutboxRow[]) => Promise<void>;
  /**
   * For the orchestrator: the term under which it acts, null when it has none. Every use case then checks it in its transaction
   * (AITO_TERM_LOST), so that a leader that was stopped for a while writes nothing under a term that has passed to another.
   */
  lead?: () => { holder: string; term: bigint } | null;
  /**
   * For the gateway: the incarnation for which it acts (`speakingFor`). Every use case then holds its row in its transaction
   * (AITO_AGENT_STALE), so that nothing is written for one that a newer incarnation has replaced in the meantime.
   */
  speaker?: Speaker;
  /** Turns texts into vectors, never within a transaction; without it likeness and search go by words. */
  embedder?: Embedder;
  /** Remembers how common words are between searches; without it each search counts them. */
  searchStatistics?: SearchStatistics;
  /** Whether the scripted model runs the company: deadlines are 20 s a round then. */
  rehearsal: boolean;
  /** For the console: who asks for the change under way, and from where. Every event of it says so (`origin` in its payload). */
  origin?: () => EventOrigin | null;
  /** Where this program is made to die, in tests of recovery only. */
  crashPoint?: CrashPoint;
  /** Within `inOneTransaction`: use cases join its transaction instead of beginning one of their own. */
  within?: Joined;
}

/** A transaction that use cases join. */
export interface Joined {
  run<T>(useCase: (unit: Unit) => Promise<T>): Promise<T>;
}

/** One transaction of the company: reads, writes, audit events and doorbells succeed or fail together. */
export interface Unit extends Tx {
  newId(): string;
  readonly rehearsal: boolean;
  /** The row of `deps.speaker`, locked and fenced. */
  readonly speaker: AgentRow | null;
  /**
   * Writes rows that nothing in this transaction reads or changes again: they go out together, in one statement before the
   * commit. A key that they break is therefore said at the end.
   */
  write(statement: Statement): void;
  /** Sends what `write` was given, for a reader that follows in the same transaction. */
  flush(): Promise<void>;
  /** Adds an audit event. `type` reads like `decision.opened`; the payload holds text, whole numbers, arrays and objects. */
  event(event: NewEvent): Promise<void>;
  /** Rings a channel after the commit. */
  ring(channel: string, body: Record<string, unknown>): Promise<void>;
  /** Adds a queue hint for a work item after the commit; `agent` null means the urgent queue. */
  hint(agent: string | null, workId: string, priority: number): Promise<void>;
}

/** What a use case writes without reading it again; the queries of such rows take this and not a transaction. */
export type Writer = Pick<Unit, "companyId" | "now" | "write">;

/** How many writes one statement carries. */
const writesMax = 50;
const attemptsMax = 5;
const retryMs = 20;

/**
 * Runs a use case in one transaction and delivers its doorbells after the commit. Of two that wait for each other's rows Postgres
 * ends one: nothing of it was stored, so it is run again from the start, a few times. `run` must therefore keep nothing of its own.
 * Within `inOneTransaction` it is a part of that one.
 */
export async function transact<T>(deps: CompanyDeps, run: (unit: Unit) => Promise<T>, role: Role = "aito_app"): Promise<T> {
  if (deps.within) return await deps.within.run(run);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inSpan("company.transaction", {}, () => transactOnce(deps, run, role));
    } catch (error) {
      if (attempt >= attemptsMax || !isDeadlock(error)) throw error;
      await deps.clock.sleep(retryMs * attempt);
    }
  }
}

const isDeadlock = (error: unknown): boolean => {
  const code = (error as { code?: unknown }).code;
  return code === "40P01" || code === "40001";
};

async function transactOnce<T>(deps: CompanyDeps, run: (unit: Unit) => Promise<T>, role: Role): Promise<T> {
  const rows: OutboxRow[] = [];
  const events: StoredEvent[] = [];
  const writes: Statement[] = [];
  const result = await deps.db.transaction({ companyId: deps.companyId, role }, async (tx) => {
    const queue = (kind: OutboxRow["kind"], target: string, body: Record<string, unknown>): Promise<void> => {
      rows.push({ id: deps.newId(), kind, target, body: JSON.stringify(body) });
      return Promise.resolve();
    };
    if (deps.lead) await checkTerm(tx, deps.lead());
    const unit: Unit = {
      ...tx,
      newId: deps.newId,
      rehearsal: deps.rehearsal,
      speaker: deps.speaker ? await holdSpeaker(tx, deps.speaker) : null,
      write: (statement) => void writes.push(statement),
      flush: async () => {
        while (writes.length > 0) await together(writes.splice(0, writesMax)).execute(tx.queries);
      },
      event: (event) => {
        events.push(storedEvent(tx, deps.newId(), withOrigin(event, deps.origin?.() ?? null)));
        return Promise.resolve();
      },
      ring: (channel, body) => queue("channel", channel, body),
      hint: (agent, workId, priority) => queue("hint", agent ?? "", { workId, priority }),
    };
    const value = await run(unit);
    // Last before the commit, and all together: a use case costs one round trip for them, however much it says.
    if (events.length > 0) {
      insertEvents(unit, events);
      await queue("channel", channels.console, { events: events.map(({ id, type }) => ({ id, type })) });
    }
    if (rows.length > 0) insertOutbox(unit, rows);
    if (writes.length > writesMax) await unit.flush();
    else if (writes.length > 0) await last(together(writes.splice(0))).execute(tx.queries);
    deps.crashPoint?.("commit.before");
    return value;
  });
  deps.crashPoint?.("commit.after");
  if (rows.length > 0) void deliverNow(deps, rows);
  return result;
}

const withOrigin = (event: NewEvent, origin: EventOrigin | null): NewEvent =>
  origin === null ? event : { ...event, payload: { ...event.payload, origin: { ...origin } } };

async function deliverNow(deps: CompanyDeps, rows: OutboxRow[]): Promise<void> {
  try {
    await deps.deliver(rows);
    deps.crashPoint?.("deliver.after");
    await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
      markPublished(
        tx,
        rows.map((row) => row.id),
      ),
    );
  } catch {
    // Left unmarked on purpose: the relay publishes these rows again within a second or two.
  }
}
