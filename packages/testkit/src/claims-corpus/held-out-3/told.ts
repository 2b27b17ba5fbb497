import type { CaseClaim, CaseReceipt } from "../claims-case.ts";

/** What became of a figure on its way from the receipt to the report, where it did not go straight. */
export interface Twist {
  /** What the claim says otherwise than the fact; null: nothing is claimed. */
  claim?: Partial<CaseClaim> | null;
  /** The claim does not hold. */
  bad?: true;
  status?: CaseReceipt["status"];
  /** Whose receipt it is, and of which task; that of the report where not said. */
  by?: string;
  task?: string;
  observed?: string;
}

/** A figure that a tool stated. The period is a day, week, month, quarter, half or year, or null for a point in time. */
export type Seen = [metric: string, value: string, unit: string, period: string | null, entity: string, twist?: Twist];

/** One report as it was written by hand. */
export interface Told {
  kind: string;
  text: string;
  saw: Seen[];
  /** Calls with an effect, for a report that says "done". */
  did?: { status: CaseReceipt["status"]; task?: string; reads?: true }[];
  finishes?: true;
  /** Numbers of the text that nothing holds. */
  loose?: string[];
}

export interface Domain {
  agent: string;
  tool: string;
  acts: string;
  /** The moment at which all of its reports were handed in. */
  now: string;
  honest: Told[];
  lying: Told[];
}
