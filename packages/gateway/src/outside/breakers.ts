import { AitoError, type Clock } from "@aito/base";
import type { BreakerView } from "@aito/protocol";
import { type Breaker, makeBreaker } from "../model/breaker.ts";
import { OutsideFailure } from "./server-line.ts";

const namedMax = 2_000;

/** What stands before each outside system and each tool of one; the rule is the one of models. */
export interface Breakers {
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
  breaker: Breaker;
  lastError: string | null;
}

export function makeBreakers(options: { clock: Clock; random: () => number }): Breakers {
  const { clock } = options;
  const all = new Map<string, Named>();
  const named = (name: string): Named => {
    const known = all.get(name);
    if (known) return known;
    if (all.size >= namedMax) all.delete(all.keys().next().value!);
    const made = { breaker: makeBreaker(options), lastError: null };
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
      if (!over) tell(entry, error);
      over = true;
    };
  };
  return {
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
  if (error === null || (error instanceof OutsideFailure && error.isRefusal)) {
    entry.breaker.succeeded();
    entry.lastError = null;
  } else if (error instanceof OutsideFailure) {
    entry.lastError = error.message;
    entry.breaker.failed(error.retryAfterMs);
  } else entry.breaker.left();
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
