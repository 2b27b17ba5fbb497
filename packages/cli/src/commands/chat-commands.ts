import { ChatCode, ChatView, operatorApi } from "@aito/protocol";
import type { Command } from "commander";
import { z } from "zod";
import { table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf } from "./command-kit.ts";

/** `aito chats`: chats whose buttons answer for an operator. */
export function addChats(program: Command, terminal: Terminal): void {
  const group = program.command("chats").description("Telegram chats whose buttons answer for you");
  addCommand(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "linked chats: whose they are, and since when",
      json: true,
      detail: 'JSON: [{"id","chat","accountName","operator","linkedAt"}]',
    },
    terminal,
    async (run) => {
      const { items } = await run.console().get(operatorApi.chats, z.object({ items: z.array(ChatView) }));
      if (run.json) return jsonLine(terminal, items);
      if (items.length === 0) return line(terminal, "no chat is linked: aito chats code");
      const rows = items.map((each) => [each.id, each.chat, each.accountName, each.operator, each.linkedAt]);
      line(terminal, table(["id", "chat", "account", "answers as", "since"], rows));
    },
  );
  addCommand(
    group,
    {
      usage: "code",
      summary: "a code that links the company's chat to you, once, within a quarter of an hour",
      json: true,
      detail: 'JSON: {"code","expiresAt"}',
    },
    terminal,
    async (run) => {
      const made = await run.console().post(`${operatorApi.chats}/codes`, {}, ChatCode);
      if (run.json) return jsonLine(terminal, made);
      line(terminal, `write this into the company's chat, from your own account, until ${made.expiresAt}:`);
      line(terminal, `/link ${made.code}`);
    },
  );
  addCommand<BaseOptions>(
    group,
    { usage: "end <id>", summary: "let its buttons answer nothing any more", json: true, detail: 'JSON: {"id","chat",…}' },
    terminal,
    async (run, _options, [id = ""]) => {
      const ended = await run.console().post(`${operatorApi.chats}/${idOf(id, "a linked chat")}/end`, {}, ChatView);
      if (run.json) return jsonLine(terminal, ended);
      line(terminal, `the chat ${ended.chat} answers for ${ended.operator} no more`);
    },
  );
}
