import { AgentMessage, MessageDetail, operatorApi, pageOf } from "@aito/protocol";
import type { Command } from "commander";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf, wholeNumber } from "./command-kit.ts";

/** `messages`: what agents wrote to each other, one of them with its readers, and the conversation around it. */
export function addMessages(program: Command, terminal: Terminal): void {
  const group = program.command("messages").description("what agents wrote to each other");
  addCommand<BaseOptions & { limit: number }>(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "messages, newest last",
      json: true,
      detail: 'JSON: [{"id","type","from","to","payload","priority","timestamp","requires_response",…}], newest first',
      build: (command) => command.option("--limit <n>", "at most this many", wholeNumber(1, 200), 50),
    },
    terminal,
    async (run, { limit }) => {
      const page = await run.console().get(operatorApi.messages, pageOf(AgentMessage), { limit });
      if (run.json) return jsonLine(terminal, page.items);
      if (page.items.length === 0) return line(terminal, "no messages yet");
      for (const message of page.items.toReversed()) line(terminal, lineOf(message, 100));
    },
  );
  addCommand(
    group,
    {
      usage: "show <id>",
      summary: "one message, and who was given it and has read it",
      json: true,
      detail: 'JSON: {"message","respondedAt","readers":[{"agent","deliveredAt","readAt","rings"}]}',
    },
    terminal,
    async (run, _options, [id]) => {
      const { thread, ...detail } = await run.console().get(`${operatorApi.messages}/${idOf(id!, "a message")}`, MessageDetail);
      if (run.json) return jsonLine(terminal, detail);
      line(terminal, lineOf(detail.message, 4_000));
      const { message, respondedAt } = detail;
      if (message.requires_response) line(terminal, `an answer was asked for: ${respondedAt ?? "none yet"}`);
      const rows = detail.readers.map(({ agent, deliveredAt, readAt }) => [agent, deliveredAt ?? "-", readAt ?? "-"]);
      if (rows.length > 0) line(terminal, table(["for", "given", "read"], rows));
      if (thread.length > 1) line(terminal, `one of ${thread.length}: aito messages thread ${message.id}`);
    },
  );
  addCommand(
    group,
    {
      usage: "thread <id>",
      summary: "the conversation that a message is part of, oldest first",
      json: true,
      detail: "JSON: messages",
    },
    terminal,
    async (run, _options, [id]) => {
      const { thread } = await run.console().get(`${operatorApi.messages}/${idOf(id!, "a message")}`, MessageDetail);
      if (run.json) return jsonLine(terminal, thread);
      for (const message of thread) line(terminal, lineOf(message, 4_000));
    },
  );
}

const lineOf = ({ timestamp, id, from, to, type, payload }: AgentMessage, charsMax: number): string =>
  `${timestamp}  ${id}  ${from} -> ${to}  ${type}  ${short(payloadText(payload), charsMax)}`;

/** What a message says, without its envelope. */
function payloadText(payload: Record<string, unknown>): string {
  for (const key of ["text", "title", "status"]) if (typeof payload[key] === "string") return payload[key];
  return JSON.stringify(payload);
}
