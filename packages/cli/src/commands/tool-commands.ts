import { AitoError } from "@aito/base";
import { operatorApi, ToolPinView, ToolsView, type ToolView } from "@aito/protocol";
import type { Command } from "commander";
import { z } from "zod";
import { lineDiff } from "../output/line-diff.ts";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, type Run } from "./command-kit.ts";

export function addTools(program: Command, terminal: Terminal): void {
  const group = program.command("tools").description("what agents may be granted, and outside tools that wait for your approval");
  addCommand(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "every tool: risk, data class, cost, time, whether it is offered, and what is broken",
      json: true,
      detail:
        'JSON: {"tools":[{"name","source","risk","dataClass","inputSchema","outputSchema","cost","timeoutMs","effectKey",…}],"servers"}',
    },
    terminal,
    async (run) => {
      const view = await run.console().get(operatorApi.tools, ToolsView);
      if (run.json) return jsonLine(terminal, view);
      line(terminal, table(["tool", "from", "risk", "data", "costs", "time", "key", ""], view.tools.map(toolRow)));
      for (const server of view.servers) {
        const { breaker, revision, heardAt } = server;
        const heard = heardAt ? `heard ${heardAt}, MCP ${revision ?? "?"}` : "not heard yet";
        line(terminal, `${server.name} at ${server.address}: ${heard}${breakerText(breaker)}`);
      }
      const waiting = (await pins(run)).filter(isWaiting).length;
      if (waiting > 0) line(terminal, `${waiting} wait for you: aito tools waiting`);
    },
  );
  addCommand(
    group,
    {
      usage: "waiting",
      summary: "outside tools that are new or have changed: what they say of themselves, beside what you approved",
      json: true,
      detail: 'JSON: [{"tool","hash","description","inputSchema","outputSchema","problem","before",…}]',
    },
    terminal,
    async (run) => {
      const items = (await pins(run)).filter(isWaiting);
      if (run.json) return jsonLine(terminal, items);
      if (items.length === 0) return line(terminal, "nothing waits for you");
      for (const item of items) for (const text of [...pinLines(item), answerLine(item)]) line(terminal, text);
    },
  );
  addAnswer(group, terminal, { word: "approve", summary: "offer the tool with exactly these words to who is granted it" });
  addAnswer(group, terminal, { word: "refuse", summary: "do not offer the tool with these words, and do not ask again" });
}

function addAnswer(group: Command, terminal: Terminal, { word, summary }: { word: "approve" | "refuse"; summary: string }): void {
  const ofHash = ["--hash <hex>", "of the words that were looked at, as waiting shows it"] as const;
  addCommand<BaseOptions & { hash?: string }>(
    group,
    {
      usage: `${word} <tool>`,
      summary,
      json: true,
      detail: 'JSON: {"tool","status","hash",…}',
      // What would be offered is what somebody has read, never what the server says by then.
      build: (command) =>
        word === "approve"
          ? command.requiredOption(...ofHash)
          : command.option(ofHash[0], `${ofHash[1]} (default: what it says now)`),
    },
    terminal,
    async (run, { hash }, [tool]) => {
      const found = (await pins(run)).find(
        (pin) => pin.tool === tool && (hash === undefined ? isWaiting(pin) : pin.hash === hash),
      );
      if (!found) {
        throw new AitoError(
          "AITO_CLI_USAGE",
          `no words of ${short(tool!, 130)} wait for an answer${hash ? " with this hash" : ""}`,
          {
            hint: "see what waits with: aito tools waiting",
          },
        );
      }
      const path = `${operatorApi.toolPins}/${encodeURIComponent(found.tool)}/answer`;
      const answered = await run.console().post(path, { answer: word, hash: found.hash }, ToolPinView);
      if (run.json) return jsonLine(terminal, answered);
      for (const text of pinLines(found)) line(terminal, text);
      line(terminal, `${answered.tool}: ${answered.status}`);
    },
  );
}

const pins = async (run: Run): Promise<ToolPinView[]> =>
  (await run.console().get(operatorApi.toolPins, z.object({ items: z.array(ToolPinView) }))).items;
const isWaiting = ({ status, present }: ToolPinView): boolean => status === "waiting" && present;

const breakerText = ({ state, since, nextTryAt, lastError }: NonNullable<ToolView["breaker"]>): string =>
  state === "closed" ? "" : `, broken since ${since ?? "?"} (${short(lastError ?? "?", 120)}), next try ${nextTryAt ?? "now"}`;

function toolRow(tool: ToolView): string[] {
  const state = tool.offered ? "" : short(`not offered: ${tool.why ?? "?"}`, 120);
  return [
    tool.name,
    tool.source,
    tool.risk,
    tool.dataClass,
    tool.cost.arguments ? "by its arguments" : `$${tool.cost.usd}`,
    `${tool.timeoutMs / 1_000} s`,
    tool.effectKey ? "yes" : "",
    `${state}${tool.breaker ? breakerText(tool.breaker) : ""}`,
  ];
}

/** What it says now, with `-` and `+` against what was approved. The words are foreign text: nothing hidden in them stays hidden. */
function pinLines(pin: ToolPinView): string[] {
  const before = pin.before ? wordLines(pin.before) : [];
  return [
    `${pin.tool}  ${pin.before ? "changed" : "new"}  hash ${pin.hash}`,
    ...(pin.problem === null ? [] : [`  it cannot be offered: ${short(pin.problem, 400)}`]),
    ...lineDiff(before, wordLines(pin)).map((text) => `  ${text}`),
  ];
}

const answerLine = ({ tool, hash, problem }: ToolPinView): string =>
  problem === null
    ? `  offer it: aito tools approve ${tool} --hash ${hash}`
    : `  do not ask again: aito tools refuse ${tool} --hash ${hash}`;

const wordLines = (words: Pick<ToolPinView, "description" | "inputSchema" | "outputSchema">): string[] => [
  `says: ${short(words.description, 2_000)}`,
  ...schemaLines("takes", words.inputSchema),
  ...(words.outputSchema === null ? [] : schemaLines("answers", words.outputSchema)),
];

const schemaLines = (word: string, schema: string): string[] =>
  `${word}: ${JSON.stringify(JSON.parse(schema), null, 2)}`
    .split("\n")
    .map((text) => text.replace(/\p{C}/gu, (hidden) => `\\u{${hidden.codePointAt(0)!.toString(16)}}`));
