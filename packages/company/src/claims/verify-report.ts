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
 * description): numbers in a quotation are not its own. `metrics` are the company's own, beside those of the receipts and claims.
 */
export function verifyReport(
  report: Report,
  receipts: readonly CitedReceipt[],
  { now, titles = [], metrics = [] }: { now: Date; titles?: readonly string[]; metrics?: readonly string[] },
): ReportVerdict {
  const byId = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  const claims = report.claims.map((claim) => checkClaim(claim, { agent: report.agent, task: report.task, now }, byId));
  const supported = report.claims.filter((_, index) => claims[index]!.verdict === "supported");
  const named = new Set(metrics);
  for (const { facts } of receipts) for (const { metric } of facts) named.add(metric);
  for (const { metric } of report.claims) named.add(metric);
  return {
    claims,
    marks: unsupportedNumbers(report.text, supported, { titles, metrics: [...named] }),
    done: report.finishes ? doneVerdict(report, receipts) : null,
  };
}

/**
 * Done is what a successful call of the task shows, and where something outside the company was tried for it, that this happened: an
 * outward tool of which no call succeeded refuses it, unless the report names the receipt of such a call. Who reads it sees then what
 * did not happen; without it, a text that was kept would back the word that it was sent.
 */
function doneVerdict({ task, text }: Report, receipts: readonly CitedReceipt[]): { accepted: boolean; why: string | null } {
  const { succeeded, tried } = actsOf(task, receipts);
  if (succeeded.size === 0) {
    return {
      accepted: false,
      why:
        tried.length === 0 ? "no call of this task has a successful receipt" : `no call of this task succeeded: ${listed(tried)}`,
    };
  }
  const owned = new Set(tried.filter(({ id }) => text.includes(id)).map(({ tool }) => tool));
  const open = tried.filter(({ tool, outward }) => outward === true && !owned.has(tool));
  if (open.length === 0) return { accepted: true, why: null };
  return { accepted: false, why: `what was tried outside did not happen, and the report does not say so: ${listed(open, true)}` };
}

function actsOf(task: string | null, receipts: readonly CitedReceipt[]): { succeeded: Set<string>; tried: CitedReceipt[] } {
  const ofTask = receipts.filter((receipt) => task !== null && receipt.task === task && receipt.effect !== false);
  const succeeded = new Set(ofTask.filter(({ status }) => status === "succeeded").map(({ tool }) => tool));
  return { succeeded, tried: ofTask.filter(({ tool }) => !succeeded.has(tool)) };
}

/** What the platform itself says of a hand-in that nobody can mend any more: a line for each outward tool without a success. */
export function didNotHappen(task: string, receipts: readonly CitedReceipt[]): string[] {
  const outward = actsOf(task, receipts).tried.filter((receipt) => receipt.outward === true);
  const newest = new Map(outward.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((receipt) => [receipt.tool, receipt]));
  return [...newest.values()].map(({ tool, status, id }) => `Did not happen: ${tool} (${status}, receipt ${id})`);
}

const listedMax = 5;

/** Each tool and end once. */
const listed = (calls: readonly CitedReceipt[], withId = false): string => {
  const words = new Map(
    calls.map(({ id, tool, status }) => [`${tool} ${status}`, `${tool} (${status}${withId ? `, receipt ${id}` : ""})`]),
  );
  return [...words.values()].slice(0, listedMax).join(", ");
};
