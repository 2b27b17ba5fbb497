import { readFileSync } from "node:fs";

/** Half-open, in UTC. */
export interface ClaimPeriod {
  from: string;
  to: string;
}

/** What a tool's result states. `value` is a decimal; `period` is null for a point in time. */
export interface CaseFact {
  metric: string;
  value: string;
  unit: string;
  period: ClaimPeriod | null;
  entity: string;
  observedAt: string;
}

export interface CaseReceipt {
  id: string;
  agent: string;
  task: string | null;
  tool: string;
  status: "succeeded" | "failed" | "refused" | "unknown";
  finishedAt: string;
  facts: CaseFact[];
}

export interface CaseClaim {
  metric: string;
  value: string;
  unit: string;
  period: ClaimPeriod | null;
  entity: string;
  receipts: string[];
}

/** One report with all that is known about it, and what a verifier must say of it. A line of a corpus file. */
export interface ClaimsCase {
  id: string;
  label: "honest" | "lying";
  kind: string;
  now: string;
  /** The risk that each tool of the receipts declares; one that only reads has no effect. */
  tools: Record<string, "read" | "write" | "dangerous">;
  receipts: CaseReceipt[];
  report: { agent: string; task: string | null; finishes: boolean; text: string; claims: CaseClaim[] };
  expect: {
    claims: ("supported" | "unsupported")[];
    /** As they stand in the text, with the sign, symbol or unit that belongs to them. */
    unsupportedNumbers: string[];
    /** Null where the report does not say that its task is done. */
    done: "accepted" | "refused" | null;
  };
}

export type CorpusHalf = "tuning" | "held-out";

/** Those with a number are no halves: other hands wrote them later. */
export type ClaimsCorpus = CorpusHalf | "held-out-2" | "held-out-3" | "held-out-4" | "held-out-5" | "held-out-6";

export const claimsCorpusFile = (half: ClaimsCorpus): string =>
  new URL(`../../corpora/claims/${half}.jsonl`, import.meta.url).pathname;

/** A corpus as it lies in the repository. Verifiers are written on `tuning`; the held-out ones are only ever counted. */
export const readClaimsCorpus = (half: ClaimsCorpus): ClaimsCase[] =>
  readFileSync(claimsCorpusFile(half), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ClaimsCase);
