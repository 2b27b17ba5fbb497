import { AitoError } from "@aito/base";
import { isTimeZone } from "@aito/protocol";

/** A daily window of local time in which a human is not disturbed; `to` before `from` runs over midnight. */
export interface QuietHours {
  /** Minutes after local midnight. */
  from: number;
  to: number;
  timeZone: string;
}

const dayMinutes = 1_440;
const minuteMs = 60_000;

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

function localMinute(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const read = (type: string): number => Number(parts.find((part) => part.type === type)!.value);
  return read("hour") * 60 + read("minute");
}

/** The day and the time of day there, as `2026-11-21` and `07:30`. */
export function localDay(at: Date, timeZone: string): { day: string; time: string } {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
  const minute = localMinute(at, timeZone);
  const two = (value: number): string => String(value).padStart(2, "0");
  return { day, time: `${two(Math.floor(minute / 60))}:${two(minute % 60)}` };
}

/** When the quiet hours that `now` lies in end, or null when it lies in none. Right also when clocks change in that night. */
export function quietUntil(quiet: QuietHours, now: Date): Date | null {
  const minute = localMinute(now, quiet.timeZone);
  const inside = quiet.from < quiet.to ? minute >= quiet.from && minute < quiet.to : minute >= quiet.from || minute < quiet.to;
  if (!inside) return null;
  const started = Math.floor(now.getTime() / minuteMs) * minuteMs;
  const end = new Date(started + ((quiet.to - minute + dayMinutes) % dayMinutes) * minuteMs);
  // A change of clocks in between puts the end off by its jump: corrected by how far the local time there is from the wanted one.
  const off = ((localMinute(end, quiet.timeZone) - quiet.to + dayMinutes + dayMinutes / 2) % dayMinutes) - dayMinutes / 2;
  return new Date(end.getTime() - off * minuteMs);
}
