import { wellFormed } from "@aito/base";
import type { Unit, Writer } from "../company.ts";
import { type ActionType, insertHistory } from "./queries.ts";
import { dayList, daysIn } from "./search/days-in.ts";

export const memoryCharsMax = 2_000;

export interface NewMemory {
  agentId: string;
  type: ActionType;
  summary: string;
  details?: Record<string, unknown>;
  runId?: string | null;
  /** Where it comes from: its own work (the default), a colleague, or text from outside the company. */
  source?: "own" | "agent" | "outside";
  sourceRef?: string | null;
}

/**
 * Adds to the agent's history, the source of its recent actions and of retrieval; it belongs to the agent's client. It is found by
 * words at once, and by meaning as soon as the gateway has embedded it.
 */
export function remember(unit: Writer & Pick<Unit, "newId">, entry: NewMemory): void {
  const summary = wellFormed(entry.summary).slice(0, memoryCharsMax);
  insertHistory(unit, {
    id: unit.newId(),
    agentId: entry.agentId,
    type: entry.type,
    summary,
    details: { v: 1, ...entry.details },
    runId: entry.runId ?? null,
    source: entry.source ?? "own",
    sourceRef: entry.sourceRef ?? null,
    days: dayList(daysIn(summary, unit.now)),
  });
}
