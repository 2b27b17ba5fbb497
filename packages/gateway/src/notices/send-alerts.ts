import { AitoError } from "@aito/base";
import {
  approvalUrl,
  claimAlertNotice,
  type ClaimedAlert,
  endAlertNotice,
  type LinkMaker,
  makeDueBriefing,
  makeDueDigests,
  makeDueSynthesis,
  noticeAttemptsMax,
  planAlertNotices,
} from "@aito/company";
import type { NoticeChannel, NoticeMessage } from "@aito/connectors";
import type { GatewayContext } from "../gateway-context.ts";
import { lookAtBells } from "../look-at-bells.ts";
import { openWhenPossible } from "../open-when-possible.ts";
import type { NoticeSettings } from "./notice-settings.ts";
import { withAnswers } from "./with-answers.ts";
import { noticesEveryMs, outcomeOf } from "./send-notices.ts";

const jobName = "alert-notice";
const concurrency = 3;

/**
 * Tells the operator of each open alert and of the day's briefing by every channel, as background jobs, and again of what waits for
 * an answer. As with escalations the rows decide: a notice
 * is claimed before it is sent, and one whose sender died in between is unknown and not sent again.
 */
export async function sendAlerts(
  context: GatewayContext,
  options: { settings: NoticeSettings; links: LinkMaker },
): Promise<{ close(): Promise<void> }> {
  const { bus, deps } = context;
  const { links, settings } = options;
  const byName = new Map<string, NoticeChannel>(settings.channels.map((channel) => [channel.name, channel]));
  const policy = { channels: [...byName.keys()], remindMs: settings.remindMs, quietHours: settings.quietHours };
  const jobs = await openWhenPossible("alerts' jobs", context, () =>
    bus.consumeJobs(jobName, (_data, id) => sendOne(context, byName, { id, links }), { concurrency }),
  );
  const look = async (): Promise<void> => {
    await makeDueBriefing(deps);
    await makeDueSynthesis(deps);
    await makeDueDigests(deps);
    for (const { id, attempts } of await planAlertNotices(deps, policy)) {
      await bus.addJob(jobName, id, {}, { attempts: Math.max(1, noticeAttemptsMax - attempts) });
    }
  };
  const looking = await lookAtBells(context, {
    name: "alerts' bell",
    events: ["alert.opened"],
    everyMs: noticesEveryMs,
    look,
    trouble: "waiting alerts could not be read",
  });
  return {
    close: async () => {
      await jobs.close();
      await looking.close();
    },
  };
}

async function sendOne(
  context: GatewayContext,
  channels: Map<string, NoticeChannel>,
  notice: { id: string; links: LinkMaker },
): Promise<void> {
  const { deps, log } = context;
  const claim = await claimAlertNotice(deps, notice.id);
  const channel = claim && channels.get(claim.channel);
  if (!claim || !channel) return;
  deps.crashPoint?.("notice.after_claim");
  const { kind, subject } = claim.alert;
  const plain = alertMessage(claim, { rehearsal: deps.rehearsal, links: notice.links });
  const message = kind === "approval" ? await withAnswers(context, channel, { message: plain, kind, subject }) : plain;
  const result = await channel.send(message);
  deps.crashPoint?.("notice.after_send");
  const { retry } = await endAlertNotice(deps, claim, outcomeOf(result));
  const fields = { alert: claim.alert.id, kind: claim.alert.kind, channel: claim.channel, attempt: claim.attempt };
  if (result.ok) return log.info(fields, "alert sent");
  log.warn({ ...fields, error: result.error, arrived: result.arrived }, "alert not sent");
  if (retry) throw new AitoError("AITO_NOTICE_FAILED", result.error, { fate: "retry" });
}

/** What the operator is told: what is wrong, since when, and where to look. */
export function alertMessage(
  { id, alert, number, expiry }: ClaimedAlert,
  given: { rehearsal: boolean; links: LinkMaker },
): NoticeMessage {
  const { rehearsal, links } = given;
  // What waits for an answer leads to its form, everything else to the console.
  const url = alert.kind === "approval" ? approvalUrl(links, alert.subject) : consoleUrl(alert, links.publicUrl);
  const ends =
    expiry === null ? "" : `${number > 1 ? "Still unanswered. " : ""}It ends in ${span(expiry.inMs)}: silence is a denial. `;
  return {
    id,
    alert: true,
    number,
    title: alert.title,
    facts: `${alert.kind.replaceAll("_", " ")} · ${alert.subject} · since ${alert.openedAt.slice(0, 16).replace("T", " ")} UTC`,
    reason: `${ends}${alert.detail}`,
    ...(leads[alert.kind] ? { lead: leads[alert.kind]! } : {}),
    items: alert.items.map(({ text, path }) => ({ text, url: path === null ? null : new URL(path, links.publicUrl).href })),
    ballots: [],
    url,
    expiresAt: expiry?.at ?? "",
    rehearsal,
    payload: { type: "alert.opened", rehearsal, alert, number, ...(expiry ? { expiresAt: expiry.at } : {}), url },
  };
}

/** What asks nothing of its reader says so in its first word. */
const leads: Record<string, string> = { briefing: "Briefing", synthesis: "The day", digest: "Closed" };

/** Where the console shows what the alert is about. */
function consoleUrl({ kind, subject }: ClaimedAlert["alert"], publicUrl: string): string {
  if (kind === "digest") return new URL(`/work/${subject}`, publicUrl).href;
  return kind === "briefing" || kind === "synthesis" ? new URL("/briefing", publicUrl).href : publicUrl;
}

const minuteMs = 60_000;
/** `3 h 20 min`. */
function span(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / minuteMs));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 ? `${hours} h` : "", rest > 0 ? `${rest} min` : ""].filter(Boolean).join(" ");
}
