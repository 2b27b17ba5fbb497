import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SentMessage {
  messageId: number;
  text: string;
  /** Buttons that answer, by their text. */
  buttons: Record<string, string>;
  /** As it stands after edits. */
  shown: string;
}

interface Person {
  chat?: number;
  account?: number;
  username?: string;
}

/**
 * The part of the Bot API that is used, as its documentation has it: one bot, long polling with offsets, 409 for a second poll at the same
 * time, 401 for another token.
 */
export async function fakeTelegram(token: string) {
  const sent: SentMessage[] = [];
  const told: { pressId: string; text: string }[] = [];
  const updates: { update_id: number }[] = [];
  let polling: { response: ServerResponse; offset: number } | null = null;
  let [lastUpdate, lastPress] = [100, 0];
  let conflicts = 0;
  const reply = (response: ServerResponse, status: number, body: object): void =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const flush = (): void => {
    if (!polling) return;
    const { response, offset } = polling;
    const due = updates.filter(({ update_id: id }) => id >= offset);
    if (due.length === 0) return;
    polling = null;
    reply(response, 200, { ok: true, result: due });
  };
  const push = (update: object): void => {
    updates.push({ update_id: (lastUpdate += 1), ...update });
    flush();
  };
  const methods: Record<string, (body: Record<string, unknown>, response: ServerResponse) => void> = {
    sendMessage: (body, response) => {
      const rows = (body["reply_markup"] as { inline_keyboard: { text: string; callback_data?: string }[][] } | undefined)
        ?.inline_keyboard;
      const buttons = Object.fromEntries(
        (rows ?? []).flat().flatMap(({ text, callback_data: data }) => (data ? [[text, data]] : [])),
      );
      const message = { messageId: sent.length + 1, text: body["text"] as string, buttons, shown: body["text"] as string };
      sent.push(message);
      reply(response, 200, {
        ok: true,
        result: { message_id: message.messageId, date: 0, chat: { id: Number(body["chat_id"]) } },
      });
    },
    editMessageText: (body, response) => {
      const message = sent[Number(body["message_id"]) - 1]!;
      [message.shown, message.buttons] = [body["text"] as string, {}];
      reply(response, 200, { ok: true, result: true });
    },
    answerCallbackQuery: (body, response) => {
      told.push({ pressId: body["callback_query_id"] as string, text: body["text"] as string });
      reply(response, 200, { ok: true, result: true });
    },
    getUpdates: (body, response) => {
      if (polling) {
        conflicts += 1;
        reply(polling.response, 409, {
          ok: false,
          error_code: 409,
          description: "Conflict: terminated by other getUpdates request",
        });
      }
      const offset = Number(body["offset"]);
      while (updates[0] && updates[0].update_id < offset) updates.shift();
      const mine = { response, offset };
      polling = mine;
      response.on("close", () => {
        if (polling === mine) polling = null;
      });
      flush();
    },
  };
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const [, bot, method = ""] = request.url!.split("/");
      if (bot !== `bot${token}`) return reply(response, 401, { ok: false, error_code: 401, description: "Unauthorized" });
      methods[method]?.(JSON.parse(text || "{}") as Record<string, unknown>, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const from = ({ account = 7, username = "ada" }: Person) => ({ id: account, is_bot: false, first_name: "Ada", username });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    conflicts: () => conflicts,
    write: (text: string, who: Person = {}) =>
      push({ message: { message_id: 1, date: 0, chat: { id: who.chat ?? 42 }, from: from(who), text } }),
    /** Presses; answers the press's id, by which what was told is found. */
    press: (data: string, message: Pick<SentMessage, "messageId" | "text">, who: Person = {}): string => {
      const id = `press-${(lastPress += 1)}`;
      const about = { message_id: message.messageId, date: 0, chat: { id: who.chat ?? 42 }, text: message.text };
      push({ callback_query: { id, from: from(who), message: about, data, chat_instance: "1" } });
      return id;
    },
    toldOf: (pressId: string): string | null => told.find((each) => each.pressId === pressId)?.text ?? null,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
