import { AitoError } from "@aito/base";
import type { Unit } from "../company.ts";
import { lockWaits, selectWaits } from "./queries.ts";
import { circleClosedBy } from "./wait-graph.ts";

/**
 * Refuses a wait that would close a circle of agents waiting for each other (AITO_MESSAGE_CYCLE). The message must be stored in
 * this transaction: two that close a circle from both sides are looked at one after the other, and one of them passes at most.
 */
export async function checkWait(unit: Unit, waiter: string, on: string): Promise<void> {
  await lockWaits(unit);
  const circle = circleClosedBy(await selectWaits(unit), { waiter, on });
  if (!circle) return;
  const steps = circle.slice(1).map((name, index) => `${circle[index]} for ${name}`);
  throw new AitoError("AITO_MESSAGE_CYCLE", `these agents would wait for each other: ${steps.join(", ")}`, {
    hint: "answer what you were asked first (in_reply_to), or send it without requires_response",
    status: 409,
  });
}
