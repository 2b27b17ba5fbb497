import { Acceptance, IdeaView, operatorApi, pageOf } from "@aito/protocol";
import type { Command } from "commander";
import { z } from "zod";
import { money } from "../output/documents.ts";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf, wholeNumber } from "./command-kit.ts";

export function addIdeas(program: Command, terminal: Terminal): void {
  const group = program.command("ideas").description("ideas of the agents, their scores, and how humans answered");
  addCommand<BaseOptions & { limit: number; acceptance?: boolean }>(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "ideas, newest first; with --acceptance how humans answered each agent's proposals, by kind",
      json: true,
      detail: 'JSON: the ideas; with --acceptance [{"agent","kind","approved","vetoed","sentBack"}]',
      build: (command) =>
        command
          .option("--acceptance", "human answers by agent and kind")
          .option("--limit <n>", "at most this many", wholeNumber(1, 200), 50),
    },
    terminal,
    async (run, { limit, acceptance }) => {
      if (acceptance) return await showAcceptance(run, terminal);
      const page = await run.console().get(operatorApi.ideas, pageOf(IdeaView), { limit });
      if (run.json) return jsonLine(terminal, page.items);
      if (page.items.length === 0) return line(terminal, "no ideas yet");
      const rows = page.items.map((item) => [
        item.id,
        item.agent,
        item.status,
        String(item.score ?? ""),
        String(item.mentions),
        money(item.amountMicroUsd),
        short(item.taint === null ? item.title : `${item.title} (after reading from outside)`, 80),
      ]);
      line(terminal, table(["id", "agent", "status", "score", "times", "amount", "title"], rows));
    },
  );
  addCommand(
    group,
    { usage: "promote <id>", summary: "put an idea to the vote", json: true, detail: "JSON: the idea, with its decisionId" },
    terminal,
    async (run, _options, [id]) => {
      const idea = await run.console().post(`${operatorApi.ideas}/${idOf(id!, "an idea")}/promote`, {}, IdeaView);
      if (run.json) return jsonLine(terminal, idea);
      line(terminal, `«${short(idea.title, 80)}» is a decision now; follow it with: aito decisions show ${idea.decisionId}`);
    },
  );
}

async function showAcceptance(run: Parameters<Parameters<typeof addCommand>[3]>[0], terminal: Terminal): Promise<void> {
  const { items } = await run.console().get(operatorApi.acceptance, z.object({ items: z.array(Acceptance) }));
  if (run.json) return jsonLine(terminal, items);
  if (items.length === 0) return line(terminal, "no human has answered yet");
  const rows = items.map((item) => [
    item.agent,
    item.kind ?? "(no kind)",
    String(item.approved),
    String(item.vetoed),
    String(item.sentBack),
  ]);
  line(terminal, table(["agent", "kind", "approved", "vetoed", "sent back"], rows));
}
