import type { DecisionGrounds, ReceiptBehind } from "@aito/protocol";
import type { Unit } from "../company.ts";
import { budgetLeft } from "../decisions/budget-left.ts";
import type { DecisionRow } from "../decisions/queries.ts";
import { type ReceiptRow, receiptsBehindProposal } from "../evidence/queries.ts";

const receiptsShown = { withinSeconds: 300, limit: 12 } as const;
const resultCharactersMax = 300;

/** A receipt as it stands behind something that waits, its result cut to 300 characters. */
export const receiptBehind = ({ result, created_at, ...receipt }: ReceiptRow): ReceiptBehind => ({
  ...receipt,
  at: created_at.toISOString(),
  result: JSON.stringify(result).slice(0, resultCharactersMax),
});

/** What a human can judge a decision by: what an approval releases, and what the proposal rests on. */
export async function decisionGrounds(unit: Unit, decision: DecisionRow): Promise<DecisionGrounds> {
  const task = decision.attached_task;
  const receipts = await receiptsBehindProposal(unit, { id: decision.id, createdAt: decision.created_at }, receiptsShown);
  return {
    attachedTask: task && { title: task.title, description: task.description, workerType: task.workerType },
    attachedAction: decision.attached_action && JSON.stringify(decision.attached_action, null, 2),
    budgetLeftMicroUsd: (await budgetLeft(unit)).leftMicroUsd.toString(),
    taint: decision.taint,
    receipts: receipts.map(receiptBehind),
  };
}
