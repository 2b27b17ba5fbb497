import { Api, InlineKeyboard } from "grammy";
import type { NoticeChannel, NoticeMessage } from "../notice-channel.ts";
import { noticeText } from "../notice-text.ts";
import { telegramFailure } from "./telegram-failure.ts";
import { pollSeconds, telegramInbox } from "./telegram-inbox.ts";

const telegramTimeoutSeconds = 20;
const graceSeconds = 10;

/**
 * Notices by a Telegram bot to one chat: plain text (no markup is parsed, no preview is fetched) with buttons that answer, where the
 * message has some, and one that opens the form. `apiRoot` is another address of the Bot API. The token is never in an error.
 */
export function telegramChannel(options: { token: string; chat: string; apiRoot?: string | undefined }): NoticeChannel {
  const root = options.apiRoot ? { apiRoot: options.apiRoot.replace(/\/+$/, "") } : {};
  const api = new Api(options.token, { timeoutSeconds: telegramTimeoutSeconds, ...root });
  const polling = new Api(options.token, { timeoutSeconds: pollSeconds + graceSeconds, ...root });
  return {
    name: "telegram",
    to: `chat ${options.chat}`,
    inbox: {
      ...telegramInbox(api, options.chat),
      poll: (from, signal) => telegramInbox(polling, options.chat).poll(from, signal),
    },
    send: async (message) => {
      const keyboard = keyboardOf(message);
      try {
        await api.sendMessage(options.chat, noticeText(message), {
          link_preview_options: { is_disabled: true },
          ...(keyboard.inline_keyboard.flat().length > 0 ? { reply_markup: keyboard } : {}),
        });
        return { ok: true };
      } catch (error) {
        return telegramFailure(error);
      }
    },
  };
}

function keyboardOf(message: NoticeMessage): InlineKeyboard {
  const keyboard = new InlineKeyboard();
  for (const { text, token } of message.buttons ?? []) keyboard.text(text, token);
  // The Bot API refuses a button whose host has no dot ("localhost"); the text has the link in any case.
  if (!new URL(message.url).hostname.includes(".")) return keyboard;
  if (message.buttons?.length) keyboard.row();
  return keyboard.url(message.alert ? "See the company" : "Read and decide", message.url);
}
