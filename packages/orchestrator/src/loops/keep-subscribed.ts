import type { Clock } from "@aito/base";
import type { complaints } from "./complaints.ts";

const retryMs = 1_000;

/**
 * Subscribes now, or as soon as the other side answers: bells are not needed for correctness (the loops look anyway), so a bus
 * or engine that is down at start only makes things slower. Once subscribed, reconnecting is the adapter's.
 */
export function keepSubscribed(
  name: string,
  context: { clock: Clock; trouble: ReturnType<typeof complaints> },
  subscribe: () => Promise<{ close(): Promise<void> }>,
): { close(): Promise<void> } {
  const stop = new AbortController();
  const opening = (async () => {
    while (!stop.signal.aborted) {
      try {
        const subscription = await subscribe();
        context.trouble.worked(name);
        return subscription;
      } catch (error) {
        context.trouble.failed(name, error);
        await context.clock.sleep(retryMs, stop.signal).catch(() => undefined);
      }
    }
    return null;
  })();
  return {
    close: async () => {
      stop.abort(new Error("closing"));
      await (await opening)?.close();
    },
  };
}
