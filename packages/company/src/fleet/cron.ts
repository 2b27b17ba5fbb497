import { Cron } from "croner";

/** A loop by the clock instead of by an interval; five fields, in a time zone. */
export interface CronLoop {
  pattern: string;
  zone: string;
}

export const cronForm = '"Cron 0 9 * * 1-5 Europe/Berlin" (minute, hour, day, month, weekday, time zone; UTC if left out)';
const firesLookedAt = 60;
/** Any fixed day: the shortest gap of a pattern must not depend on when it is read. */
const lookedAtFrom = new Date("2026-01-01T00:00:00Z");

/** The first time after `after` (never `after` itself); null for a pattern that never comes. */
export const nextCron = (cron: CronLoop, after: Date): Date | null =>
  new Cron(cron.pattern, { timezone: cron.zone, paused: true }).nextRun(after);

/** "Cron 0 9 * * 1-5 Europe/Berlin" -> pattern, zone and the shortest time between two fires; null for anything else. */
export function parseCron(text: string): (CronLoop & { gapSeconds: number }) | null {
  const match = /^cron\s+([\d*,/\-A-Za-z?L#]+(?:\s+[\d*,/\-A-Za-z?L#]+){4})(?:\s+([A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)*))?$/i.exec(
    text.trim(),
  );
  if (!match) return null;
  const cron = { pattern: match[1]!.replace(/\s+/g, " "), zone: match[2] ?? "UTC" };
  try {
    let gapSeconds = Number.POSITIVE_INFINITY;
    let at = nextCron(cron, lookedAtFrom);
    if (at === null) return null;
    for (let fire = 0; fire < firesLookedAt; fire += 1) {
      const next = nextCron(cron, at);
      if (next === null) break;
      gapSeconds = Math.min(gapSeconds, Math.round((next.getTime() - at.getTime()) / 1_000));
      at = next;
    }
    return Number.isFinite(gapSeconds) ? { ...cron, gapSeconds } : null;
  } catch {
    // Croner throws on what it cannot read, an unknown zone included.
    return null;
  }
}
