import type { Claim, Fact, Period, ReceiptStatus } from "@aito/protocol";
import { quantity, says } from "./quantity.ts";
import { inUnit } from "./units.ts";

/** What the verifier reads of a receipt. */
export interface CitedReceipt {
  id: string;
  agent: string;
  task: string | null;
  tool: string;
  status: ReceiptStatus;
  finishedAt: string;
  facts: readonly Fact[];
  /** False: its success is no evidence of work. */
  effect?: boolean;
  /** Its effect leaves the company. */
  outward?: boolean;
}

export interface ClaimVerdict {
  verdict: "supported" | "unsupported";
  /** What is wrong with it, for whoever made it. */
  why: string | null;
  /** The fact that it was resolved to. */
  fact: Fact | null;
}

/** A value at a point in time is news for a day. */
const pointStaleMs = 24 * 3_600_000;

/**
 * Pure: resolves a claim to a fact in a receipt that it cites. The receipt must be the agent's own or the task's and have succeeded;
 * the fact must be about the same metric, entity and period, its unit convertible, its value the claim's after rounding, and fresh.
 */
export function checkClaim(
  claim: Claim,
  by: { agent: string; task: string | null; now: Date },
  receipts: ReadonlyMap<string, CitedReceipt>,
): ClaimVerdict {
  const bad: { rank: number; why: string }[] = [];
  for (const id of claim.receipts) {
    const receipt = receipts.get(id);
    const problem = receiptProblem(receipt, id, by);
    if (problem !== null) {
      bad.push({ rank: 0, why: problem });
      continue;
    }
    for (const fact of receipt!.facts) {
      const found = factProblem(claim, fact, by.now);
      if (found === null) return { verdict: "supported", why: null, fact };
      bad.push(found);
    }
    bad.push({ rank: 1, why: `receipt ${id} (${receipt!.tool}) states no ${claim.metric} of ${claim.entity}` });
  }
  // The nearest miss says most.
  const nearest = bad.toSorted((a, b) => b.rank - a.rank)[0];
  return { verdict: "unsupported", why: nearest?.why ?? "it cites no receipt", fact: null };
}

function receiptProblem(
  receipt: CitedReceipt | undefined,
  id: string,
  by: { agent: string; task: string | null },
): string | null {
  if (!receipt) return `there is no receipt ${id}`;
  const own = receipt.agent === by.agent || (by.task !== null && receipt.task === by.task);
  if (!own) return `receipt ${id} is another agent's and not of this task`;
  if (receipt.status !== "succeeded") return `the call of receipt ${id} (${receipt.tool}) did not succeed: ${receipt.status}`;
  return null;
}

function factProblem(claim: Claim, fact: Fact, now: Date): { rank: number; why: string } | null {
  if (fact.metric !== claim.metric) return { rank: 1, why: `the receipt states ${fact.metric}, not ${claim.metric}` };
  if (fact.entity !== claim.entity) return { rank: 2, why: `the receipt states it of ${fact.entity}, not of ${claim.entity}` };
  if (!samePeriod(claim.period, fact.period)) {
    return { rank: 3, why: `the receipt states it for ${periodText(fact.period)}, not for ${periodText(claim.period)}` };
  }
  const stated = quantity(fact.value);
  const claimed = quantity(claim.value);
  const converted = stated && inUnit(stated, fact.unit, claim.unit);
  if (!converted || !claimed) {
    return { rank: 4, why: `the receipt states it in ${fact.unit}, which is not turned into ${claim.unit}` };
  }
  if (!says({ value: claimed, lastDigit: -decimalsOf(claim.value) }, converted)) {
    return { rank: 5, why: `the receipt states ${fact.value} ${fact.unit}, not ${claim.value} ${claim.unit}` };
  }
  const stale = staleness(fact, now);
  return stale === null ? null : { rank: 6, why: stale };
}

/** Facts about a period that was not over, and old ones about a moment, say nothing now. */
function staleness(fact: Fact, now: Date): string | null {
  const observed = Date.parse(fact.observedAt);
  if (fact.period) {
    return observed < Date.parse(fact.period.to) ? `it was measured on ${fact.observedAt}, before its period was over` : null;
  }
  return now.getTime() - observed > pointStaleMs ? `it was measured on ${fact.observedAt}, more than a day ago` : null;
}

const decimalsOf = (text: string): number => text.split(".")[1]?.length ?? 0;

export const samePeriod = (a: Period | null, b: Period | null): boolean =>
  a === null || b === null ? a === b : Date.parse(a.from) === Date.parse(b.from) && Date.parse(a.to) === Date.parse(b.to);

export const periodText = (period: Period | null): string =>
  period === null ? "a point in time" : `${period.from.slice(0, 10)} to ${period.to.slice(0, 10)}`;
