import { appendFileSync, writeFileSync } from "node:fs";

/** One thing that was seen from outside. `at` is the machine's time in milliseconds; lines stand in the order in which they happened. */
export type Entry = { at: number } & (
  | { kind: "hello"; agent: string; epoch: number; ok: boolean; sentAt: number }
  | { kind: "beat"; agent: string; epoch: number; ok: boolean; sentAt: number }
  | { kind: "call"; agent: string; epoch: number; path: string; sentAt: number; status: number }
  | { kind: "tool"; agent: string; epoch: number; tool: string; key: string; digest: string; sentAt: number; ok: boolean | null }
  | { kind: "asked"; agent: string; run: string; turn: number; tasks: string[]; messages: string[] }
  | { kind: "effect"; key: string; about: string; digest: string }
  | { kind: "accepted"; what: "task" | "decision" | "message"; id: string; title: string }
  | { kind: "unsure"; what: "task" | "decision" | "message"; title: string; error: string }
  | { kind: "fault"; fault: string; target: string; kills: number }
  | { kind: "returned"; target: string }
  | { kind: "recovered"; fault: string; target: string; ms: number }
  | { kind: "broken"; what: string }
);
type Fields<E> = E extends Entry ? Omit<E, "at"> : never;
export type NewEntry = Fields<Entry>;

/** The observers' own append-only file, outside the company; it is also kept in memory for the checker. */
export interface Ledger {
  path: string;
  entries: Entry[];
  add(entry: NewEntry): void;
  of<K extends Entry["kind"]>(kind: K): Extract<Entry, { kind: K }>[];
}

export function openLedger(path: string): Ledger {
  writeFileSync(path, "");
  const entries: Entry[] = [];
  return {
    path,
    entries,
    add: (entry) => {
      const line: Entry = { at: Date.now(), ...entry };
      entries.push(line);
      // Written at once: what is in the ledger was there when the next thing happened.
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    },
    of: <K extends Entry["kind"]>(kind: K) =>
      entries.filter((entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind),
  };
}
