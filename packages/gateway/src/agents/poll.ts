import { errorText, togetherMs } from "@aito/base";
import { type AgentSession, type ClaimedRun, claimRun, giveBackRun, whoHasWork } from "@aito/company";
import type { GatewayContext } from "../gateway-context.ts";
import type { Bells } from "./bells.ts";

/** Parked polls are looked at again this often, all by one question, even if no bell rings: bells can be lost, rows cannot. */
export const lookEveryMs = 15_000;

/** Polls that wait, in memory only: nothing is claimed for a client that has gone. */
export interface Polls {
  /**
   * Waits up to `waitMs` for work and claims all of it as one run; null when there was none. `gone` aborts when the client has
   * gone. A newer poll of the same agent ends an older one.
   */
  wait(session: AgentSession, options: { waitMs: number; gone: AbortSignal }): Promise<ClaimedRun | null>;
  /** What was claimed could not be handed over: it waits again. */
  giveBack(session: AgentSession, runId: string): Promise<void>;
  /** After the hand-over: the queue hints have done their work. */
  delivered(session: AgentSession, claimed: ClaimedRun): Promise<void>;
}

export function makePolls(context: GatewayContext, bells: Bells): Polls {
  const { deps, bus, clock, log } = context;
  const open = new Map<string, AbortController>();
  const look = lookForParked(context);

  const giveBack: Polls["giveBack"] = async (session, runId) => {
    await giveBackRun(deps, runId).catch((error: unknown) =>
      log.warn(
        { agent: session.agent, run: runId, error: errorText(error) },
        "a run could not be given back; its lease will end it",
      ),
    );
  };

  return {
    giveBack,
    wait: async (session, { waitMs, gone }) => {
      open.get(session.agentId)?.abort();
      const newer = new AbortController();
      open.set(session.agentId, newer);
      const over = AbortSignal.any([gone, newer.signal, context.signal]);
      await bells.listen(session);
      const until = clock.now().getTime() + waitMs;
      try {
        for (;;) {
          if (over.aborted) return null;
          const seen = bells.count(session);
          const claimed = await claimRun(deps, session);
          if (claimed) deps.crashPoint?.("poll.after_claim");
          if (claimed && !over.aborted) return claimed;
          if (claimed) {
            await giveBack(session, claimed.run.id);
            return null;
          }
          const leftMs = until - clock.now().getTime();
          if (leftMs <= 0 || !(await nextLook(session, seen, { ms: leftMs, over }))) return null;
        }
      } finally {
        if (open.get(session.agentId) === newer) open.delete(session.agentId);
      }
    },
    delivered: async (session, claimed) => {
      for (const id of claimed.workIds) {
        await bus.removeHint(session.agent, id).catch((error: unknown) => log.debug({ error: errorText(error) }, "a hint stays"));
      }
    },
  };

  /** False when the time is over without a sign of work. */
  async function nextLook(session: AgentSession, seen: number, wait: { ms: number; over: AbortSignal }): Promise<boolean> {
    const bell = bells.next(session, seen);
    const parked = look.park(session.agentId);
    const stop = new AbortController();
    const slept = clock.sleep(wait.ms, AbortSignal.any([wait.over, stop.signal])).catch(() => undefined);
    const again = await Promise.race([bell.rung.then(() => true), parked.found.then(() => true), slept.then(() => false)]);
    bell.cancel();
    parked.cancel();
    stop.abort();
    return again;
  }
}

/** The net under the bells: while polls are parked, Postgres is asked now and then which of their agents has work. */
function lookForParked({ deps, clock, log, signal }: GatewayContext): {
  park(agentId: string): { found: Promise<void>; cancel: () => void };
} {
  const parked = new Map<string, () => void>();
  let looking = false;
  const forever = async (): Promise<void> => {
    while (parked.size > 0 && !signal.aborted) {
      await clock.sleep(togetherMs(lookEveryMs), signal).catch(() => undefined);
      if (parked.size === 0 || signal.aborted) break;
      // Without an answer each looks for itself, and meets the trouble there.
      const found = await whoHasWork(deps, [...parked.keys()]).catch((error: unknown) => {
        log.warn({ error: errorText(error) }, "it cannot be seen who has work");
        return [...parked.keys()];
      });
      for (const agentId of found) parked.get(agentId)?.();
    }
    looking = false;
  };
  return {
    park: (agentId) => {
      let tell = (): void => undefined;
      const found = new Promise<void>((resolve) => {
        tell = resolve;
      });
      parked.set(agentId, tell);
      if (!looking) {
        looking = true;
        void forever();
      }
      return {
        found,
        cancel: () => {
          if (parked.get(agentId) === tell) parked.delete(agentId);
        },
      };
    },
  };
}
