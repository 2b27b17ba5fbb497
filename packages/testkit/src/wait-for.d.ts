/**
 * Reads until the predicate holds, and returns that value. Throws after `deadlineMs` with the last value seen (or the last
 * error), so that a failure tells what was there instead.
 */
export declare function waitFor<T, U extends T>(read: () => Promise<T> | T, predicate: (value: T) => value is U, deadlineMs: number): Promise<U>;
export declare function waitFor<T>(read: () => Promise<T> | T, predicate: (value: T) => boolean, deadlineMs: number): Promise<T>;
