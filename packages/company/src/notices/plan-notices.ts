import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { selectDecision } from "../decisions/queries.ts";
import type { LinkMaker } from "../escalations/list-escalations.ts";
import { mintLink } from "../escalations/mint-link.ts";
import { endOlderLinks, type EscalationRow, newestLink, selectEscalation, selectWaiting } from "../escalations/queries.ts";
import type { FleetNotices } from "@aito/protocol";
import { latestFile } from "../fleet/current-fleet.ts";
import { channelQuietUntil, tells } from "./notice-rules.ts";
import { type QuietHours, quietUntil } from "./quiet-hours.ts";
import {
  abandonedNotices,
  dropAnswered,
  dropOlderNotices,
  dueNotices,
  insertNotice,
  type NoticeRow,
  noticesOf,
} from "./queries.ts";

/** How the human is told. */
export interface NoticePolicy {
  /** Names of the configured channels. */
  channels: string[];
  /** How long after a notice the next one follows while nobody has answered. */
  remindMs: number;
  /** Notices wait until these end, except urgent ones. */
  quietHours: QuietHours | null;
}

const escalationsMax = 500;
const noticesMax = 200;
/** A sender ends its attempt long before this; after it, whoever claimed the notice is gone. */
export const claimMsMax = 90_000;

/**
 * What is due to be sent now; makes the rows of first notices and reminders that do not exist yet. Idempotent: run at any time by
 * any number of gateways it plans each notice once. A notice whose sender died becomes `unknown` and is never sent again.
 */
export async function planNotices(
  deps: CompanyDeps,
  links: LinkMaker,
  policy: NoticePolicy,
): Promise<{ id: string; attempts: number }[]> {
  return await transact(deps, async (unit) => {
    for (const lost of await abandonedNotices(unit, new Date(unit.now.getTime() - claimMsMax))) await tell(unit, lost, "unknown");
    await dropAnswered(unit);
    if (policy.channels.length === 0) return [];
    const waiting = await selectWaiting(unit, escalationsMax);
    const rules = waiting.length > 0 ? (await latestFile(unit))?.notices : undefined;
    const telling = { ...policy, channels: policy.channels.filter((channel) => tells(rules, channel, "needs")), rules };
    const notices = Map.groupBy(
      await noticesOf(
        unit,
        waiting.map((row) => row.id),
      ),
      (row) => row.escalation_id,
    );
    for (const escalation of telling.channels.length > 0 ? waiting : [])
      await planOne(unit, links, telling, escalation, notices.get(escalation.id) ?? []);
    return await dueNotices(unit, { channels: policy.channels, limit: noticesMax });
  });
}

async function planOne(
  unit: Unit,
  links: LinkMaker,
  policy: NoticePolicy & { rules: FleetNotices | undefined },
  escalation: EscalationRow,
  made: NoticeRow[],
): Promise<void> {
  const round = nextRound(policy, made, unit.now);
  if (round === null) return;
  const quietEnd = policy.quietHours && quietUntil(policy.quietHours, unit.now);
  const own = new Map(policy.channels.map((channel) => [channel, channelQuietUntil(policy.rules, channel, unit.now)]));
  const anyQuiet = quietEnd !== null || [...own.values()].some((until) => until !== null);
  const urgent = anyQuiet && (await isUrgent(unit, escalation));
  const held = quietEnd !== null && !urgent;
  if (round.reminder) {
    // The link that the human holds goes on working through the night: a reminder is made when it can be sent.
    if (held) return;
    const locked = await selectEscalation(unit, escalation.id, true);
    const seen = await noticesOf(unit, [escalation.id]);
    if (locked?.status !== "waiting" || seen.some((row) => row.number >= round.number)) return;
    const number = ((await newestLink(unit, escalation.id))?.number ?? 0) + 1;
    await mintLink(unit, links.linkKey, escalation.id, number);
    await endOlderLinks(unit, escalation.id, number);
    await dropOlderNotices(unit, escalation.id, number);
  }
  for (const channel of policy.channels) {
    await insertNotice(unit, {
      id: unit.newId(),
      escalation_id: escalation.id,
      channel,
      number: round.number,
      due_at: held ? quietEnd : ((urgent ? null : own.get(channel)) ?? unit.now),
    });
  }
}

/**
 * Pure: which number every channel should have now, or null when nothing is to be made. A reminder follows only when everything
 * before it has ended, well or badly: a channel that is down for hours gets one, not one for each that it missed.
 */
export function nextRound(
  policy: Pick<NoticePolicy, "channels" | "remindMs">,
  made: readonly (Pick<NoticeRow, "channel" | "number" | "status" | "attempts" | "created_at" | "sent_at"> & {
    due_at: Date | null;
  })[],
  now: Date,
): { number: number; reminder: boolean } | null {
  const number = Math.max(0, ...made.map((row) => row.number));
  if (number === 0) return { number: 1, reminder: false };
  const current = made.filter((row) => row.number === number);
  // What one channel's quiet hours hold back keeps no other one from reminding.
  const isHeld = (row: (typeof current)[number]): boolean => row.attempts === 0 && row.due_at !== null && row.due_at > now;
  const open = current.some((row) => row.status === "sending" || (row.status === "waiting" && !isHeld(row)));
  const last = Math.max(...current.map((row) => (row.sent_at ?? row.created_at).getTime()));
  if (!open && now.getTime() >= last + policy.remindMs) return { number: number + 1, reminder: true };
  // A channel that was configured meanwhile is told of what waits.
  const missing = policy.channels.some((channel) => !current.some((row) => row.channel === channel));
  return missing ? { number, reminder: false } : null;
}

/** Critical decisions and emergency sessions wake the human. */
async function isUrgent(unit: Unit, escalation: EscalationRow): Promise<boolean> {
  const decision: { machine: { type: string }; emergency?: boolean } | null = await selectDecision(unit, escalation.decision_id);
  return decision?.machine.type === "critical" || decision?.emergency === true;
}

export async function tell(unit: Unit, notice: NoticeRow, what: "sent" | "failed" | "unknown"): Promise<void> {
  await unit.event({
    type: `escalation.notice_${what}`,
    source: "system",
    target: "human",
    payload: {
      escalation: notice.escalation_id,
      notice: notice.id,
      channel: notice.channel,
      number: notice.number,
      attempt: notice.attempts,
      ...(notice.last_error === null ? {} : { error: notice.last_error }),
    },
  });
}
