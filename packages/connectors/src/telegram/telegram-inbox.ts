import { AitoError } from "@aito/base";
import type { Api } from "grammy";
import type { ChatInbox, ChatUpdate } from "../chat-inbox.ts";
import { telegramFailure } from "./telegram-failure.ts";

/** How long one question waits for something to happen. */
export const pollSeconds = 25;
const updatesMax = 50;
const messageCharactersMax = 4_096;
const answerCharactersMax = 190;
const textCharactersMax = 500;

type Update = Awaited<ReturnType<Api["getUpdates"]>>[number];
type Person = { id: number; first_name: string; last_name?: string; username?: string };

/** The bot's chat, by long polling: it works behind any NAT, and nothing has to be reachable from outside. */
export function telegramInbox(api: Api, chat: string): ChatInbox {
  return {
    chat,
    poll: async (from, signal) => {
      const asked = {
        offset: Number(from),
        timeout: pollSeconds,
        limit: updatesMax,
        allowed_updates: ["message", "callback_query"],
      };
      const found = await known(() => api.getUpdates(asked as Parameters<Api["getUpdates"]>[0], signal as never));
      const updates = found.map((update) => updateOf(update, chat));
      const last = found.at(-1);
      const mine = updates.filter((update) => update !== null);
      return { updates: mine, ignored: updates.length - mine.length, next: last ? BigInt(last.update_id) + 1n : from };
    },
    answerPress: async (press, { told, over }) => {
      // A press that is too old takes no answer any more; the message tells it in any case.
      await known(() =>
        api.answerCallbackQuery(press.pressId, { text: told.slice(0, answerCharactersMax), show_alert: true }),
      ).catch(() => undefined);
      if (!over) return;
      const text = `${press.text.slice(0, messageCharactersMax - told.length - 2)}\n\n${told}`;
      await known(() => api.editMessageText(chat, press.messageId, text, { link_preview_options: { is_disabled: true } }));
    },
    say: async (text) => {
      await known(() => api.sendMessage(chat, text, { link_preview_options: { is_disabled: true } }));
    },
  };
}

/** Null for what is none of ours: another chat, an anonymous sender, another kind of update. */
function updateOf(update: Update, chat: string): ChatUpdate | null {
  const { message, callback_query: press } = update;
  const where = message?.chat ?? press?.message?.chat;
  const who = message?.from ?? press?.from;
  if (!where || !who || who.is_bot || !isThere(where, chat)) return null;
  const from = { chat, account: String(who.id), accountName: nameOf(who) };
  if (message) return message.text ? { ...from, kind: "text", text: message.text.slice(0, textCharactersMax) } : null;
  if (!press?.data || !press.message) return null;
  const text = "text" in press.message ? (press.message.text ?? "") : "";
  return { ...from, kind: "press", pressId: press.id, token: press.data, messageId: press.message.message_id, text };
}

/** A chat is set by its number, or a public one by its `@name`. */
const isThere = (where: { id: number; username?: string }, chat: string): boolean =>
  String(where.id) === chat || (where.username !== undefined && chat === `@${where.username}`);

const nameOf = ({ first_name: first, last_name: last, username }: Person): string =>
  username ? `@${username}` : [first, last].filter(Boolean).join(" ");

async function known<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new AitoError("AITO_CHAT_FAILED", telegramFailure(error).error, { fate: "retry" });
  }
}
