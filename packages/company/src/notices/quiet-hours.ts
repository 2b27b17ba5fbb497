import { AitoError } from "@aito/base";
import { isTimeZone, localMinute, type QuietHours } from "@aito/protocol";

export { type QuietHours, quietUntil } from "@aito/protocol";

const dayMinutes = 1_440;

/** "22:00-07:00 Europe/Berlin"; without a zone UTC. Error: AITO_CONFIG_INVALID (fate human). */
export function parseQuietHours(text: string): QuietHours {
  const match = /^\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})(?:\s+([\w/+-]+))?\s*$/.exec(text);
  const [from, to] = match ? [minutesOf(match[1]!, match[2]!), minutesOf(match[3]!, match[4]!)] : [null, null];
  const timeZone = match?.[5] ?? "UTC";
  if (from === null || to === null || from === to || !isTimeZone(timeZone)) {
    throw new AitoError("AITO_CONFIG_INVALID", `quiet hours cannot be read: "${text.slice(0, 80)}"`, {
      hint: 'write them as "22:00-07:00 Europe/Berlin"',
      fate: "human",
    });
  }
  return { from, to, timeZone };
}

function minutesOf(hours: string, minutes: string): number | null {
  const value = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && value < dayMinutes ? value : null;
}

/** The day and the time of day there, as `2026-11-21` and `07:30`. */
export function localDay(at: Date, timeZone: string): { day: string; time: string } {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
  const minute = localMinute(at, timeZone);
  const two = (value: number): string => String(value).padStart(2, "0");
  return { day, time: `${two(Math.floor(minute / 60))}:${two(minute % 60)}` };
}
