import { AitoError, type Clock, errorText, isAitoError, type Logger } from "@aito/base";
import type { HeldBreaker } from "@aito/company";
import { GithubLimit } from "@aito/connectors";
import type { BreakerView } from "@aito/protocol";
import { type Breaker, makeBreaker } from "../model/breaker.ts";
import { OutsideFailure } from "./server-line.ts";

const namedMax = 2_000;

/** Where gateways tell each other, and the next one, what is to be left alone. */
export interface BreakerRecord {
  hold(held: HeldBreaker): Promise<void>;
  release(name: string): Promise<void>;
  all(): Promise<HeldBreaker[]>;
}

/**
 * What stands before each outside system and each tool of one; the rule is the one of models. Each gateway counts in memory, and puts on
 * record what it leaves alone: what another one found out holds here from the next `learn` on. Each may then try once.
 */
export interface Breakers {
  /**
   * Takes over what is on record, and closes what another gateway closed. `isKnown`: what is asked at all; the record of anything else is
   * taken away.
   */
  learn(isKnown: (name: string) => boolean): Promise<void>;
  /** Waits for what is being put on record. */
  settled(): Promise<void>;
  /** Whether calls may go now, with why not. */
  closedProblem(names: readonly string[]): AitoError | null;
  /**
   * Steps behind the breaker of this name; what is returned is told once how it went (null: well). Error: AITO_TOOL_BROKEN while it is
   * open.
   */
  enter(name: string): (error: unknown) => void;
  /**
   * Runs a step behind the breaker of this name, and tells it how that went: a failure counts, a refusal in plain words does not.
   * Error: AITO_TOOL_BROKEN while it is open.
   */
  through<T>(name: string, step: () => Promise<T>): Promise<T>;
  view(name: string): BreakerView;
  /** How many are open now. */
  openNames(): string[];
}

interface Named {
  name: string;
  breaker: Breaker;
  lastError: string | null;
  /** What is on record of it; null: nothing. */
  recorded: string | null;
  /** Grows with each change of the record: what was read before one is not what stands after it. */
  changes: number;
  /** Writes that are under way. */
  pending: number;
  writing: Promise<void>;
}

interface Options {
  clock: Clock;
  random: () => number;
  log: Logger;
  record: BreakerRecord;
}

export function makeBreakers(options: Options): Breakers {
  const { clock } = options;
  const all = new Map<string, Named>();
  const named = (name: string): Named => {
    const known = all.get(name);
    if (known) return known;
    if (all.size >= namedMax) all.delete(all.keys().next().value!);
    const breaker = makeBreaker(options);
    const made: Named = { name, breaker, lastError: null, recorded: null, changes: 0, pending: 0, writing: Promise.resolve() };
    all.set(name, made);
    return made;
  };
  const now = (): number => clock.now().getTime();
  const enter = (name: string) => {
    const entry = named(name);
    const wait = entry.breaker.enter();
    if (wait > 0) throw broken(name, entry, { now: now(), wait });
    let over = false;
    return (error: unknown): void => {
      if (over) return;
      over = true;
      tell(entry, error);
      putOnRecord(entry, options);
    };
  };
  return {
    learn: async (isKnown) => {
      const before = new Map([...all].map(([name, { changes, pending }]) => [name, pending > 0 ? null : changes]));
      const held = new Map((await options.record.all()).map((one) => [one.name, one]));
      // What this gateway itself is putting on record was read too early.
      const isOurs = ({ name, changes }: Named): boolean => changes !== (before.has(name) ? before.get(name) : 0);
      for (const one of held.values()) {
        if (!isKnown(one.name)) await options.record.release(one.name);
        else if (!isOurs(named(one.name))) adopt(named(one.name), one);
      }
      for (const entry of all.values()) {
        if (isOurs(entry) || entry.recorded === null || held.has(entry.name)) continue;
        // Another gateway found that it answers.
        entry.breaker.succeeded();
        entry.lastError = null;
        entry.recorded = null;
      }
    },
    settled: async () => void (await Promise.all([...all.values()].map(({ writing }) => writing))),
    closedProblem: (names) => {
      for (const name of names) {
        const entry = all.get(name);
        const wait = entry?.breaker.waitMs() ?? 0;
        if (entry && wait > 0) return broken(name, entry, { now: now(), wait });
      }
      return null;
    },
    enter,
    through: async (name, step) => {
      const ended = enter(name);
      try {
        const result = await step();
        ended(null);
        return result;
      } catch (error) {
        ended(error);
        throw error;
      }
    },
    view: (name) => {
      const entry = all.get(name);
      return entry ? viewOf(entry, now()) : { state: "closed", failures: 0, since: null, nextTryAt: null, lastError: null };
    },
    openNames: () => [...all].filter(([, { breaker }]) => breaker.state().openSince !== null).map(([name]) => name),
  };
}

