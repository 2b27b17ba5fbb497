import type { BoardAccess } from "./keep-board.ts";

const writeGapMs = 1_000;

/** Null without a token: then nothing is mirrored, whatever the fleet file says. */
export function boardAccess(github: Omit<BoardAccess, "writeGapMs"> | null): BoardAccess | null {
  if (github === null) return null;
  // A server of one's own sets its own pace, by refusing.
  const own = ["127.0.0.1", "localhost", "[::1]"].includes(new URL(github.baseUrl).hostname);
  return { ...github, writeGapMs: own ? 0 : writeGapMs };
}
