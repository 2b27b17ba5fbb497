import { readFileSync } from "node:fs";
import { AitoError } from "@aito/base";
import { ApprovalAnswered, ApprovalDetail, ApprovalView, operatorApi, pageOf } from "@aito/protocol";
import type { Command } from "commander";
import { money } from "../output/documents.ts";
import { receiptLine } from "../output/receipt-line.ts";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf, type Run, wholeNumber } from "./command-kit.ts";

const approvalsMax = 200;

export function addApprovals(program: Command, terminal: Terminal): void {
  const group = program.command("approvals").description("dangerous calls that wait, or waited, for a human");
  addList(group, terminal);
  addCommand(
    group,
    {
      usage: "show <id>",
      summary: "one call: exactly what would run, who asked, until when, and what became of it",
      json: true,
      detail: 'JSON: {"id","status","agent","tool","arguments","files","digest","reason","expiresAt","result",…}',
    },
    terminal,
    async (run, _options, [id]) => {
      const approval = await read(run, id!);
      if (run.json) return jsonLine(terminal, approval);
      for (const text of approvalLines(approval)) line(terminal, text);
    },
  );
  addAnswer(group, terminal, { word: "approve", summary: "let it run, once" });
  addAnswer(group, terminal, { word: "deny", summary: "do not let it run" });
  addAnswer(group, terminal, {
    word: "send-back",
    summary: "do not let it run, and say with --comment what should be different",
  });
  addEdit(group, terminal);
}

function addList(group: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { limit: number; waiting?: boolean }>(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "calls that wait, or waited, for a human, newest first",
      json: true,
      detail: "JSON: the approvals, as show gives one",
      build: (command) =>
        command
          .option("--waiting", "only those that wait")
          .option("--limit <n>", "at most this many", wholeNumber(1, approvalsMax), 50),
    },
    terminal,
    async (run, { limit, waiting }) => {
      const query = { limit, ...(waiting ? { status: "waiting" } : {}) };
      const { items } = await run.console().get(operatorApi.approvals, pageOf(ApprovalView), query);
      if (run.json) return jsonLine(terminal, items);
      if (items.length === 0) return line(terminal, waiting ? "nothing waits for you" : "no call has needed a human yet");
      // The same call of several agents stands together: one answer is for those of them that --equal names.
      const equal = Map.groupBy(items, (item) => (item.status === "waiting" ? item.callDigest : item.id));
      const rows = [...equal.values()].flatMap(([item, ...others]) => [
        [
          item!.id,
          item!.status,
          item!.agent,
          short(item!.summary, 60),
          money(item!.amountMicroUsd),
          item!.status === "waiting" ? `until ${item!.expiresAt.slice(0, 16).replace("T", " ")}` : whoAnswered(item!),
        ],
        ...others.map(({ id, agent }) => [id, "equal", agent, "the same call", "", ""]),
      ]);
      line(terminal, table(["id", "status", "agent", "wants to", "costs", ""], rows));
    },
  );
}

/** Nobody, where it ended in silence; not to be mistaken for what somebody approved and could not begin in time. */
const whoAnswered = ({ status, answeredBy }: ApprovalView): string =>
  answeredBy !== null && status === "expired" ? `approved by ${answeredBy}, not begun in time` : (answeredBy ?? "");

interface AnswerOptions extends BaseOptions {
  comment: string;
  equal?: string[];
}

function addAnswer(
  group: Command,
  terminal: Terminal,
  { word, summary }: { word: "approve" | "deny" | "send-back"; summary: string },
): void {
  addCommand<AnswerOptions & { digest?: string }>(
    group,
    {
      usage: `${word} <id>`,
      summary,
      json: true,
      detail: 'JSON: {"first","approval","others"}',
      build: (command) =>
        command
          .option("--comment <text>", "told to the agent", "")
          .option("--equal <ids...>", "also for these waiting requests of the same call, as list shows them")
          .option("--digest <hex>", "answer only if the call still has this digest (default: what it has now)"),
    },
    terminal,
    async (run, { comment, equal, digest }, [id]) => {
      const approval = await read(run, id!);
      if (word === "send-back" && comment.trim() === "") {
        throw new AitoError("AITO_CLI_USAGE", "say with --comment what should be different");
      }
      const others = await Promise.all((equal ?? []).map((other) => read(run, other)));
      const body = {
        answer: word === "send-back" ? "send_back" : word,
        digest: digest ?? approval.digest,
        comment,
        equal: others.map((other) => ({ id: other.id, digest: other.digest })),
      };
      tell(run, await send(run, approval, body));
    },
  );
}

