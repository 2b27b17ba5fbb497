import type { TokenUsage } from "./models.ts";
/** Reads usage out of what passes through; never changes or delays it. */
export interface UsageMeter {
    /** A piece of an event stream. */
    feed(chunk: Uint8Array): void;
    /** A whole JSON answer. */
    whole(body: unknown): void;
    usage(): TokenUsage;
}
export declare function makeUsageMeter(): UsageMeter;
