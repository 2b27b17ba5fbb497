import type { NoticeItem } from "@aito/protocol";
import { writeChannelState } from "../channels/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { claimMsMax, nextRound, type NoticePolicy } from "../notices/plan-notices.ts";
import { noticeDue, noticeKindOf } from "../notices/notice-rules.ts";
import { latestFile } from "../fleet/current-fleet.ts";
import { quietUntil } from "../notices/quiet-hours.ts";
import { type AttemptOutcome, noticeAttemptsMax } from "../notices/send-attempt.ts";
import {
  abandonAlertNotices,
  alertsToTell,
  dropAnsweredApprovals,
  endAlertAttempt,
  insertAlertNotices,
  takeAlertNotice,
  type ToldApproval,
  toldApprovals,
  waitingAlertNotices,
} from "./queries.ts";

const alertsMax = 50;
const approvalsMax = 200;
/** Of one call; it ends long before where the period is not very short. */
const remindersMax = 24;
const noticesMax = 200;
const errorCharactersMax = 500;

export interface ClaimedAlert {
  id: string;
  channel: string;
  attempt: number;
  /** 1 is the first notice, 2 the first reminder. */
  number: number;
  alert: { id: string; kind: string; subject: string; title: string; detail: string; items: NoticeItem[]; openedAt: string };
  /** Of a call that waits for a human: when silence becomes a denial, and how long that is from now. */
  expiry: { at: string; inMs: number } | null;
}

/**
 * Makes each open alert's notices, one a channel, and says which wait. A call that waits for a human is told again after each period
 * until it is answered or ends; quiet hours hold that back, and its first notice too unless it would end meanwhile. Other alerts wait
 * for nothing and are not repeated. Idempotent: run by any number of gateways at any time it plans each notice once.
 */
export async function planAlertNotices(deps: CompanyDeps, policy: NoticePolicy): Promise<{ id: string; attempts: number }[]> {
  const { channels } = policy;
  if (channels.length === 0) return [];
  return await transact(deps, async (unit) => {
    await abandonAlertNotices(unit, new Date(unit.now.getTime() - claimMsMax));
    await dropAnsweredApprovals(unit);
    const quietEnd = policy.quietHours && quietUntil(policy.quietHours, unit.now);
    const open = await alertsToTell(unit, channels, alertsMax);
    const told = quietEnd === null ? await toldApprovals(unit, approvalsMax) : [];
    const rules = open.length + told.length > 0 ? (await latestFile(unit))?.notices : undefined;
    for (const { id, kind, expiresAt } of open) {
      const held = quietEnd !== null && expiresAt !== null && expiresAt > quietEnd ? quietEnd : null;
      for (const channel of channels) {
        const own = noticeDue(rules, { channel, kind: noticeKindOf(kind), endsAt: expiresAt }, unit.now);
        const notice = { ids: unit.newId, alertId: id, channels: [channel], number: 1 };
        await insertAlertNotices(unit, { ...notice, dueAt: own ?? held, untold: own === undefined });
      }
    }
    if (told.length > 0) {
      const telling = channels.filter((channel) => noticeDue(rules, { channel, kind: "needs", endsAt: null }, unit.now) === null);
      await remind(unit, { ...policy, channels: telling }, told);
    }
    return await waitingAlertNotices(unit, { channels, limit: noticesMax });
  });
}

async function remind(unit: Unit, policy: NoticePolicy, told: readonly ToldApproval[]): Promise<void> {
  for (const [alertId, made] of Map.groupBy(told, (row) => row.alert_id)) {
    const next = nextRound(policy, made, unit.now);
    if (!next?.reminder || next.number > remindersMax + 1) continue;
    await insertAlertNotices(unit, { ids: unit.newId, alertId, channels: policy.channels, number: next.number, dueAt: null });
  }
}

/** Claims a notice for one attempt, before anything is sent; null when another caller has it or it has ended. */
export async function claimAlertNotice(deps: CompanyDeps, id: string): Promise<ClaimedAlert | null> {
  return await transact(deps, async (unit) => {
    const row = await takeAlertNotice(unit, id);
    if (!row) return null;
    const { kind, subject, title, detail, items, opened_at } = row;
    const alert = { id: row.alert_id, kind, subject, title, detail, items, openedAt: opened_at.toISOString() };
    const expiry = row.expires_at && {
      at: row.expires_at.toISOString(),
      inMs: Math.max(0, row.expires_at.getTime() - unit.now.getTime()),
    };
    return { id, channel: row.channel, number: row.number, attempt: row.attempts, alert, expiry };
  });
}

/** Records how an attempt ended. `retry`: it may be tried again. `error` must hold no secret. */
export async function endAlertNotice(
  deps: CompanyDeps,
  claim: Pick<ClaimedAlert, "id" | "attempt" | "channel" | "alert">,
  outcome: AttemptOutcome,
): Promise<{ retry: boolean }> {
  return await transact(deps, async (unit) => {
    const error = outcome.status === "sent" ? null : outcome.error.slice(0, errorCharactersMax);
    const retry = outcome.status === "failed" && claim.attempt < noticeAttemptsMax;
    await endAlertAttempt(unit, { id: claim.id, attempt: claim.attempt, status: retry ? "waiting" : outcome.status, error });
    await writeChannelState(unit, { channel: claim.channel, error });
    await unit.event({
      type: `alert.notice_${outcome.status}`,
      source: "system",
      target: "human",
      payload: {
        alert: claim.alert.id,
        kind: claim.alert.kind,
        channel: claim.channel,
        attempt: claim.attempt,
        ...(error ? { error } : {}),
      },
    });
    return { retry };
  });
}
