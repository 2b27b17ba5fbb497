import { errorText } from "@aito/base";
import { Api, GrammyError, HttpError, InlineKeyboard } from "grammy";
import type { NoticeChannel, SendResult } from "../notice-channel.ts";
import { noticeText } from "../notice-text.ts";

const telegramTimeoutSeconds = 20;
/** Codes of a connection that never was: nothing can have been delivered. */
const neverConnected = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/**
 * Notices by a Telegram bot to one chat: plain text (no markup is parsed, no preview is fetched) with a button that opens the form.
 * `apiRoot` is another address of the Bot API. The token is never in an error.
 */
export function telegramChannel(options: { token: string; chat: string; apiRoot?: string | undefined }): NoticeChannel {
  const client = {
    timeoutSeconds: telegramTimeoutSeconds,
    ...(options.apiRoot ? { apiRoot: options.apiRoot.replace(/\/+$/, "") } : {}),
  };
  const api = new Api(options.token, client);
  return {
    name: "telegram",
    send: async (message) => {
      // The Bot API refuses a button whose host has no dot ("localhost"); the text has the link in any case.
      const button = new URL(message.url).hostname.includes(".")
        ? new InlineKeyboard().url(message.alert ? "See the company" : "Read and decide", message.url)
        : undefined;
      try {
        await api.sendMessage(options.chat, noticeText(message), {
          link_preview_options: { is_disabled: true },
          ...(button ? { reply_markup: button } : {}),
        });
        return { ok: true };
      } catch (error) {
        return failure(error);
      }
    },
  };
}

function failure(error: unknown): SendResult {
  if (error instanceof GrammyError) {
    // A 5xx of the Bot API says nothing about whether the message went out before it.
    const arrived = error.error_code >= 500 ? "unknown" : "no";
    return { ok: false, arrived, error: `Telegram answered ${error.error_code}: ${error.description}` };
  }
  if (error instanceof HttpError) {
    const code = (error.error as { code?: unknown } | null)?.code;
    if (typeof code === "string" && neverConnected.has(code))
      return { ok: false, arrived: "no", error: `Telegram cannot be reached: ${code}` };
    return { ok: false, arrived: "unknown", error: "Telegram gave no answer" };
  }
  return { ok: false, arrived: "unknown", error: errorText(error) };
}
