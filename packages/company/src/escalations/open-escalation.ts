import type { Unit } from "../company.ts";
import { insertEscalation } from "./queries.ts";

/** Puts a decision before a human. At most one escalation of a decision waits; a second request for one changes nothing. */
export async function openEscalation(unit: Unit, input: { decisionId: string; title: string; reason: string }): Promise<void> {
  const id = unit.newId();
  if (!(await insertEscalation(unit, { id, decisionId: input.decisionId, reason: input.reason }))) return;
  await unit.event({
    type: "escalation.opened",
    source: "system",
    target: "human",
    payload: { escalation: id, decision: input.decisionId, title: input.title, reason: input.reason },
  });
}
