import { type Clock, errorText, type Logger } from "@aito/base";
import type { Bus } from "@aito/bus";
import { channels } from "@aito/protocol";

/** Open consoles refresh no more often than about this. */
export const ringEveryMs = 300;

export interface ConsoleBell {
  ring(): void;
  close(): void;
}

/**
 * Tells open consoles that records changed of which no event is written, for there are too many: model calls, vectors. Rings at once, and
 * for all that comes within `ringEveryMs` once more. A hint only (`readConsoleBell`): what is lost of it is seen when a page asks by itself.
 */
export function makeConsoleBell(parts: { bus: Pick<Bus, "publish">; clock: Clock; log: Logger }, type: string): ConsoleBell {
  const { bus, clock, log } = parts;
  const body = JSON.stringify({ events: [{ type }] });
  let cancel: (() => void) | null = null;
  let again = false;
  const publish = (): void => {
    again = false;
    bus
      .publish(channels.console, body)
      .catch((error: unknown) => log.debug({ type, error: errorText(error) }, "a bell was not heard"));
    cancel = clock.after(ringEveryMs, () => {
      cancel = null;
      if (again) publish();
    });
  };
  return {
    ring: () => {
      if (cancel === null) publish();
      else again = true;
    },
    close: () => cancel?.(),
  };
}
