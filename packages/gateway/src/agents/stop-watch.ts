import { type Clock, errorText, type Logger } from "@aito/base";
import type { Bus } from "@aito/bus";
import { type CompanyDeps, stoppedError, stoppedNow } from "@aito/company";
import { channels } from "@aito/protocol";

/** While something is under way, Postgres is asked this often whether it must end: bells can be lost. */
export const stopLookEveryMs = 250;

/** Whose doing it is: an agent's in its present run, or a call's that is written down as an approval and may outlive that run. */
type Guarded = { agentId: string } | { approvalId: string };

/** Ends what is under way for agents that a kill switch stops. What begins later is refused where it begins. */
export interface StopWatch {
  /**
   * Runs `work`, and aborts its signal with AITO_STOPPED as soon as its agent, or a task that its run is about, is stopped; of a call,
   * also a task that it was asked for. `work` asks for itself before it begins (`requireCurrent`): watched first and asked then, no
   * press between the two is missed.
   */
  guard<T>(of: Guarded, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Calls `listener` at each bell, and at each `doubt`: what was known of callers may not hold any more. */
  onDoubt(listener: () => void): void;
  doubt(): void;
  close(): Promise<void>;
}

interface UnderWay {
  of: Guarded;
  stop: AbortController;
}

const idOf = (of: Guarded): string => ("approvalId" in of ? of.approvalId : of.agentId);

function idsOf(all: Iterable<UnderWay>): Parameters<typeof stoppedNow>[1] {
  const [agents, approvals] = [new Set<string>(), new Set<string>()];
  for (const { of } of all) ("approvalId" in of ? approvals : agents).add(idOf(of));
  return { agents: [...agents], approvals: [...approvals] };
}

/** Costs nothing while nothing is under way: an idle company is not polled for. */
export function watchStops(options: { deps: CompanyDeps; bus: Bus; clock: Clock; log: Logger }): StopWatch {
  const { deps, bus, clock, log } = options;
  const underWay = new Set<UnderWay>();
  const closing = new AbortController();
  let bell = new AbortController();
  let looking: Promise<void> | null = null;
  const listeners: (() => void)[] = [];
  const doubt = (): void => {
    for (const listener of listeners) listener();
  };
  let failing = false;

  const look = async (): Promise<void> => {
    const stops = await stoppedNow(deps, idsOf(underWay));
    for (const { of, stop } of underWay) {
      const found = stops.get(idOf(of));
      if (found && !stop.signal.aborted) stop.abort(stoppedError(found));
    }
  };

  const watch = async (): Promise<void> => {
    while (underWay.size > 0 && !closing.signal.aborted) {
      bell = new AbortController();
      await clock.sleep(stopLookEveryMs, AbortSignal.any([bell.signal, closing.signal])).catch(() => undefined);
      if (underWay.size === 0) return;
      try {
        await look();
        failing = false;
      } catch (error) {
        // What is under way goes on: without the database nothing that it leads to is accepted.
        if (!failing) log.warn({ error: errorText(error) }, "the kill switches cannot be read");
        failing = true;
      }
    }
  };

  const start = (): void => {
    looking ??= watch().finally(() => {
      looking = null;
      // Of one that came as the watch ended.
      if (underWay.size > 0 && !closing.signal.aborted) start();
    });
  };

  const opening = bus
    .subscribe([channels.switches], () => {
      doubt();
      bell.abort();
    })
    .catch((error: unknown) => {
      log.warn({ error: errorText(error) }, "the bell of the kill switches is not heard; the database is asked instead");
      return null;
    });

  return {
    onDoubt: (listener) => void listeners.push(listener),
    doubt,
    guard: async (of, work) => {
      const entry: UnderWay = { of, stop: new AbortController() };
      underWay.add(entry);
      start();
      try {
        return await work(entry.stop.signal);
      } finally {
        underWay.delete(entry);
      }
    },
    close: async () => {
      closing.abort(new Error("closing"));
      await looking;
      await (await opening)?.close();
    },
  };
}
