const seconds = { second: 1, minute: 60, hour: 3_600, day: 86_400, week: 604_800 } as const;

export const intervalSecondsMax = 31 * 86_400;
/** What stands as a worker's interval: it is started for a task and has no loop. */
export const onDemandSeconds = 3_600;

export const intervalForm = '"Every 4 hours" (seconds, minutes, hours, days or weeks; at most 31 days)';

/** "Every 4 hours", "every day" -> seconds; null for anything else. */
export function parseInterval(text: string): number | null {
  const match = /^every\s+(?:(\d{1,9})\s+)?(second|minute|hour|day|week)s?\.?$/i.exec(text.trim());
  if (!match) return null;
  const result = Number(match[1] ?? 1) * seconds[match[2]!.toLowerCase() as keyof typeof seconds];
  return result >= 1 && result <= intervalSecondsMax ? result : null;
}

export const isOnDemand = (text: string): boolean => /^on[ -]demand\.?$/i.test(text.trim());

/**
 * An action's own pace: "Generate ideas (every 24 hours)" -> the text without it, and the seconds. `unreadable` holds a pace
 * that begins like one and cannot be read.
 */
export function parsePace(text: string): { text: string; everySeconds: number | null; unreadable: string | null } {
  const match = /\(\s*(every\b[^()]*)\)\s*\.?\s*$/i.exec(text);
  if (!match) return { text, everySeconds: null, unreadable: null };
  const everySeconds = parseInterval(match[1]!);
  return { text: text.slice(0, match.index).trim(), everySeconds, unreadable: everySeconds === null ? match[1]!.trim() : null };
}
