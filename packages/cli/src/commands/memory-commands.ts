import { AitoError } from "@aito/base";
import { AskAnswer, type Evidence, Forgotten, MemoryView, operatorApi } from "@aito/protocol";
import type { Command } from "commander";
import { short } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf } from "./command-kit.ts";

const watchMs = 1_000;

/** `ask`, and the group `memory`. */
export function addMemory(program: Command, terminal: Terminal): void {
  addCommand(
    program,
    {
      usage: "ask <question...>",
      summary: "what the records say about a question, with citations; it says so when they do not tell",
      json: true,
      detail: 'JSON: {"question","agents","days","told","by","evidence":[{"kind","id","at","who","text","source","why"}]}',
    },
    terminal,
    async (run, _options, words) => {
      const answer = await run.console().post(operatorApi.ask, { question: words.join(" ") }, AskAnswer);
      if (run.json) return jsonLine(terminal, answer);
      if (!answer.told) return line(terminal, "The records do not tell.");
      for (const each of answer.evidence) line(terminal, evidenceLine(each));
      line(
        terminal,
        `(${answer.evidence.length} records; history searched by ${answer.by === "meaning" ? "meaning, words and time" : "words and time"})`,
      );
    },
  );
  const group = program.command("memory").description("what agents remember: how far it is embedded, and setting memories aside");
  addCommand(
    group,
    { usage: "status", isDefault: true, summary: "how many memories there are and by which model they are embedded", json: true },
    terminal,
    async (run) => {
      const view = await run.console().get(operatorApi.memory, MemoryView);
      if (run.json) return jsonLine(terminal, view);
      line(terminal, progressLine(view));
    },
  );
  addReindex(group, terminal);
  addForget(group, terminal);
}

function addReindex(group: Command, terminal: Terminal): void {
  addCommand(
    group,
    {
      usage: "reindex",
      summary: "follow how the gateway embeds memories anew after another embedder was set, until all are done",
      json: true,
      detail:
        "The gateway goes over the memories by itself as soon as it runs with another embedder, also after a restart; nothing stops\nmeanwhile. This shows the progress and ends when all have a vector of the present model.",
    },
    terminal,
    async (run) => {
      let before = -1;
      for (;;) {
        const view = await run.console().get(operatorApi.memory, MemoryView);
        if (view.embedded >= view.total) return run.json ? jsonLine(terminal, view) : line(terminal, progressLine(view));
        if (view.embedded !== before && !run.json) line(terminal, progressLine(view));
        before = view.embedded;
        await terminal.clock.sleep(watchMs);
      }
    },
  );
}

function addForget(group: Command, terminal: Terminal): void {
  interface Options extends BaseOptions {
    run?: string;
    source?: string;
    client?: string;
    delete?: boolean;
    reason: string;
  }
  addCommand<Options>(
    group,
    {
      usage: "forget",
      summary: "set all memories of a run, a source or a client aside, with their vectors and summaries",
      json: true,
      detail: 'JSON: {"memories","summaries"}',
      build: (command) =>
        command
          .option("--run <id>", "of this run")
          .option("--source <text>", "that came from this colleague or address")
          .option("--client <slug>", "of this client")
          .option("--delete", "delete them; without it they are kept in quarantine, found by nobody")
          .requiredOption("--reason <text>", "why, for the audit log"),
    },
    terminal,
    async (run, options) => {
      const given = [options.run, options.source, options.client].filter((each) => each !== undefined);
      if (given.length !== 1) {
        throw new AitoError("AITO_CLI_USAGE", "name exactly one of --run, --source and --client", {
          hint: "aito memory forget --help",
        });
      }
      const which = options.run
        ? { runId: idOf(options.run, "a run") }
        : options.source
          ? { sourceRef: options.source }
          : { client: options.client };
      const body = { which, how: options.delete ? "delete" : "quarantine", reason: options.reason };
      const done = await run.console().post(`${operatorApi.memory}/forget`, body, Forgotten);
      if (run.json) return jsonLine(terminal, done);
      line(
        terminal,
        `${done.memories} memories ${options.delete ? "deleted" : "set aside"}, ${done.summaries} summaries with them`,
      );
    },
  );
}

const progressLine = ({ embedder, total, embedded }: MemoryView): string =>
  `${total} memories, ${embedded} of them embedded${embedder ? ` by ${embedder}` : ""}; the others are found by their words`;

const evidenceLine = ({ kind, id, at, who, text, source }: Evidence): string =>
  `${at.slice(0, 16).replace("T", " ")}  ${short(who, 20)}: ${short(text, 200)}${source === "outside" ? "  (from outside)" : ""}  [${kind} ${id}]`;
