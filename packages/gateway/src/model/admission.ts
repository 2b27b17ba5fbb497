import { AitoError, type Clock } from "@aito/base";

/** Lower goes first. A head's ballot holds up the company; a worker's draft can wait. */
export const priorities = { ballot: 0, head: 1, agent: 2, worker: 3, key: 3 } as const;

export const inFlightMax = 64;
const queueMax = 2_000;
/** Who waited this long goes before everybody of a better rank: nobody starves. */
const agedMs = 10_000;
/** A storm is over when this long nothing was refused for overload. */
const calmMs = 10_000;
/** Where hardly anybody called before, there is little to hold back. */
const firstGapMsMax = 250;
const gapMsMax = 2_000;
const rateWindowMs = 30_000;

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
  go(): void;
}

/**
 * The one door to an upstream key. At most `inFlightMax` calls are under way; who waits is let in by rank, and within a rank by turns
 * between callers, so that one with a hundred calls holds up nobody. After an overload calls are let in one by one, at no more than the
 * pace of before, jittered, and the pace comes back slowly: what was held back does not come down at once.
 */
export function makeAdmission(options: { clock: Clock; random: () => number }): Admission {
  const { clock, random } = options;
  const now = (): number => clock.now().getTime();
  const queue: Waiting[] = [];
  const lastTurn = new Map<string, number>();
  let admitted: number[] = [];
  let inFlight = 0;
  let gapMs = 0;
  let overloadedAt = -calmMs;
  let nextAt = 0;
  let timer: (() => void) | null = null;

  const takeNext = (): Waiting => {
    const at = now();
    const rank = (item: Waiting): number => (at - item.since >= agedMs ? -1 : item.priority);
    let best = 0;
    for (let index = 1; index < queue.length; index += 1) {
      const [a, b] = [queue[best]!, queue[index]!];
      const byRank = rank(b) - rank(a);
      const byTurn = (lastTurn.get(b.caller) ?? 0) - (lastTurn.get(a.caller) ?? 0);
      if (byRank < 0 || (byRank === 0 && byTurn < 0)) best = index;
    }
    return queue.splice(best, 1)[0]!;
  };

  const letIn = (): void => {
    while (queue.length > 0 && inFlight < inFlightMax) {
      const at = now();
      if (gapMs > 0 && at < nextAt && nextAt - at <= 2 * gapMsMax) {
        timer ??= clock.after(nextAt - at, () => {
          timer = null;
          letIn();
        });
        return;
      }
      if (gapMs > 0) {
        nextAt = at + gapMs * (0.75 + random() / 2);
        // Every call without trouble shortens the gap a little; once it is small nobody needs it.
        if (at - overloadedAt > calmMs) gapMs *= 0.97;
        if (gapMs < 2) gapMs = 0;
      }
      const next = takeNext();
      turn += 1;
      lastTurn.set(next.caller, turn);
      if (lastTurn.size > queueMax) lastTurn.clear();
      note(at);
      inFlight += 1;
      next.go();
    }
  };
  let turn = 0;
  const note = (at: number): void => {
    admitted.push(at);
    if (admitted.length > 1_000) admitted = admitted.slice(-500);
  };

  const ticket = (): Ticket => {
    let gone = false;
    return {
      overloaded: () => {
        const at = now();
        // The pace of before the storm; during it nothing new is learnt about it.
        if (gapMs === 0) {
          const recent = admitted.filter((each) => at - each < rateWindowMs);
          const span = recent.length > 1 ? Math.max(1_000, at - recent[0]!) : rateWindowMs;
          gapMs = Math.min(firstGapMsMax, Math.max(5, span / Math.max(1, recent.length)));
        } else if (at - overloadedAt > 1_000) gapMs = Math.min(gapMsMax, gapMs * 1.25);
        overloadedAt = at;
      },
      leave: () => {
        if (gone) return;
        gone = true;
        inFlight -= 1;
        letIn();
      },
    };
  };

  return {
    waiting: () => queue.length,
    enter: ({ caller, priority, signal, waitMsMax }) => {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      if (queue.length === 0 && inFlight < inFlightMax && gapMs === 0) {
        inFlight += 1;
        note(now());
        return Promise.resolve(ticket());
      }
      if (queue.length >= queueMax) return Promise.reject(tooMany(caller));
      return new Promise((resolve, reject) => {
        const drop = (reason: unknown): void => {
          const index = queue.indexOf(item);
          if (index >= 0) queue.splice(index, 1);
          finish();
          reject(reason as Error);
        };
        const aborted = (): void => drop(signal.reason);
        const late = clock.after(waitMsMax, () => drop(tooMany(caller)));
        const finish = (): void => {
          late();
          signal.removeEventListener("abort", aborted);
        };
        const go = (): void => {
          finish();
          resolve(ticket());
        };
        const item: Waiting = { caller, priority, since: now(), go };
        signal.addEventListener("abort", aborted, { once: true });
        queue.push(item);
        letIn();
      });
    },
  };
}

const tooMany = (caller: string): AitoError =>
  new AitoError("AITO_MODEL_RATE", `${caller} waited too long for its turn at the model`, { status: 429, fate: "retry" });
