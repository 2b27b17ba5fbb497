import type { Clock } from "@aito/base";

export interface Loop {
  /** Runs soon, also when a pass is under way: then once more after it. Rings during a pass collapse into one. */
  ring(): void;
  /** Takes no new pass and waits for the one under way. */
  close(): Promise<void>;
}

/** Rings cannot drive a loop faster than this: a storm of engine events is one pass in 50 ms. */
const gapMsMin = 50;

/**
 * Calls `run` every `everyMs` and when rung, one pass at a time. A pass that throws is reported to `onError` and the loop goes
 * on: nothing that a pass meets may end it.
 */
export function startLoop(options: {
  /** Asked anew after each pass where it changes. */
  everyMs: number | (() => number);
  clock: Clock;
  run: () => Promise<void>;
  onError: (error: unknown) => void;
}): Loop {
  let closed = false;
  let rung = false;
  let wake: () => void = () => undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const cancel = options.clock.after(typeof options.everyMs === "number" ? options.everyMs : options.everyMs(), resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });
  const forever = async (): Promise<void> => {
    while (!closed) {
      rung = false;
      wake = () => undefined;
      try {
        await options.run();
      } catch (error) {
        options.onError(error);
      }
      if (closed) break;
      await (rung ? options.clock.sleep(gapMsMin) : pause());
    }
  };
  const ended = forever();
  return {
    ring: () => {
      rung = true;
      wake();
    },
    close: async () => {
      closed = true;
      wake();
      await ended;
    },
  };
}
