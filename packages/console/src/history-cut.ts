import type { EventView } from "@aito/protocol";

/** Which events are shown; it stands in the address, so that what one sees can be linked to. Times as ISO. */
export interface HistorySearch {
  types?: string[];
  by?: string;
  since?: string;
  until?: string;
}

const typesMax = 20;
const aType = /^[\w.]{1,50}$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const isInstant = (value: unknown): value is string =>
  typeof value === "string" && instant.test(value) && !Number.isNaN(Date.parse(value));

/** What of an address is a cut; the rest of it is left out. */
export function historySearch({ types, by, since, until }: Record<string, unknown>): HistorySearch {
  const named = Array.isArray(types) ? types.filter((type) => typeof type === "string" && aType.test(type)) : [];
  return {
    ...(named.length > 0 ? { types: [...new Set<string>(named)].slice(0, typesMax) } : {}),
    ...(typeof by === "string" && by !== "" && by.length <= 100 ? { by } : {}),
    ...(isInstant(since) ? { since: new Date(since).toISOString() } : {}),
    ...(isInstant(until) ? { until: new Date(until).toISOString() } : {}),
  };
}

/** Whether an event belongs to what is shown; as the server decides. */
export const isInCut = ({ types, by, since, until }: HistorySearch, event: Pick<EventView, "type" | "source" | "at">): boolean =>
  (types === undefined || types.includes(event.type)) &&
  (by === undefined || by === event.source) &&
  (since === undefined || Date.parse(event.at) >= Date.parse(since)) &&
  (until === undefined || Date.parse(event.at) < Date.parse(until));

/** A time as its field has it, in the reader's own zone, to the minute; and back. */
export const localTime = (iso: string | undefined): string => {
  if (iso === undefined) return "";
  const at = new Date(iso);
  const padded = (number: number, digits = 2): string => String(number).padStart(digits, "0");
  // By its own parts: the offset in minutes leaves out the seconds that zones had long ago.
  const day = `${padded(at.getFullYear(), 4)}-${padded(at.getMonth() + 1)}-${padded(at.getDate())}`;
  return `${day}T${padded(at.getHours())}:${padded(at.getMinutes())}`;
};
export const timeOf = (local: string): string | undefined => {
  const at = local === "" ? Number.NaN : new Date(local).getTime();
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};
