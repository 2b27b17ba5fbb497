import type { Logger } from "@aito/base";

export const ringLinesMax = 400;
export const lineCharsMax = 2_000;
export const flushLinesMax = 100;

/** The lines of the open run: to the container's own log at once, and to the gateway in batches. */
export interface RunLog {
  line(text: string): void;
  /** Takes up to `flushLinesMax` lines off the ring, the oldest first; lines that did not fit are counted in one line. */
  take(): string[];
  /** Puts back what could not be delivered; the ring's bound still holds. */
  putBack(lines: string[]): void;
}

export function makeRunLog(log: Logger, run: () => string | null): RunLog {
  let ring: string[] = [];
  let dropped = 0;
  const bound = (): void => {
    if (ring.length <= ringLinesMax) return;
    dropped += ring.length - ringLinesMax;
    ring = ring.slice(-ringLinesMax);
  };
  return {
    line: (text) => {
      log.info({ run: run(), line: text }, "run");
      ring.push(text.length > lineCharsMax ? `${text.slice(0, lineCharsMax)}…` : text);
      bound();
    },
    take: () => {
      const lines = ring.splice(0, dropped > 0 ? flushLinesMax - 1 : flushLinesMax);
      if (dropped > 0 && lines.length > 0) {
        lines.unshift(`(${dropped} earlier lines dropped)`);
        dropped = 0;
      }
      return lines;
    },
    putBack: (lines) => {
      ring.unshift(...lines);
      bound();
    },
  };
}
