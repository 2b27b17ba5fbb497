import { AitoError } from "@aito/base";
import {
  AskAnswer,
  type Evidence,
  Forgotten,
  FoundMemories,
  type MemoryItem,
  MemoryView,
  operatorApi,
  type Prose,
  type StatedNumber,
} from "@aito/protocol";
import { type Command, Option } from "commander";
import { short } from "../output/table.ts";
import { jsonLine, line, note, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf } from "./command-kit.ts";

const watchMs = 1_000;
const viewJson = 'JSON: {"embedder","total","embedded","putOff","summaries":{"total","embedded"},"models"}';

/** `ask`, and the group `memory`. */
export function addMemory(program: Command, terminal: Terminal): void {
  addCommand(
    program,
    {
      usage: "ask <question...>",
      summary: "what the records say about a question, with citations; it says so when they do not tell",
      json: true,
      detail:
        "With a real model the answer is in sentences, each with the numbers of the records that it rests on; sentences that cite nothing\n" +
        "are left out. In rehearsal the records stand for themselves.\n" +
        'JSON: {"question","agents","days","told","by","evidence":[{"kind","id","at","who","text","source","why"}],' +
        '"prose":{"model","sentences":[{"text","cites","doubtful"}],"dropped"}|null,"noProse"}',
    },
    terminal,
    async (run, _options, words) => {
      const answer = await run.console().post(operatorApi.ask, { question: words.join(" ") }, AskAnswer);
      if (run.json) return jsonLine(terminal, answer);
      if (!answer.told) {
        line(terminal, "The records do not tell.");
        if (answer.noProse && answer.evidence.length > 0) note(terminal, `${answer.noProse}; --json shows what was looked at`);
        return;
      }
      for (const { metric, entity, value, unit } of answer.figures?.unverified ?? [])
        line(
          terminal,
          `UNVERIFIED: ${short(metric, 40)} of ${short(entity, 40)}: ${value} ${short(unit, 20)} (no receipt backs it)`,
        );
      if (answer.prose) printProse(terminal, answer.prose);
      else if (answer.noProse) note(terminal, answer.noProse);
      answer.evidence.forEach((each, at) => line(terminal, `${answer.prose ? `[${at + 1}] ` : ""}${evidenceLine(each)}`));
      line(
        terminal,
        `(${answer.evidence.length} records; history searched by ${answer.by === "meaning" ? "meaning, words and time" : "words and time"})`,
      );
    },
  );
  const group = program.command("memory").description("what agents remember: how far it is embedded, and setting memories aside");
  addCommand(
    group,
    {
      usage: "status",
      isDefault: true,
      summary: "how many memories there are and by which model they are embedded",
      json: true,
      detail: viewJson,
    },
    terminal,
    async (run) => {
      const view = await run.console().get(operatorApi.memory, MemoryView);
      if (run.json) return jsonLine(terminal, view);
      line(terminal, progressLine(view));
    },
  );
  addSearch(group, terminal);
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
        "The gateway goes over the memories by itself as soon as it runs with another embedder, also after a restart; nothing stops\nmeanwhile. This shows the progress and ends when all have a vector of the present model.\n" +
        `${viewJson}, once, at the end`,
    },
    terminal,
    async (run) => {
      let before = -1;
      for (;;) {
        const view = await run.console().get(operatorApi.memory, MemoryView);
        if (isDone(view)) return run.json ? jsonLine(terminal, view) : line(terminal, progressLine(view));
        const done = view.embedded + view.summaries.embedded;
        if (done !== before && !run.json) line(terminal, progressLine(view));
        before = done;
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

const isDone = ({ total, embedded, putOff, summaries }: MemoryView): boolean =>
  embedded + putOff >= total && summaries.embedded >= summaries.total;

function progressLine({ embedder, total, embedded, putOff, summaries }: MemoryView): string {
  const refused = putOff > 0 ? ` (${putOff} were refused and are tried again)` : "";
  const sums = summaries.total > 0 ? `; ${summaries.embedded} of ${summaries.total} summaries` : "";
  return `${total} memories, ${embedded} of them embedded${embedder ? ` by ${embedder}` : ""}${refused}${sums}; the others are found by their words`;
}

function printProse(terminal: Terminal, { sentences, dropped, model }: Prose): void {
  for (const { text, cites, doubtful, numbers = [] } of sentences) {
    const places = cites.map((at) => `[${at + 1}]`).join("");
    const warning = doubtful.length > 0 ? `  (not in these records: ${doubtful.join(", ")})` : "";
    line(terminal, `${text} ${places}${warning}${unbacked(numbers)}`);
  }
  if (dropped > 0) note(terminal, `${dropped} sentences of ${model} cited no record and were left out`);
  line(terminal, "");
}

interface SearchOptions extends BaseOptions {
  agent?: string;
  client?: string;
  source?: string;
  quarantined?: boolean;
}

function addSearch(group: Command, terminal: Terminal): void {
  addCommand<SearchOptions>(
    group,
    {
      usage: "search [text...]",
      summary: "what agents remember about something, with where it comes from; without a text the newest",
      json: true,
      detail:
        'JSON: {"by","told","items":[{"id","at","agent","client","type","text","source","sourceRef","run","record","why","embeddedBy","setAside"}]}',
      build: (command) =>
        command
          .option("--agent <name>", "of this agent")
          .option("--client <slug>", "of this client")
          .addOption(new Option("--source <which>", "where it comes from").choices(["own", "agent", "outside"]))
          .option("--quarantined", "what was set aside instead"),
    },
    terminal,
    async (run, { agent, client, source, quarantined }, words) => {
      const body = { text: words.join(" "), agent, client, source, quarantined: quarantined ?? false };
      const found = await run.console().post(`${operatorApi.memory}/search`, body, FoundMemories);
      if (run.json) return jsonLine(terminal, found);
      if (found.items.length === 0) return line(terminal, "There is no such memory.");
      for (const each of found.items) line(terminal, itemLine(each));
    },
  );
}

function itemLine({ id, at, agent, text, source, sourceRef, run, setAside, why, numbers = [] }: MemoryItem): string {
  const from = source === "own" ? "" : `  (from ${sourceRef === null ? source : short(sourceRef, 60)})`;
  const aside = setAside === null ? "" : `  (set aside: ${short(setAside, 60)})`;
  const found = why.length > 0 ? `  {${why.join("; ")}}` : "";
  return `${at.slice(0, 16).replace("T", " ")}  ${agent}: ${short(text, 160)}${unbacked(numbers)}${from}${aside}${found}  [history ${id}${run ? `, run ${run}` : ""}]`;
}

/** What nothing backs is said where it stands; what is backed names its receipts. */
function unbacked(numbers: readonly StatedNumber[]): string {
  const receipts = [...new Set(numbers.flatMap(({ receipt }) => receipt ?? []))];
  const open = numbers.filter(({ receipt }) => receipt === null).map(({ text }) => text);
  return (
    (open.length > 0 ? `  (unverified: ${short(open.join(", "), 60)})` : "") +
    (receipts.length > 0 ? `  (receipts: ${receipts.slice(0, 5).join(" ")})` : "")
  );
}

const evidenceLine = ({ kind, id, at, who, text, source, numbers = [] }: Evidence): string =>
  `${at.slice(0, 16).replace("T", " ")}  ${short(who, 20)}: ${short(text, 200)}${source === "outside" ? "  (from outside)" : ""}${kind === "receipt" ? "" : unbacked(numbers)}  [${kind} ${id}]`;
