import { z } from "zod";
import { BriefingTime } from "./briefing.ts";
import { Id, MicroUsd, Timestamp } from "./ids.ts";

/** What is told: what needs an answer, what failed, money, the day's briefing and synthesis, digests of tasks that closed. */
export const NoticeKind = z.enum(["needs", "failed", "money", "briefing", "digest"]);
export type NoticeKind = z.infer<typeof NoticeKind>;

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day such as 22:00");
/** A daily window of local time; `to` before `from` runs over midnight. */
export const NoticeTimes = z
  .strictObject({ from: TimeOfDay, to: TimeOfDay, timeZone: BriefingTime.shape.timeZone })
  .refine(({ from, to }) => from !== to, "they begin and end at the same time");
export type NoticeTimes = z.infer<typeof NoticeTimes>;

const ChannelRule = z.strictObject({
  /** Everything where nothing is said. */
  tells: z.array(NoticeKind).min(1).optional(),
  /** Held back until these end; what would end by silence meanwhile is not. */
  quietHours: NoticeTimes.optional(),
});

/** By channel: what it tells and when. Without it every channel tells everything but digests. */
export const FleetNotices = z.strictObject({
  /** Of which tasks a digest is told when they close: none; `failed`; `top`: those that are part of no other; all. */
  digests: z.enum(["none", "failed", "top", "all"]).default("none"),
  /** What the day brought, each day at this time. */
  synthesis: BriefingTime.optional(),
  channels: z
    .strictObject({
      browser: ChannelRule.optional(),
      email: ChannelRule.optional(),
      telegram: ChannelRule.optional(),
      webhook: ChannelRule.optional(),
    })
    .prefault({}),
});
export type FleetNotices = z.infer<typeof FleetNotices>;

/** A closed task in a few lines: what was asked, what was done, what backs it, what it cost. */
export const TaskDigest = z.object({
  id: Id,
  title: z.string(),
  status: z.enum(["done", "failed", "cancelled"]),
  asked: z.string(),
  askedBy: z.string(),
  done: z.string(),
  doneBy: z.string().nullable(),
  evidence: z.object({
    receipts: z.number().int(),
    verifiedClaims: z.number().int(),
    unverifiedClaims: z.number().int(),
    /** Numbers of the result that no verified claim backs. */
    unverifiedNumbers: z.number().int(),
  }),
  /** Of the task and those below it; a cost that is not known is in no sum. */
  cost: z.object({ calls: z.number().int(), microUsd: MicroUsd, unknownCalls: z.number().int() }),
  seconds: z.number().int(),
  closedAt: Timestamp,
});
export type TaskDigest = z.infer<typeof TaskDigest>;
