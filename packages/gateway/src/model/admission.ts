import { AitoError, type Clock } from "@aito/base";
import { makePace } from "./pace.ts";

/** Lower goes first. A head's ballot holds up the company; a worker's draft can wait. */
export const priorities = { ballot: 0, head: 1, agent: 2, worker: 3, key: 3 } as const;

export const inFlightMax = 64;
const queueMax = 2_000;
/** Who waited this long goes before everybody of a better rank: nobody starves. */
const agedMs = 10_000;
export interface Admission {
  /**
   * Resolves when the call may go to the upstream; the ticket is given back when it has ended. Errors: AITO_MODEL_RATE (429) after
   * `waitMsMax`, or when too many wait; the signal's reason.
   */
  enter(call: { caller: string; priority: number; signal: AbortSignal; waitMsMax: number }): Promise<Ticket>;
  waiting(): number;
}

export interface Ticket {
  /** The upstream said that it has too much to do: everybody's calls are spaced out from here on. */
  overloaded(): void;
  leave(): void;
}

interface Waiting {
  caller: string;
  priority: number;
  since: number;
  go(ticket: Ticket): void;
}

/**
 * The one door to an upstream key. At most `inFlightMax` calls are under way; who waits is let in by rank, and within a rank by turns
 * between callers, so that one with a hundred calls holds up nobody. After an overload the pace spaces them out.
 */
export function makeAdmission(options: { clock: Clock; random: () => number }): Admission {
  const { clock } = options;
  const pace = makePace(options.random);
  const now = (): number => clock.now().getTime();
  const queue: Waiting[] = [];
  const lastTurn = new Map<string, number>();
  let turn = 0;
  let inFlight = 0;
  let timer: (() => void) | null = null;

  const ticket = (): Ticket => {
    let gone = false;
    inFlight += 1;
    pace.went(now());
    return {
      overloaded: () => pace.overloaded(now()),
      leave: () => {
        if (gone) return;
        gone = true;
        inFlight -= 1;
        letIn();
      },
    };
  };
  const letIn = (): void => {
    while (queue.length > 0 && inFlight < inFlightMax) {
      const wait = pace.waitMs(now());
      if (wait > 0) {
        timer ??= clock.after(wait, () => {
          timer = null;
          letIn();
        });
        return;
      }
      const next = takeNext(queue, lastTurn, now());
      turn += 1;
      // Where nobody waits, nobody's turn is before another's: callers that have ended would stay.
      if (queue.length === 0 || lastTurn.size > queueMax) lastTurn.clear();
      if (queue.length > 0) lastTurn.set(next.caller, turn);
      next.go(ticket());
    }
  };

  return {
    waiting: () => queue.length,
    enter: async ({ caller, priority, signal, waitMsMax }) => {
      signal.throwIfAborted();
      if (queue.length === 0 && inFlight < inFlightMax && pace.waitMs(now()) === 0) return ticket();
      if (queue.length >= queueMax) throw tooMany(caller);
      return await new Promise<Ticket>((resolve, reject) => {
        const finish = (): void => {
          cancel();
          signal.removeEventListener("abort", aborted);
        };
        const drop = (reason: Error): void => {
          queue.splice(queue.indexOf(item), 1);
          finish();
          reject(reason);
        };
        const aborted = (): void => drop(signal.reason as Error);
        const cancel = clock.after(waitMsMax, () => drop(tooMany(caller)));
        const go = (given: Ticket): void => {
          finish();
          resolve(given);
        };
        const item = { caller, priority, since: now(), go };
        signal.addEventListener("abort", aborted, { once: true });
        queue.push(item);
        letIn();
      });
    },
  };
}

/** The best rank, and of one rank whoever had no turn for the longest. */
function takeNext(queue: Waiting[], lastTurn: Map<string, number>, now: number): Waiting {
  const rank = (item: Waiting): number => (now - item.since >= agedMs ? -1 : item.priority);
  let best = 0;
  for (let index = 1; index < queue.length; index += 1) {
    const [a, b] = [queue[best]!, queue[index]!];
    const byRank = rank(b) - rank(a);
    const byTurn = (lastTurn.get(b.caller) ?? 0) - (lastTurn.get(a.caller) ?? 0);
    if (byRank < 0 || (byRank === 0 && byTurn < 0)) best = index;
  }
  return queue.splice(best, 1)[0]!;
}

const tooMany = (caller: string): AitoError =>
  new AitoError("AITO_MODEL_RATE", `${caller} waited too long for its turn at the model`, { status: 429, fate: "retry" });
