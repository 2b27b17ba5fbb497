import type { Clock } from "@aito/base";
/** A clock that stands still until it is told to move. */
export interface TestClock extends Clock {
    /** Moves on by `ms`, running each timer at its time, in order, and letting what it starts settle before the next. */
    advance(ms: number): Promise<void>;
    /** How many timers wait. */
    waiting(): number;
}
export declare function testClock(start?: string): TestClock;
