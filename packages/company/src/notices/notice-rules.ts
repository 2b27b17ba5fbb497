import type { FleetNotices, NoticeKind } from "@aito/protocol";
import { type QuietHours, quietUntil } from "./quiet-hours.ts";

const kinds: Record<string, NoticeKind> = {
  approval: "needs",
  escalation: "needs",
  tool: "needs",
  budget: "money",
  anomaly: "money",
  briefing: "briefing",
  synthesis: "briefing",
  digest: "digest",
};

/** What an alert of this kind is to its reader; whatever is new and unknown has failed. */
export const noticeKindOf = (alertKind: string): NoticeKind => kinds[alertKind] ?? "failed";

const ruleOf = (rules: FleetNotices | undefined, channel: string) => rules?.channels[channel as keyof FleetNotices["channels"]];

/** Pure: whether this channel tells that kind. */
export const tells = (rules: FleetNotices | undefined, channel: string, kind: NoticeKind): boolean =>
  ruleOf(rules, channel)?.tells?.includes(kind) ?? true;

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Pure: when this channel's own quiet hours end, or null when it has none now. */
export function channelQuietUntil(rules: FleetNotices | undefined, channel: string, now: Date): Date | null {
  const quiet = ruleOf(rules, channel)?.quietHours;
  if (!quiet) return null;
  const hours: QuietHours = { from: minutes(quiet.from), to: minutes(quiet.to), timeZone: quiet.timeZone };
  return quietUntil(hours, now);
}

/** Pure: when a notice may go out by this channel: null at once; undefined never. `endsAt`: silence decides then. */
export function noticeDue(
  rules: FleetNotices | undefined,
  notice: { channel: string; kind: NoticeKind; endsAt: Date | null },
  now: Date,
): Date | null | undefined {
  if (!tells(rules, notice.channel, notice.kind)) return undefined;
  const quietEnd = channelQuietUntil(rules, notice.channel, now);
  return quietEnd !== null && (notice.endsAt === null || notice.endsAt > quietEnd) ? quietEnd : null;
}
