import { z } from "zod";
import { ActorName, Id, MicroUsd, Timestamp } from "./ids.ts";

/** A plain decimal as text: no exponent, no group marks. */
export const Decimal = z.string().regex(/^-?\d{1,18}(\.\d{1,12})?$/, "a plain decimal, for example 12.5");

/** From `from` up to but not including `to`, UTC. */
export const Period = z.strictObject({ from: Timestamp, to: Timestamp });
export type Period = z.infer<typeof Period>;

/** What a tool's result states, typed by the gateway when it writes the receipt. `period` null: a value at a point in time. */
export const Fact = z.strictObject({
  metric: z.string().min(1).max(100),
  value: Decimal,
  unit: z.string().min(1).max(40),
  period: Period.nullable(),
  entity: z.string().min(1).max(100),
  observedAt: Timestamp,
  /** The outside system that stated it first, where this tool only passes it on. */
  source: z.string().max(100).optional(),
});
export type Fact = z.infer<typeof Fact>;

/** `unknown`: nobody knows whether it was done; `shadowed`: recorded, and nothing done. */
export const ReceiptStatus = z.enum(["succeeded", "failed", "refused", "unknown", "shadowed"]);
export type ReceiptStatus = z.infer<typeof ReceiptStatus>;

/** A number or fact in a report. `receipts`: the calls that stated it. */
export const Claim = z.strictObject({
  metric: z.string().trim().min(1).max(100).describe("as the tool's facts name it"),
  value: Decimal.describe("a plain decimal, as text"),
  unit: z.string().trim().min(1).max(40).describe("for example count, percent, USD, ms"),
  period: Period.nullable().default(null).describe("the fact's period; null for a value at a point in time"),
  entity: z.string().trim().min(1).max(100).default("company").describe("whom or what it is about, as the fact names it"),
  receipts: z.array(z.string().max(60)).max(20).describe("ids of the receipts that state it"),
});
export type Claim = z.infer<typeof Claim>;

export const claimsPerReportMax = 50;

/** A number in a report's text that no supported claim backs; `start` and `end` count UTF-16 units of the text. */
export const Mark = z.object({ text: z.string(), start: z.number().int(), end: z.number().int(), why: z.string() });
export type Mark = z.infer<typeof Mark>;

/** A number in any text, with the receipt that it can be followed to; null: no verified claim says it, and `why`. */
export const StatedNumber = Mark.extend({ claim: Id.nullable(), receipt: Id.nullable(), why: z.string().nullable() });
export type StatedNumber = z.infer<typeof StatedNumber>;

export const CheckedClaim = Claim.extend({
  id: Id,
  agent: ActorName,
  task: Id.nullable(),
  /** Where the entity is a task's id: the task's title. */
  entityTitle: z.string().optional(),
  /** The outside system and tool that stated it; left out: the company's own records did, or nobody. */
  outside: z.object({ source: z.string(), tool: z.string() }).optional(),
  verified: z.boolean(),
  /** What is wrong with it; null for a verified one. */
  why: z.string().nullable(),
  /** When the fact was measured that it was resolved to. */
  observedAt: Timestamp.nullable(),
  at: Timestamp,
});
export type CheckedClaim = z.infer<typeof CheckedClaim>;

/** Figures of the company: those that lead to receipts, and apart what nothing backs, is disputed or is out of date. */
export const FiguresView = z.object({ verified: z.array(CheckedClaim), unverified: z.array(CheckedClaim) });
export type FiguresView = z.infer<typeof FiguresView>;

/** What agents state of one figure, each from a receipt, and cannot all be right about: none of it counts as verified. */
export const ContradictionView = z.object({
  id: Id,
  task: Id.nullable().describe("the task for those who state it"),
  since: Timestamp,
  sides: z.array(CheckedClaim).describe("the first claim of each value of each agent"),
});
export type ContradictionView = z.infer<typeof ContradictionView>;

