import { type CompanyDeps, transact } from "../company.ts";
import { claimMsMax } from "../notices/plan-notices.ts";
import { type AttemptOutcome, noticeAttemptsMax } from "../notices/send-attempt.ts";
import {
  abandonAlertNotices,
  alertsToTell,
  endAlertAttempt,
  insertAlertNotices,
  takeAlertNotice,
  waitingAlertNotices,
} from "./queries.ts";

const alertsMax = 50;
const noticesMax = 200;
const errorCharactersMax = 500;

export interface ClaimedAlert {
  id: string;
  channel: string;
  attempt: number;
  alert: { id: string; kind: string; subject: string; title: string; detail: string; openedAt: string };
}

/** Makes each open alert's notices, one a channel, and says which wait. Alerts do not wait for quiet hours and are not repeated. */
export async function planAlertNotices(deps: CompanyDeps, channels: string[]): Promise<{ id: string; attempts: number }[]> {
  if (channels.length === 0) return [];
  return await transact(deps, async (unit) => {
    await abandonAlertNotices(unit, new Date(unit.now.getTime() - claimMsMax));
    const alertIds = await alertsToTell(unit, channels, alertsMax);
    await insertAlertNotices(unit, { ids: unit.newId, alertIds, channels });
    return await waitingAlertNotices(unit, { channels, limit: noticesMax });
  });
}

/** Claims a notice for one attempt, before anything is sent; null when another caller has it or it has ended. */
export async function claimAlertNotice(deps: CompanyDeps, id: string): Promise<ClaimedAlert | null> {
  return await transact(deps, async (unit) => {
    const row = await takeAlertNotice(unit, id);
    if (!row) return null;
    const { kind, subject, title, detail, opened_at } = row;
    const alert = { id: row.alert_id, kind, subject, title, detail, openedAt: opened_at.toISOString() };
    return { id, channel: row.channel, attempt: row.attempts, alert };
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
