import { type FleetNotices, type NoticeKind, quietHoursOf, quietUntil } from "@aito/protocol";

export { noticeKindOf } from "@aito/protocol";

const ruleOf = (rules: FleetNotices | undefined, channel: string) => rules?.channels[channel as keyof FleetNotices["channels"]];

/** Pure: whether this channel tells that kind. */
export const tells = (rules: FleetNotices | undefined, channel: string, kind: NoticeKind): boolean =>
  ruleOf(rules, channel)?.tells?.includes(kind) ?? true;

/** Pure: when this channel's own quiet hours end, or null when it has none now. */
export function channelQuietUntil(rules: FleetNotices | undefined, channel: string, now: Date): Date | null {
  const quiet = ruleOf(rules, channel)?.quietHours;
  if (!quiet) return null;
  return quietUntil(quietHoursOf(quiet), now);
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
