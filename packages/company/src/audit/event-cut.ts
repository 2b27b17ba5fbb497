/** Which events: of these types, by whom (an agent, an operator, `system`), and when: from `since` on, before `until`. */
export interface EventCut {
  types?: string[] | undefined;
  by?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
}

/** An event's id is made beside its time, within one transaction. */
const idSlackMs = 3_600_000;
const idMsMax = 2 ** 48 - 1;

/** The least id that is made at a time: ids begin with their milliseconds. */
function leastId(ms: number): string {
  const hex = Math.min(Math.max(Math.floor(ms), 0), idMsMax)
    .toString(16)
    .padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** Between which ids the events of a time are, generously: so that a page of a time long ago reads no event of today. */
export const idsOf = ({ since, until }: Pick<EventCut, "since" | "until">): { least?: string; beyond?: string } => ({
  ...(since ? { least: leastId(since.getTime() - idSlackMs) } : {}),
  ...(until ? { beyond: leastId(until.getTime() + idSlackMs) } : {}),
});
