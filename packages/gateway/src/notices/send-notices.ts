import { AitoError, errorText } from "@aito/base";
import {
  type AttemptOutcome,
  claimNotice,
  endNoticeAttempt,
  type LinkMaker,
  noticeAttemptsMax,
  planNotices,
} from "@aito/company";
import type { NoticeChannel, SendResult } from "@aito/connectors";
import { channels as busChannels } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";
import { openWhenPossible } from "../open-when-possible.ts";
import { noticeMessage } from "./notice-message.ts";
import type { NoticeSettings } from "./notice-settings.ts";

const lookEveryMs = 5_000;
/** Without a channel nothing is sent: only what an earlier life left behind is put in order. */
const restEveryMs = 30_000;
/** How often notices are looked for, bells aside. */
export const noticesEveryMs = (channels: number): number => (channels === 0 ? restEveryMs : lookEveryMs);
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
  const { bus, clock, log, signal, deps } = context;
  const { settings, links } = options;
  const byName = new Map<string, NoticeChannel>(settings.channels.map((channel) => [channel.name, channel]));
  const policy = { channels: [...byName.keys()], remindMs: settings.remindMs, quietHours: settings.quietHours };
  let wake = (): void => undefined;
  const bell = await openWhenPossible("notices' bell", context, () => bus.subscribe([busChannels.console], () => wake()));
  const jobs = await openWhenPossible("notices' jobs", context, () =>
    bus.consumeJobs(jobName, (_data, id) => sendOne(context, byName, links, id), { concurrency }),
  );

  const loop = (async (): Promise<void> => {
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        for (const { id, attempts } of await planNotices(deps, links, policy)) {
          await bus.addJob(jobName, id, {}, { attempts: Math.max(1, noticeAttemptsMax - attempts) });
        }
      } catch (error) {
        log.warn({ error: errorText(error) }, "waiting notices could not be read");
      }
      const rest = new AbortController();
      await Promise.race([
        rung,
        clock.sleep(noticesEveryMs(byName.size), AbortSignal.any([signal, rest.signal])).catch(() => undefined),
      ]);
      rest.abort();
    }
  })();
  return {
    close: async () => {
      await jobs.close();
      await bell.close();
      await loop;
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
  const result = await channel.send(noticeMessage(claim, deps.rehearsal));
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
