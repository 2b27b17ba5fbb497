import type { Logger } from "@aito/base";
export declare const ringLinesMax = 400;
export declare const lineCharsMax = 2000;
export declare const flushLinesMax = 100;
/** The lines of the open run: to the container's own log at once, and to the gateway in batches. */
export interface RunLog {
    line(text: string): void;
    /** Takes up to `flushLinesMax` lines off the ring, the oldest first; lines that did not fit are counted in one line. */
    take(): string[];
    /** Puts back what could not be delivered; the ring's bound still holds. */
    putBack(lines: string[]): void;
}
export declare function makeRunLog(log: Logger): RunLog;
