import { z } from "zod";
import { CheckedClaim, StatedNumber } from "./evidence.ts";
import { ActorName, AgentName, Id, MicroUsd, Timestamp } from "./ids.ts";
import { isTimeZone } from "./time-zone.ts";

/** One line of a notice with the record that it is about; `path` is the console's. */
export const NoticeItem = z.object({ text: z.string(), path: z.string().nullable() });
export type NoticeItem = z.infer<typeof NoticeItem>;

/** Something that only a human can settle. */
export const NeedsHuman = z.object({
  kind: z.enum(["escalation", "approval", "alert", "stopped"]),
  id: z.string(),
  title: z.string(),
  since: Timestamp,
  /** After it, silence has decided; null: it waits for as long as it takes. */
  until: Timestamp.nullable(),
});
export type NeedsHuman = z.infer<typeof NeedsHuman>;

/** What happened within a time, from records alone; numbers in texts lead to receipts or are named as unverified. */
export const BriefingView = z.object({
  company: z.string(),
  from: Timestamp,
  to: Timestamp,
  needsYou: z.array(NeedsHuman),
  decisions: z.array(
    z.object({ id: Id, title: z.string(), status: z.string(), amountMicroUsd: MicroUsd, proposedBy: ActorName, at: Timestamp }),
  ),
  tasks: z.array(
    z.object({
      id: Id,
      title: z.string(),
      status: z.enum(["done", "failed"]),
      by: AgentName.nullable(),
      summary: z.string(),
      numbers: z.array(StatedNumber),
      at: Timestamp,
    }),
  ),
  ideas: z.array(z.object({ id: Id, title: z.string(), score: z.number().int(), agent: AgentName })),
  /** How many of each kind there were, where not all are listed. */
  counts: z.object({ needsYou: z.number().int(), decisions: z.number().int(), tasks: z.number().int(), ideas: z.number().int() }),
  money: z.object({
    budgetMicroUsd: MicroUsd,
    leftMicroUsd: MicroUsd,
    /** Approved within the time, whoever pays. */
    approvedMicroUsd: MicroUsd,
    modelMicroUsd: MicroUsd,
    /** Model calls whose cost nobody knows: in no sum. */
    unknownCalls: z.number().int(),
  }),
  figures: z.array(CheckedClaim),
  /** Apart: no receipt backs these, or another one disagrees. */
  unverified: z.array(CheckedClaim),
});
export type BriefingView = z.infer<typeof BriefingView>;

/** When the operator is told of the day before, by every configured channel. */
export const BriefingTime = z.strictObject({
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day such as 07:30"),
  timeZone: z.string().min(1).default("UTC").refine(isTimeZone, "no time zone, such as Europe/Berlin"),
});
export type BriefingTime = z.infer<typeof BriefingTime>;
