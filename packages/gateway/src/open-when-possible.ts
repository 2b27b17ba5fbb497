import { type Clock, errorText, type Logger } from "@aito/base";
import type { Closable } from "@aito/bus";

const againMs = 1_000;

/**
 * Opens something on the bus now, or as soon as the bus answers: bells and jobs only make things fast, and a gateway that waited for
 * them would keep all agents from working. `onLate` is called when it was opened after the first try.
 */
export async function openWhenPossible(
  name: string,
  context: { clock: Clock; log: Logger },
  open: () => Promise<Closable>,
  onLate: () => void = () => undefined,
): Promise<Closable> {
  const stop = new AbortController();
  let opened: Closable | null = null;
  const attempt = async (): Promise<boolean> => {
    try {
      opened = await open();
      return true;
    } catch (error) {
      context.log.warn({ part: name, error: errorText(error) }, "the bus does not answer; it is tried again");
      return false;
    }
  };
  const keepTrying = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await context.clock.sleep(againMs, stop.signal).catch(() => undefined);
      if (!stop.signal.aborted && (await attempt())) return onLate();
    }
  };
  const trying = (await attempt()) ? Promise.resolve() : keepTrying();
  return {
    close: async () => {
      stop.abort();
      await trying;
      await opened?.close();
    },
  };
}
