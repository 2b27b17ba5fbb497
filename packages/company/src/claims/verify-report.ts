import type { Claim, Mark } from "@aito/protocol";
import { checkClaim, type CitedReceipt, type ClaimVerdict } from "./check-claim.ts";
import { unsupportedNumbers } from "./unsupported-numbers.ts";

export interface Report {
  agent: string;
  task: string | null;
  /** It says that its task is done. */
  finishes: boolean;
  /** Markdown. */
  text: string;
  claims: readonly Claim[];
}

export interface ReportVerdict {
  claims: ClaimVerdict[];
  /** Numbers in the text that no supported claim backs, in order. */
  marks: Mark[];
  /** Null where the report does not say that its task is done. */
  done: { accepted: boolean; why: string | null } | null;
}

/**
 * Pure: holds a report against the receipts that it cites. `titles` are texts that the report may quote (its task's title and
 * description): numbers in a quotation are not its own.
 */
export function verifyReport(
  report: Report,
  receipts: readonly CitedReceipt[],
  { now, titles = [] }: { now: Date; titles?: readonly string[] },
): ReportVerdict {
  const byId = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  const claims = report.claims.map((claim) => checkClaim(claim, { agent: report.agent, task: report.task, now }, byId));
  const supported = report.claims.filter((_, index) => claims[index]!.verdict === "supported");
  return {
    claims,
    marks: unsupportedNumbers(report.text, supported, titles),
    done: report.finishes ? doneVerdict(report.task, receipts) : null,
  };
}

/** Done is what a successful call of the task shows. */
function doneVerdict(task: string | null, receipts: readonly CitedReceipt[]): { accepted: boolean; why: string | null } {
  const ofTask = receipts.filter((receipt) => task !== null && receipt.task === task);
  if (ofTask.some((receipt) => receipt.status === "succeeded" && receipt.effect !== false)) return { accepted: true, why: null };
  const tried = ofTask.filter((receipt) => receipt.status !== "succeeded");
  const calls = [...new Set(tried.map(({ tool, status }) => `${tool} (${status})`))].slice(0, 5).join(", ");
  return {
    accepted: false,
    why: tried.length === 0 ? "no call of this task has a successful receipt" : `no call of this task succeeded: ${calls}`,
  };
}