export const SettleContradiction = z.strictObject({
  holds: Id.nullable().describe("the claim of the side that holds; null: none of them does"),
  sides: z
    .array(Id)
    .min(2)
    .max(200)
    .describe("the claims of all sides that were looked at; it is refused when others stand by then"),
  reason: z.string().trim().min(1, "it is empty").max(1_000, "it has more than 1,000 characters"),
});
export type SettleContradiction = z.infer<typeof SettleContradiction>;

export const ContradictionSettled = z.object({
  holds: CheckedClaim.nullable(),
  refuted: z.array(CheckedClaim),
  /** Agents who have a message of it. */
  told: z.array(z.string()),
  /** The tasks that ended with it. */
  tasks: z.array(Id),
});
export type ContradictionSettled = z.infer<typeof ContradictionSettled>;

/** What a human has settled and nobody has taken back, with the first claim of each value that does not hold. */
export const SettlementView = z.object({
  id: Id.describe("of the contradiction"),
  task: Id.nullable(),
  at: Timestamp,
  by: ActorName,
  reason: z.string(),
  holds: CheckedClaim.nullable(),
  refuted: z.array(CheckedClaim),
});
export type SettlementView = z.infer<typeof SettlementView>;

export const ReopenContradiction = z.strictObject({
  reason: z.string().trim().min(1, "it is empty").max(1_000, "it has more than 1,000 characters"),
});
export type ReopenContradiction = z.infer<typeof ReopenContradiction>;

export const ContradictionReopened = z.object({
  /** That are not refuted any more, the first claim of each value. */
  figures: z.array(CheckedClaim),
  /** Agents who have a message of it. */
  told: z.array(z.string()),
});
export type ContradictionReopened = z.infer<typeof ContradictionReopened>;

/** Texts whose numbers are to be followed; `task`: what was handed in for it. */
export const NumbersRequest = z.object({
  texts: z.array(z.object({ text: z.string().max(200_000), task: Id.optional(), amountMicroUsd: MicroUsd.optional() })).max(200),
});
export const NumbersView = z.object({ items: z.array(z.array(StatedNumber)) });
export type NumbersView = z.infer<typeof NumbersView>;

/** One tool call as its receipt has it, without the result. */
export const ReceiptView = z.object({
  id: Id,
  agent: ActorName,
  task: Id.nullable(),
  run: Id.nullable(),
  tool: z.string(),
  status: ReceiptStatus,
  /** The outside system that answered, or `aito`. */
  source: z.string(),
  argumentsDigest: z.string(),
  durationMs: z.number().int(),
  at: Timestamp,
  facts: z.array(Fact),
  signedBy: z.string().nullable().describe("the key's id; null for a receipt of before signatures could be checked by others"),
});
export type ReceiptView = z.infer<typeof ReceiptView>;

/** What a check of one receipt found: its signature, its columns against what was signed, its result against its hash. */
export const ReceiptCheck = z.object({
  verdict: z.enum(["valid", "invalid", "unsigned"]),
  problem: z.string().nullable(),
});
export type ReceiptCheck = z.infer<typeof ReceiptCheck>;

export const ReceiptDetail = ReceiptView.extend({
  epoch: z.number().int().nullable(),
  /** The result's text, bounded; `full` is the whole of it where it is still kept. */
  result: z.string(),
  resultCharacters: z.number().int(),
  resultSha256: z.string().nullable(),
  full: z.string().nullable(),
  signature: z.string(),
  check: ReceiptCheck,
  /** By which a human was asked about its call; null: nobody was. */
  approval: Id.nullable(),
  /** Claims that cite it. */
  claims: z.array(CheckedClaim),
});
export type ReceiptDetail = z.infer<typeof ReceiptDetail>;

export const ReceiptsReport = z.object({
  ok: z.boolean(),
  checked: z.number().int(),
  /** Receipts of before signatures could be checked by others. */
  unsigned: z.number().int(),
  keys: z.array(z.object({ id: z.string(), publicKey: z.string(), since: Timestamp })),
  problems: z.array(z.object({ id: z.string(), problem: z.string() })),
});
export type ReceiptsReport = z.infer<typeof ReceiptsReport>;

/** Days for which the whole text of a long result is kept; its hash and its beginning stay. */
export const receiptTextDaysDefault = 90;
