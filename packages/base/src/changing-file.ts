import { readFileSync, statSync } from "node:fs";
import type { Clock } from "./clock.ts";
import { errorText } from "./errors.ts";
import type { Logger } from "./logger.ts";

/**
 * A look at a file that may change while a program runs: calls `changed` with its text at the first look and after each change, and asks
 * the disk once in `everyMs` at most. A file that cannot be read, or whose text `changed` throws at, is told once with `unreadable` and
 * read again at the next look.
 */
export function changingFile(options: {
  path: string;
  everyMs: number;
  clock: Clock;
  log: Logger;
  unreadable: string;
  changed: (text: string, nowMs: number) => void;
}): () => void {
  const { path, everyMs, clock, log, unreadable, changed } = options;
  let lookedAt = -Infinity;
  let stamp = "";
  return () => {
    const now = clock.now().getTime();
    if (now - lookedAt < everyMs && now >= lookedAt) return;
    lookedAt = now;
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const seen = `${mtimeMs} ${size} ${ino}`;
      if (seen === stamp) return;
      const text = readFileSync(path, "utf8");
      changed(text, now);
      stamp = seen;
    } catch (error) {
      if (stamp !== "unreadable") log.warn({ path, error: errorText(error) }, unreadable);
      stamp = "unreadable";
    }
  };
}
