import { errorText } from "@aito/base";
import { type Summarizer, sumUpNext } from "@aito/company";
import type { GatewayContext } from "../gateway-context.ts";

export const lookEveryMs = 10 * 60_000;
const retryMs = 30_000;
const retryMsMax = 60 * 60_000;
/** Between two summaries, so that a long past leaves the machine to the agents. */
const breathMs = 100;

/** Sums up what agents remember, in the background: days that are over, then weeks and months. Nobody waits for it. */
export function keepSummedUp(context: GatewayContext, summarizer: Summarizer): { close(): Promise<void> } {
  const { clock, log, signal, deps } = context;
  let failures = 0;
  const loop = (async (): Promise<void> => {
    while (!signal.aborted) {
      let wait = lookEveryMs;
      try {
        if ((await sumUpNext(deps, summarizer)) !== null) wait = breathMs;
        failures = 0;
      } catch (error) {
        if (failures === 0) log.warn({ error: errorText(error) }, "memories could not be summed up");
        failures += 1;
        wait = Math.min(retryMs * 2 ** (failures - 1), retryMsMax);
      }
      await clock.sleep(wait, signal).catch(() => undefined);
    }
  })();
  return { close: () => loop };
}