const at = (ms: number): string => new Date(ms).toISOString();

function broken(name: string, { breaker, lastError }: Named, { now, wait }: { now: number; wait: number }): AitoError {
  const { openSince } = breaker.state();
  const since = openSince === null ? "" : ` since ${at(openSince)}`;
  return new AitoError("AITO_TOOL_BROKEN", `${name} has not answered${since} (${lastError ?? "it asked to be left alone"})`, {
    hint: `nothing was sent; it is tried again from ${at(now + wait)} on, so go on with other work`,
    status: 424,
  });
}

/** What a step's end says of who was asked: an answer in plain words, a refusal too, is an answer. */
function tell(entry: Named, error: unknown): void {
  const failed = failureOf(error);
  if (failed === null) entry.breaker.left();
  else if (failed === "none") {
    entry.breaker.succeeded();
    entry.lastError = null;
  } else {
    entry.lastError = failed.message;
    entry.breaker.failed(failed.retryAfterMs);
  }
}

/** Null: it says nothing of who was asked. */
function failureOf(error: unknown): { message: string; retryAfterMs: number } | "none" | null {
  if (error === null) return "none";
  if (error instanceof OutsideFailure) return error.isRefusal ? "none" : error;
  if (error instanceof GithubLimit) return { message: error.message, retryAfterMs: error.waitMs };
  if (isAitoError(error, "AITO_GITHUB_UNAVAILABLE")) return { message: error.message, retryAfterMs: 0 };
  return isAitoError(error) && error.code.startsWith("AITO_GITHUB_") ? "none" : null;
}

/**
 * What others must know: that it is left alone, and until when; and that it is not any more. Not waited for, one after another: should it
 * fail, this gateway leaves it alone all the same.
 */
function putOnRecord(entry: Named, { clock, log, record }: Options): void {
  const { failures, opens, openSince, openUntil } = entry.breaker.state();
  const holds = openSince !== null || openUntil > clock.now().getTime();
  const next = holds ? `${openSince} ${openUntil}` : null;
  if (next === entry.recorded) return;
  const { name, lastError } = entry;
  const held = {
    name,
    failures,
    opens,
    openSince: openSince === null ? null : new Date(openSince),
    openUntil: new Date(openUntil),
    lastError,
  };
  entry.recorded = next;
  entry.changes += 1;
  entry.pending += 1;
  entry.writing = entry.writing
    .then(() => (holds ? record.hold(held) : record.release(name)))
    .catch((error: unknown) => log.warn({ name, error: errorText(error) }, "a breaker could not be put on record"))
    .finally(() => {
      entry.changes += 1;
      entry.pending -= 1;
    });
}

function adopt(entry: Named, held: HeldBreaker): void {
  const openSince = held.openSince?.getTime() ?? null;
  const openUntil = held.openUntil.getTime();
  entry.breaker.adopt({ failures: held.failures, opens: held.opens, openSince, openUntil });
  entry.lastError ??= held.lastError;
  const { openSince: since, openUntil: until } = entry.breaker.state();
  entry.recorded = `${since} ${until}`;
}

function viewOf({ breaker, lastError }: Named, now: number): BreakerView {
  const { failures, openSince, probing } = breaker.state();
  const wait = breaker.waitMs();
  return {
    state: openSince === null ? "closed" : probing ? "probing" : "open",
    failures,
    since: openSince === null ? null : at(openSince),
    nextTryAt: openSince === null && wait === 0 ? null : at(now + wait),
    lastError,
  };
}
