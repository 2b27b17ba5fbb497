import { AitoError } from "@aito/base";
import {
  type AttemptOutcome,
  claimNotice,
  endNoticeAttempt,
  type LinkMaker,
  noticeAttemptsMax,
  planNotices,
} from "@aito/company";
import type { NoticeChannel, SendResult } from "@aito/connectors";
import type { GatewayContext } from "../gateway-context.ts";
import { lookAtBells } from "../look-at-bells.ts";
import { openWhenPossible } from "../open-when-possible.ts";
import { noticeMessage } from "./notice-message.ts";
import { withAnswers } from "./with-answers.ts";
import type { NoticeSettings } from "./notice-settings.ts";

/** How often notices are looked for, bells aside. */
export const noticesEveryMs = 5_000;
const jobName = "escalation-notice";
const concurrency = 3;

/**
 * Tells the human of each waiting escalation by every configured channel, as background jobs. The rows decide, not the jobs: a
 * notice is claimed before it is sent, so that doubled, repeated and late jobs send nothing, and one whose sender died in between
 * is shown as unknown instead of being sent again. Retries follow the queue's backoff; reminders follow the settings.
 */
export async function sendNotices(
  context: GatewayContext,
  options: { settings: NoticeSettings; links: LinkMaker },
): Promise<{ close(): Promise<void> }> {
  const { bus, deps } = context;
  const { settings, links } = options;
  const byName = new Map<string, NoticeChannel>(settings.channels.map((channel) => [channel.name, channel]));
  const policy = { channels: [...byName.keys()], remindMs: settings.remindMs, quietHours: settings.quietHours };
  const jobs = await openWhenPossible("notices' jobs", context, () =>
    bus.consumeJobs(jobName, (_data, id) => sendOne(context, byName, links, id), { concurrency }),
  );
  const look = async (): Promise<void> => {
    for (const { id, attempts } of await planNotices(deps, links, policy)) {
      await bus.addJob(jobName, id, {}, { attempts: Math.max(1, noticeAttemptsMax - attempts) });
    }
  };
  const looking = await lookAtBells(context, {
    name: "notices' bell",
    events: ["escalation."],
    everyMs: noticesEveryMs,
    look,
    trouble: "waiting notices could not be read",
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
  links: LinkMaker,
  id: string,
): Promise<void> {
  const { deps, log } = context;
  const claim = await claimNotice(deps, links, id);
  const channel = claim && channels.get(claim.channel);
  if (!claim || !channel) return;
  deps.crashPoint?.("notice.after_claim");
  const message = noticeMessage(claim, deps.rehearsal);
  const subject = claim.escalation.id;
  const result = await channel.send(await withAnswers(context, channel, { message, kind: "escalation", subject }));
  deps.crashPoint?.("notice.after_send");
  const { retry } = await endNoticeAttempt(deps, claim, outcomeOf(result));
  const fields = { escalation: claim.escalation.id, channel: claim.channel, number: claim.number, attempt: claim.attempt };
  if (result.ok) return log.info(fields, "notice sent");
  log.warn({ ...fields, error: result.error, arrived: result.arrived }, "notice failed");
  // The queue tries again later, also after a plain refusal: an operator may be mending the receiver.
  if (retry) throw new AitoError("AITO_NOTICE_FAILED", result.error, { fate: "retry" });
}

export function outcomeOf(result: SendResult): AttemptOutcome {
  if (result.ok) return { status: "sent" };
  return { status: result.arrived === "unknown" ? "unknown" : "failed", error: result.error };
}
