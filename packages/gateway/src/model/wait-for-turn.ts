import { AitoError, errorText } from "@aito/base";
import type { GatewayContext } from "../gateway-context.ts";

type Turns = Pick<GatewayContext, "bus" | "clock" | "log" | "modelRate">;

/** Model calls of one agent: a burst, then a steady rate. */
export const modelRate: ModelRate = { capacity: 30, perSecond: 1 };

export interface ModelRate {
  capacity: number;
  perSecond: number;
}
export const turnWaitMsMax = 30_000;

/**
 * Takes a token of the agent's bucket, waiting for one if need be. Error: AITO_MODEL_RATE (429) after `turnWaitMsMax`. Without
 * the bus the call goes on: a lost Redis must not stop the company, and runs have limits of their own.
 */
export async function waitForTurn(context: Turns, agent: string, signal: AbortSignal): Promise<void> {
  const until = context.clock.now().getTime() + turnWaitMsMax;
  for (;;) {
    let answer: Awaited<ReturnType<GatewayContext["bus"]["takeToken"]>>;
    try {
      answer = await context.bus.takeToken(agent, context.modelRate);
    } catch (error) {
      context.log.warn({ agent, error: errorText(error) }, "the rate limit could not be checked");
      return;
    }
    if (answer.ok) return;
    if (context.clock.now().getTime() + answer.retryAfterMs > until) {
      throw new AitoError("AITO_MODEL_RATE", `${agent} made too many model calls`, { status: 429, fate: "retry" });
    }
    await context.clock.sleep(Math.max(10, answer.retryAfterMs), signal);
  }
}
