import type { CallCut } from "@aito/protocol";

/** Which calls the page of money shows, as its address says it; `since` is a day of the company's, or a point of time. */
export type CallSearch = CallCut & { since?: string };

const names = [
  "agent",
  "task",
  "decision",
  "client",
  "department",
  "model",
  "key",
  "since",
] as const satisfies readonly (keyof CallSearch)[];

/** What of an address is a cut; the rest of it is left out. */
export const callSearch = (search: Readonly<Record<string, unknown>>): CallSearch =>
  Object.fromEntries(
    names.flatMap((name) => (typeof search[name] === "string" && search[name] !== "" ? [[name, search[name]]] : [])),
  );
