import type { NoticeItem } from "@aito/protocol";
import type { Unit } from "../company.ts";
import { endAlert, insertAlert } from "./queries.ts";

/** What an operator must know without having asked: it stays open until it is over. */
export interface Alert {
  kind:
    | "quarantine"
    | "heads_lost"
    | "budget"
    | "anomaly"
    | "approval"
    | "bus"
    | "briefing"
    | "synthesis"
    | "digest"
    | "tool"
    | "work"
    | "breaker";
  /** What it is about; at most one alert of a kind about a subject is open. */
  subject: string;
  title: string;
  detail: string;
  /** When silence decides. */
  endsAt?: Date;
  /** What it lists, each with its record. */
  items?: NoticeItem[];
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
    payload: {
      kind: alert.kind,
      subject,
      title: alert.title,
      detail,
      ...(alert.endsAt ? { endsAt: alert.endsAt.toISOString() } : {}),
    },
  });
  return true;
}

/** False when none was open. */
export async function closeAlert(unit: Unit, alert: Pick<Alert, "kind" | "subject">): Promise<boolean> {
  if ((await endAlert(unit, alert.kind, alert.subject.slice(0, 100))) === null) return false;
  await unit.event({
    type: "alert.closed",
    source: "system",
    target: "human",
    payload: { kind: alert.kind, subject: alert.subject },
  });
  return true;
}
