import type { Clock } from "@aito/base";

export interface SilenceBound {
  /** It said something: it goes on. */
  heard(line: string): void;
  end(): void;
}

/**
 * Bounds how long somebody who works is waited for: by how long nothing was heard, not by how long all of it takes, which is longer
 * where the machine has much to do. Meanwhile it is told every `tellEveryMs` what was heard last.
 */
export function boundSilence(options: {
  clock: Clock;
  tellEveryMs: number;
  silenceMsMax: number;
  onStill: (line: string, silentMs: number) => void;
  onSilent: (line: string) => void;
}): SilenceBound {
  const { clock, tellEveryMs, silenceMsMax, onStill, onSilent } = options;
  let cancel = (): void => undefined;
  const wait = (line: string, silentMs: number): void => {
    cancel = clock.after(tellEveryMs, () => {
      const now = silentMs + tellEveryMs;
      if (now >= silenceMsMax) return onSilent(line);
      onStill(line, now);
      wait(line, now);
    });
  };
  wait("starting its process", 0);
  return {
    heard: (line) => {
      cancel();
      wait(line, 0);
    },
    end: () => cancel(),
  };
}
