import { AitoError, errorText } from "@aito/base";
import { sendWebhook } from "@aito/connectors";
import { channels } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";

/** One escalation that a human should hear of, with a working link. */
export interface Notice {
  /** The same at every attempt: the receiver's key for dropping a repeat. */
  id: string;
  /** How often sending it failed so far. */
  attempts: number;
  decision: Record<string, unknown>;
  reason: string;
  url: string;
  expiresAt: string;
}

/** The records behind the notices. `pending` leaves out what was sent and what was tried too often. */
export interface NoticeRecords {
  pending(): Promise<Notice[]>;
  sent(id: string): Promise<void>;
  failed(id: string, error: string): Promise<void>;
}

/** With the queue's doubling wait: a quarter of an hour of trying. After that the console alone shows the escalation. */
export const noticeAttemptsMax = 10;
export const lookEveryMs = 5_000;
const jobName = "escalation-notice";

/**
 * Sends each waiting escalation's notice by one signed webhook, as a background job: retried with backoff, every attempt
 * recorded, at least once. Looks when something happened in the company, and every few seconds.
 */
export async function sendNotices(
  context: GatewayContext,
  options: { webhook: { url: string; secret: string }; records: NoticeRecords },
): Promise<{ close(): Promise<void> }> {
  const { bus, clock, log, signal } = context;
  const { records, webhook } = options;
  let wake = (): void => undefined;
  const bell = await bus.subscribe([channels.console], () => wake());
  const jobs = await bus.consumeJobs(jobName, async (_data, id) => {
    const notice = (await records.pending()).find((each) => each.id === id);
    if (!notice) return;
    const payload = {
      type: "escalation.waiting",
      rehearsal: context.deps.rehearsal,
      decision: notice.decision,
      reason: notice.reason,
      url: notice.url,
      expiresAt: notice.expiresAt,
    };
    const result = await sendWebhook({ ...webhook, eventId: notice.id, payload, clock });
    if (result.ok) {
      await records.sent(notice.id);
      log.info({ escalation: notice.id, status: result.status }, "notice sent");
      return;
    }
    await records.failed(notice.id, result.error);
    log.warn({ escalation: notice.id, attempt: notice.attempts + 1, error: result.error }, "notice failed");
    // The queue tries again later, also after a plain refusal: an operator may be mending the receiver.
    throw new AitoError("AITO_NOTICE_FAILED", result.error, { fate: "retry" });
  });

  const loop = (async (): Promise<void> => {
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        for (const notice of await records.pending()) {
          await bus.addJob(jobName, notice.id, {}, { attempts: Math.max(1, noticeAttemptsMax - notice.attempts) });
        }
      } catch (error) {
        log.warn({ error: errorText(error) }, "waiting notices could not be read");
      }
      const rest = new AbortController();
      await Promise.race([rung, clock.sleep(lookEveryMs, AbortSignal.any([signal, rest.signal])).catch(() => undefined)]);
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
