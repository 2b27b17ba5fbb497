import { type CheckedClaim, FiguresView, operatorApi, pageOf, ReceiptDetail, ReceiptsReport, ReceiptView } from "@aito/protocol";
import { exitCodes } from "@aito/base";
import type { Command } from "commander";
import { short, table } from "../output/table.ts";
import { jsonLine, line, note, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf, wholeNumber } from "./command-kit.ts";

interface ListOptions extends BaseOptions {
  limit: number;
  task?: string;
  agent?: string;
  tool?: string;
}

/** The groups `receipts` and `figures`. */
export function addReceipts(program: Command, terminal: Terminal): void {
  const group = program
    .command("receipts")
    .description("signed records of tool calls: what was called, how it ended, what it stated");
  addCommand<ListOptions>(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "receipts, newest first",
      json: true,
      detail:
        'JSON: [{"id","agent","task","run","tool","status","source","argumentsDigest","durationMs","at","facts","signedBy"}]',
      build: (command) =>
        command
          .option("--task <id>", "of this task")
          .option("--agent <name>", "of this agent")
          .option("--tool <name>", "of this tool")
          .option("--limit <n>", "at most this many", wholeNumber(1, 200), 50),
    },
    terminal,
    async (run, { limit, task, agent, tool }) => {
      const page = await run.console().get(operatorApi.receipts, pageOf(ReceiptView), { limit, task, agent, tool });
      if (run.json) return jsonLine(terminal, page.items);
      if (page.items.length === 0) return line(terminal, "no receipts yet");
      const rows = page.items.map((item) => [item.id, item.at, item.agent, item.tool, item.status, `${item.durationMs} ms`]);
      line(terminal, table(["id", "at", "agent", "tool", "status", "took"], rows));
    },
  );
  addCommand(
    group,
    {
      usage: "show <id>",
      summary: "one receipt: result, facts, the check of its signature, and who cites it",
      json: true,
      detail:
        'JSON: as in the list, and "epoch", "result", "resultSha256", "full", "signature", "check", "approval", "claims", …',
    },
    terminal,
    async (run, _options, [id]) => {
      const receipt = await run.console().get(`${operatorApi.receipts}/${idOf(id!, "a receipt")}`, ReceiptDetail);
      if (run.json) return jsonLine(terminal, receipt);
      for (const text of receiptLines(receipt)) line(terminal, text);
    },
  );
  addVerify(group, terminal);
  addFigures(program, terminal);
}

function addVerify(group: Command, terminal: Terminal): void {
  addCommand(
    group,
    {
      usage: "verify",
      summary: "check every receipt: its signature, its columns and its result against what was signed",
      json: true,
      detail: 'JSON: {"ok","checked","unsigned","keys","problems":[{"id","problem"}]}. Exits 1 where one is not what was signed.',
    },
    terminal,
    async (run) => {
      const report = await run.console().get(`${operatorApi.receipts}/verify`, ReceiptsReport);
      if (run.json) jsonLine(terminal, report);
      else {
        line(terminal, `${report.checked} receipts checked against ${report.keys.map(({ id }) => id).join(", ") || "no key"}`);
        if (report.unsigned > 0) line(terminal, `${report.unsigned} of them were signed before others could check it`);
      }
      for (const { id, problem } of report.problems) note(terminal, `receipt ${id}: ${problem}`);
      return report.ok ? exitCodes.ok : exitCodes.failed;
    },
  );
}

function addFigures(program: Command, terminal: Terminal): void {
  addCommand(
    program,
    {
      usage: "figures",
      summary: "what agents measured, each with its receipts; apart what no receipt backs",
      json: true,
      detail: 'JSON: {"verified":[…],"unverified":[…]}; follow a figure with: aito receipts show ID',
    },
    terminal,
    async (run) => {
      const figures = await run.console().get(operatorApi.figures, FiguresView);
      if (run.json) return jsonLine(terminal, figures);
      if (figures.verified.length === 0) line(terminal, "no verified figures yet");
      else
        line(
          terminal,
          table(
            ["metric", "of", "value", "for", "by", "receipts"],
            figures.verified.map((each) => figureRow(each)),
          ),
        );
      if (figures.unverified.length === 0) return;
      line(terminal, "\nunverified:");
      line(
        terminal,
        table(
          ["metric", "of", "value", "for", "by", "why"],
          figures.unverified.map((each) => figureRow(each, short(each.why ?? "", 80))),
        ),
      );
    },
  );
}

const figureRow = (claim: CheckedClaim, last = claim.receipts.join(" ")): string[] => [
  short(claim.metric, 40),
  short(claim.entity, 40),
  `${claim.value} ${short(claim.unit, 20)}`,
  claim.period ? `${claim.period.from.slice(0, 10)} to ${claim.period.to.slice(0, 10)}` : claim.at.slice(0, 16),
  claim.outside ? `${claim.agent}, told by ${short(claim.outside.tool, 40)} (outside)` : claim.agent,
  last,
];

function receiptLines(receipt: ReceiptDetail): string[] {
  const { verdict, problem } = receipt.check;
  return [
    `${receipt.tool} by ${receipt.agent}: ${receipt.status}`,
    `  ${receipt.id}, ${receipt.at}, ${receipt.durationMs} ms, answered by ${receipt.source}`,
    `  task ${receipt.task ?? "none"}, run ${receipt.run ?? "none"}, epoch ${receipt.epoch ?? "unknown"}`,
    `  arguments ${receipt.argumentsDigest}`,
    ...(receipt.approval === null ? [] : [`  a human was asked about it: approval ${receipt.approval}`]),
    `  signature ${verdict === "valid" ? `valid, key ${receipt.signedBy}` : verdict === "unsigned" ? "cannot be checked here" : `NOT VALID: ${problem}`}`,
    ...receipt.facts.map((fact) => `  states ${fact.metric} of ${fact.entity}: ${fact.value} ${fact.unit}`),
    ...receipt.claims.map(
      (claim) =>
        `  cited by ${claim.agent}: ${claim.metric} ${claim.value} ${claim.unit}, ${claim.verified ? "verified" : `unverified (${claim.why})`}`,
    ),
    "",
    short(receipt.full ?? receipt.result, 4_000),
    ...(receipt.full === null && receipt.resultCharacters > receipt.result.length
      ? [`(${receipt.resultCharacters} characters; the whole text is no longer kept, sha256 ${receipt.resultSha256})`]
      : []),
  ];
}