function addEdit(group: Command, terminal: Terminal): void {
  addCommand<AnswerOptions & { arguments?: string; file?: string }>(
    group,
    {
      usage: "edit <id>",
      summary: "let it run with other arguments: a new call, with a digest of its own",
      json: true,
      detail: 'JSON: {"first","approval","others"}; the approval is the changed call',
      build: (command) =>
        command
          .option("--arguments <json>", "all arguments, as one JSON object")
          .option("--file <path>", "a file that holds them")
          .option("--comment <text>", "told to the agent", ""),
    },
    terminal,
    async (run, options, [id]) => {
      const approval = await read(run, id!);
      const body = { answer: "edit", digest: approval.digest, comment: options.comment, arguments: argumentsOf(options) };
      tell(run, await send(run, approval, body));
    },
  );
}

function argumentsOf({ arguments: given, file }: { arguments?: string; file?: string }): unknown {
  if ((given === undefined) === (file === undefined)) {
    throw new AitoError("AITO_CLI_USAGE", "give the arguments with --arguments or --file", {
      hint: "see them with: aito approvals show",
    });
  }
  try {
    const value: unknown = JSON.parse(given ?? readFileSync(file!, "utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new AitoError("AITO_CLI_USAGE", "the arguments are no readable JSON", { cause: error });
  }
  throw new AitoError("AITO_CLI_USAGE", "the arguments are not one JSON object");
}

const read = (run: Run, id: string): Promise<ApprovalDetail> =>
  run.console().get(`${operatorApi.approvals}/${idOf(id, "an approval")}`, ApprovalDetail);

async function send(run: Run, approval: ApprovalView, body: object): Promise<ApprovalAnswered> {
  return await run
    .console()
    .post(`${operatorApi.approvals}/${approval.id}/answer`, body, ApprovalAnswered)
    .catch(async (error: unknown) => {
      if (!(error instanceof AitoError) || error.status !== 409 || error.code === "AITO_APPROVAL_CHANGED") throw error;
      const { status } = await read(run, approval.id);
      throw new AitoError("AITO_CLI_ANSWERED", `this was over before: ${status}; nothing was changed`, {
        hint: `see it with: aito approvals show ${approval.id}`,
        status: 409,
      });
    });
}

function tell({ terminal, json }: Run, answered: ApprovalAnswered): void {
  if (json) return jsonLine(terminal, answered);
  const { approval, others } = answered;
  const also = others.length > 0 ? `, and ${others.length} equal ${others.length === 1 ? "request" : "requests"}` : "";
  const left = approval.status === "denied" && approval.receipt !== null ? `, receipt ${approval.receipt}` : "";
  line(terminal, `«${short(approval.summary, 80)}» by ${approval.agent}: ${approval.status}${also}${left}`);
}

/** As they run; characters that cannot be seen are spelled out. */
const argumentLines = (given: Record<string, unknown>): string[] =>
  JSON.stringify(given, null, 2)
    .split("\n")
    .map((text) => text.replace(/\p{C}/gu, (hidden) => `\\u{${hidden.codePointAt(0)!.toString(16)}}`));

function approvalLines(approval: ApprovalDetail): string[] {
  const answered = approval.answeredBy
    ? [`answered: ${whoAnswered(approval)}${approval.comment ? `: ${short(approval.comment, 400)}` : ""}`]
    : [];
  return [
    `${approval.id}  ${approval.status}  ${approval.agent} wants to ${short(approval.summary, 200)}  (${money(approval.amountMicroUsd)})`,
    `  ${short(approval.reason, 400)}`,
    `  tool ${approval.tool}, digest ${approval.digest}`,
    ...argumentLines(approval.arguments).map((text) => `  ${text}`),
    ...approval.files.map((file) => `  file ${short(file.name, 120)}: ${file.bytes} bytes, SHA-256 ${file.sha256}`),
    ...(approval.taint === null ? [] : [`  the run had read text from outside: ${short(approval.taint, 200)}`]),
    ...approval.receipts.map((receipt) => `  ${receiptLine(receipt)}`),
    `  until ${approval.expiresAt}; silence is a denial`,
    ...answered.map((text) => `  ${text}`),
    ...(approval.receipt === null ? [] : [`  its receipt: ${approval.receipt}`]),
    ...(approval.error ? [`  ${short(approval.error, 400)}`] : []),
    ...(approval.result === null ? [] : [`  result: ${short(JSON.stringify(approval.result), 2_000)}`]),
    ...(approval.url ? [`  answer: ${approval.url}`] : []),
  ];
}
