import type { Unit } from "../company.ts";
import { endAlert, insertAlert } from "./queries.ts";

/** What an operator must know without having asked: it stays open until it is over. */
export interface Alert {
  kind: "quarantine" | "heads_lost" | "budget" | "anomaly" | "approval" | "bus" | "briefing" | "synthesis" | "digest" | "tool";
  /** What it is about; at most one alert of a kind about a subject is open. */
  subject: string;
  title: string;
  detail: string;
}

/** Opens it unless it is open (false then); the gateway tells it by every configured channel, once. */
export async function openAlert(unit: Unit, alert: Alert): Promise<boolean> {
  const detail = alert.detail.slice(0, 2_000);
  const subject = alert.subject.slice(0, 100);
  if (!(await insertAlert(unit, { ...alert, id: unit.newId(), subject, detail }))) return false;
  await unit.event({
    type: "alert.opened",
    source: "system",
    target: "human",
    payload: { kind: alert.kind, subject, title: alert.title, detail },
  });
  return true;
}

export async function closeAlert(unit: Unit, alert: Pick<Alert, "kind" | "subject">): Promise<void> {
  if ((await endAlert(unit, alert.kind, alert.subject.slice(0, 100))) === null) return;
  await unit.event({
    type: "alert.closed",
    source: "system",
    target: "human",
    payload: { kind: alert.kind, subject: alert.subject },
  });
}
