import { AitoError, errorText } from "@aito/base";
import {
  approvalUrl,
  claimAlertNotice,
  type ClaimedAlert,
  endAlertNotice,
  type LinkMaker,
  noticeAttemptsMax,
  planAlertNotices,
} from "@aito/company";
import type { NoticeChannel, NoticeMessage } from "@aito/connectors";
import type { GatewayContext } from "../gateway-context.ts";
import { openWhenPossible } from "../open-when-possible.ts";
import { lookEveryMs, outcomeOf } from "./send-notices.ts";

const jobName = "alert-notice";
const concurrency = 3;

/**
 * Tells the operator of each open alert by every channel, once, as background jobs. As with escalations the rows decide: a notice
 * is claimed before it is sent, and one whose sender died in between is unknown and not sent again.
 */
export async function sendAlerts(
  context: GatewayContext,
  options: { channels: NoticeChannel[]; links: LinkMaker },
): Promise<{ close(): Promise<void> }> {
  const { bus, clock, log, signal, deps } = context;
  const byName = new Map<string, NoticeChannel>(options.channels.map((channel) => [channel.name, channel]));
  const { links } = options;
  const jobs = await openWhenPossible("alerts' jobs", context, () =>
    bus.consumeJobs(jobName, (_data, id) => sendOne(context, byName, { id, links }), { concurrency }),
  );
  const loop = (async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        for (const { id, attempts } of await planAlertNotices(deps, [...byName.keys()])) {
          await bus.addJob(jobName, id, {}, { attempts: Math.max(1, noticeAttemptsMax - attempts) });
        }
      } catch (error) {
        log.warn({ error: errorText(error) }, "waiting alerts could not be read");
      }
      await clock.sleep(lookEveryMs, signal).catch(() => undefined);
    }
  })();
  return {
    close: async () => {
      await jobs.close();
      await loop;
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
  const result = await channel.send(alertMessage(claim, { rehearsal: deps.rehearsal, links: notice.links }));
  deps.crashPoint?.("notice.after_send");
  const { retry } = await endAlertNotice(deps, claim, outcomeOf(result));
  const fields = { alert: claim.alert.id, kind: claim.alert.kind, channel: claim.channel, attempt: claim.attempt };
  if (result.ok) return log.info(fields, "alert sent");
  log.warn({ ...fields, error: result.error, arrived: result.arrived }, "alert not sent");
  if (retry) throw new AitoError("AITO_NOTICE_FAILED", result.error, { fate: "retry" });
}

/** What the operator is told: what is wrong, since when, and where to look. */
export function alertMessage({ id, alert }: ClaimedAlert, given: { rehearsal: boolean; links: LinkMaker }): NoticeMessage {
  const { rehearsal, links } = given;
  // What waits for an answer leads to its form, everything else to the console.
  const url = alert.kind === "approval" ? approvalUrl(links, alert.subject) : links.publicUrl;
  return {
    id,
    alert: true,
    number: 1,
    title: alert.title,
    facts: `${alert.kind.replaceAll("_", " ")} · ${alert.subject} · since ${alert.openedAt.slice(0, 16).replace("T", " ")} UTC`,
    reason: alert.detail,
    ballots: [],
    url,
    expiresAt: "",
    rehearsal,
    payload: { type: "alert.opened", rehearsal, alert, url },
  };
}
