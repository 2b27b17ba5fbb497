import type { Tap } from "./pass-through.ts";

/** Keeps what was asked and answered, for replay. */
export interface Recorder {
  begin(call: string, request: Buffer): { tap: Tap; end(whole: boolean): void };
}
