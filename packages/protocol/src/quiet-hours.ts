/** A daily window of local time in which a human is not disturbed; `to` before `from` runs over midnight. */
export interface QuietHours {
  /** Minutes after local midnight. */
  from: number;
  to: number;
  timeZone: string;
}

const dayMinutes = 1_440;
const minuteMs = 60_000;

/** Minutes after midnight there. */
export function localMinute(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const read = (type: string): number => Number(parts.find((part) => part.type === type)!.value);
  return read("hour") * 60 + read("minute");
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

/** `22:00` as minutes after midnight. */
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

export const quietHoursOf = ({ from, to, timeZone }: { from: string; to: string; timeZone: string }): QuietHours => ({
  from: minutesOf(from),
  to: minutesOf(to),
  timeZone,
});
