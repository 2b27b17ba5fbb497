import { z } from "zod";
import { NoticeKind, NoticeTimes } from "./fleet-notices.ts";
import { Id, Timestamp } from "./ids.ts";

/** Ways by which a human is told. `browser`: while the console is open there, in browsers whose owner chose so. */
export const ChannelName = z.enum(["browser", "email", "telegram", "webhook"]);
export type ChannelName = z.infer<typeof ChannelName>;

/** What the gateway has of the channels: which are set up, and whom they reach. No secret is among it. */
export const GatewayChannels = z.object({
  channels: z.array(z.object({ name: ChannelName, to: z.string() })),
  /** `AITO_QUIET_HOURS`, for all channels. */
  quietHours: NoticeTimes.nullable(),
  remindHours: z.number(),
});
export type GatewayChannels = z.infer<typeof GatewayChannels>;

export const ChannelView = z.object({
  name: ChannelName,
  /** Null: the gateway, which has the settings, does not answer now. */
  setUp: z.boolean().nullable(),
  /** Whom it reaches: addresses, a chat, a host. */
  to: z.string().nullable(),
  tells: z.array(NoticeKind),
  /** Its own, of the fleet file. */
  quietHours: NoticeTimes.nullable(),
  /** Until when it is quiet now, by its own hours. */
  quietUntil: Timestamp.nullable(),
  lastSentAt: Timestamp.nullable(),
  lastFailedAt: Timestamp.nullable(),
  lastError: z.string().nullable(),
  /** Notices that wait or are being sent. */
  waiting: z.number().int(),
});
export type ChannelView = z.infer<typeof ChannelView>;

export const ChannelsView = z.object({
  items: z.array(ChannelView),
  /** What holds for all channels; null where the gateway does not answer. */
  general: z.object({ quietHours: NoticeTimes.nullable(), remindHours: z.number() }).nullable(),
});
export type ChannelsView = z.infer<typeof ChannelsView>;

/** What became of a test notice. `unknown`: it was handed over and nothing was answered. */
export const ChannelTested = z.object({
  channel: ChannelName,
  status: z.enum(["sent", "failed", "unknown"]),
  to: z.string(),
  error: z.string().nullable(),
  /** What to do about it. */
  hint: z.string().nullable(),
  ms: z.number().int(),
});
export type ChannelTested = z.infer<typeof ChannelTested>;
/** `by` at `address` asks for it. */
export const ChannelToTest = z.strictObject({
  channel: ChannelName,
  by: z.string().max(100),
  address: z.string().max(60).optional(),
});
export type ChannelToTest = z.infer<typeof ChannelToTest>;

/** One notice by one channel, newest first. */
export const NoticeEntry = z.object({
  id: Id,
  /** `escalation`, or the alert's kind. */
  about: z.string(),
  subject: z.string(),
  title: z.string(),
  channel: z.string(),
  /** 1 is the first, 2 the first reminder. */
  number: z.number().int(),
  status: z.enum(["waiting", "sending", "sent", "failed", "unknown", "dropped"]),
  attempts: z.number().int(),
  lastError: z.string().nullable(),
  dueAt: Timestamp.nullable(),
  sentAt: Timestamp.nullable(),
  createdAt: Timestamp,
});
export type NoticeEntry = z.infer<typeof NoticeEntry>;
