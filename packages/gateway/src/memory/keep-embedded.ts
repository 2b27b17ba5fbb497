import { errorText, togetherMs } from "@aito/base";
import { embedMemories, prepareMemoryIndex } from "@aito/company";
import { channels, readConsoleBell } from "@aito/protocol";
import { makeConsoleBell } from "../console-bell.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { restUntilRung } from "../rest-until-rung.ts";

export const lookEveryMs = 60_000;
/** After a failure it waits this long, doubling up to the second. */
const retryMs = 2_000;
const retryMsMax = 5 * 60_000;
/** Between two batches, so that a long queue leaves the machine to the agents. */
const breathMs = 20;
const ownBell = "memory.embedded";

/**
 * Embeds what agents remember, in the background: a bell, or a look now and then, finds what has no vector yet. Nobody waits for
 * it, and until then a memory is found by its words. A dead or slow embedder is tried again, ever more rarely.
 */
export async function keepEmbedded(context: GatewayContext): Promise<{ close(): Promise<void> }> {
  const { bus, log, signal, deps } = context;
  const { embedder } = deps;
  if (!embedder) return { close: () => Promise.resolve() };
  let wake = (): void => undefined;
  const told = makeConsoleBell(context, ownBell);
  const bell = await bus.subscribe([channels.console], (_channel, body) => {
    if (readConsoleBell(body).types.join() !== ownBell) wake();
  });
  let failures = 0;
  let prepared = false;
  const loop = (async (): Promise<void> => {
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        if (!prepared) await prepareMemoryIndex(deps);
        prepared = true;
        const done = await embedMemories(deps);
        failures = 0;
        if (done > 0) told.ring();
        if (done > 0) await restUntilRung(context, breathMs, null);
        else await restUntilRung(context, togetherMs(lookEveryMs), rung);
      } catch (error) {
        if (failures === 0) log.warn({ embedder: embedder.model, error: errorText(error) }, "memories could not be embedded");
        failures += 1;
        await restUntilRung(context, Math.min(retryMs * 2 ** (failures - 1), retryMsMax), null);
      }
    }
  })();
  return {
    close: async () => {
      wake();
      await bell.close();
      await loop;
      told.close();
    },
  };
}
