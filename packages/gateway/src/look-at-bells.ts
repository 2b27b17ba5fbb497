import { errorText, togetherMs } from "@aito/base";
import { channels } from "@aito/protocol";
import type { GatewayContext } from "./gateway-context.ts";
import { openWhenPossible } from "./open-when-possible.ts";
import { restUntilRung } from "./rest-until-rung.ts";

/**
 * Calls `look` now, whenever a bell tells of an event whose type begins with one of `events`, and after `everyMs` all the same: bells can be lost. Looks come
 * one after another; what rings during one is looked at right after it. One that fails is logged as `trouble` and made again.
 */
export async function lookAtBells(
  context: Pick<GatewayContext, "bus" | "clock" | "log" | "signal">,
  options: { name: string; events: readonly string[]; everyMs: number; look: () => Promise<void>; trouble: string },
): Promise<{ close(): Promise<void> }> {
  const { bus, log, signal } = context;
  const { name, events, everyMs, look, trouble } = options;
  let wake = (): void => undefined;
  const hears = (_channel: string, body: string): void => {
    if (events.some((type) => body.includes(`"${type}`))) wake();
  };
  // Heard again after a silence: what rang meanwhile was missed.
  const bell = await openWhenPossible(
    name,
    context,
    () => bus.subscribe([channels.console], hears, () => wake()),
    () => wake(),
  );
  const loop = (async (): Promise<void> => {
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        await look();
      } catch (error) {
        log.warn({ error: errorText(error) }, trouble);
      }
      await restUntilRung(context, togetherMs(everyMs), rung);
    }
  })();
  return {
    close: async () => {
      await bell.close();
      await loop;
    },
  };
}
