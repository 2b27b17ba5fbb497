import { changingFile, type Clock, type Logger } from "@aito/base";

/** The key of one upstream, read at each call. */
export interface UpstreamKey {
  current(): string | null;
  /** The one before it, while both are live; else null. */
  before(): string | null;
}

/** How long after a change the key before it may still be used. */
export const overlapMs = 10 * 60_000;
const lookMs = 2_000;

export const fixedKey = (key: string | null): UpstreamKey => ({ current: () => key, before: () => null });

/**
 * Keys in a file that may change while the gateway runs; `pick` finds this upstream's in the file's text. A file that cannot be read,
 * or is empty for a moment, leaves the key as it was: a rotation never makes a working gateway keyless.
 */
export function keyFromFile(options: {
  path: string;
  pick: (text: string) => string | null;
  clock: Clock;
  log: Logger;
}): UpstreamKey {
  const { path, pick, clock, log } = options;
  let key: string | null = null;
  let old: string | null = null;
  let changedAt = -Infinity;
  const look = changingFile({
    path,
    everyMs: lookMs,
    clock,
    log,
    unreadable: "an upstream's key file cannot be read",
    changed: (text, now) => {
      const next = pick(text);
      if (next === null || next === key) return;
      if (key !== null) log.info({ path }, "an upstream's key was changed; the one before it is kept for ten minutes");
      [old, key, changedAt] = [key, next, now];
    },
  });
  return {
    current: () => {
      look();
      return key;
    },
    before: () => {
      look();
      return clock.now().getTime() - changedAt < overlapMs ? old : null;
    },
  };
}

/** Text that is one key. */
export const wholeFile = (text: string): string | null => text.trim() || null;

/** The key of this upstream among lines `name=key`. */
export const lineOf =
  (name: string) =>
  (text: string): string | null => {
    const line = text.split("\n").find((each) => each.slice(0, each.indexOf("=")).trim() === name && each.includes("="));
    return line ? line.slice(line.indexOf("=") + 1).trim() || null : null;
  };
