import { AitoError, errorText, monotonicMs } from "@aito/base";
import { dropOver } from "../agents/live-agents.ts";
import type { GatewayContext } from "../gateway-context.ts";

type Turns = Pick<GatewayContext, "bus" | "clock" | "log" | "modelRate"> & { turns: Turn };

/** Model calls of one agent: a burst, then a steady rate. */
export const modelRate: ModelRate = { capacity: 30, perSecond: 1 };

export interface ModelRate {
  capacity: number;
  perSecond: number;
}
export const turnWaitMsMax = 30_000;

/** How long tokens that were taken together are good, and the share of a bucket that is taken together at most. */
const sliceMs = 250;
const sliceShare = 1 / 20;

interface Slice {
  startMs: number;
  calls: number;
  tokens: number;
}
/** By agent, the longest quiet first: who calls often takes its tokens a few at a time, as many as it spent just before. */
export type Turn = Map<string, Slice>;
const slicesMax = 2_000;
/** Longer than any call waits for a token: nobody is about to put one into a slice that is let go. */
const quietMs = 2 * turnWaitMsMax;

function sliceOf(turns: Turn, agent: string): { slice: Slice; count: number } {
  const nowMs = monotonicMs();
  dropOver(turns, ({ startMs }) => nowMs - startMs > quietMs);
  const slice = turns.get(agent) ?? { startMs: -Infinity, calls: 0, tokens: 0 };
  const before = slice.calls;
  if (nowMs - slice.startMs > sliceMs) {
    Object.assign(slice, { startMs: nowMs, calls: 0, tokens: 0 });
    turns.delete(agent);
    if (turns.size >= slicesMax) turns.clear();
    turns.set(agent, slice);
  }
  slice.calls += 1;
  return { slice, count: Math.max(1, before, slice.calls) };
}

/**
 * Takes a token of the agent's bucket, waiting for one if need be. Error: AITO_MODEL_RATE (429) after `turnWaitMsMax`. Without
 * the bus the call goes on: a lost Redis must not stop the company, and runs have limits of their own.
 */
export async function waitForTurn(context: Turns, agent: string, signal: AbortSignal): Promise<void> {
  const { modelRate: rate } = context;
  const { slice, count } = sliceOf(context.turns, agent);
  if (slice.tokens > 0) {
    slice.tokens -= 1;
    return;
  }
  const until = context.clock.now().getTime() + turnWaitMsMax;
  for (;;) {
    let answer: Awaited<ReturnType<GatewayContext["bus"]["takeToken"]>>;
    try {
      answer = await context.bus.takeToken(agent, {
        ...rate,
        count: Math.max(1, Math.min(count, Math.floor(rate.capacity * sliceShare))),
      });
    } catch (error) {
      context.log.warn({ agent, error: errorText(error) }, "the rate limit could not be checked");
      return;
    }
    if (answer.ok) {
      slice.tokens += answer.taken - 1;
      return;
    }
    if (context.clock.now().getTime() + answer.retryAfterMs > until) {
      throw new AitoError("AITO_MODEL_RATE", `${agent} made too many model calls`, { status: 429, fate: "retry" });
    }
    await context.clock.sleep(Math.max(10, answer.retryAfterMs), signal);
  }
}
