import type { Clock } from "@aito/base";
import type { NoticeChannel } from "../notice-channel.ts";
import { sendWebhook } from "./send-webhook.ts";

/**
 * Notices by signed webhook. `secrets`: the newest first; while a second one is live both sign. A receiver drops repeats by
 * `x-aito-event-id`, so an attempt without an answer counts as not arrived and is made again.
 */
export function webhookChannel(options: { url: string; secrets: string[]; clock: Clock }): NoticeChannel {
  return {
    name: "webhook",
    to: new URL(options.url).host,
    send: async (message) => {
      const { url, secrets, clock } = options;
      const result = await sendWebhook({ url, secret: secrets, eventId: message.id, payload: message.payload, clock });
      return result.ok ? { ok: true } : { ok: false, arrived: "no", error: result.error };
    },
  };
}
