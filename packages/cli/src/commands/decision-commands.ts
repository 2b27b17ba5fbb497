import { AitoError } from "@aito/base";
import { DecisionStatus, DecisionType, DecisionView, operatorApi, OperatorProposal, pageOf } from "@aito/protocol";
import { type Command, Option } from "commander";
import { decisionText } from "../output/decision-text.ts";
import { decisionDocument, money, proposalDocument } from "../output/documents.ts";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, dollars, idOf, wholeNumber } from "./command-kit.ts";

interface ProposeOptions extends BaseOptions {
  by: string;
  type: "minor" | "major" | "critical";
  usd: number;
  title: string;
  description: string;
  kind?: string;
  taskTitle?: string;
  taskDescription?: string;
  worker?: string;
  emergency?: boolean;
}

export function addPropose(program: Command, terminal: Terminal): void {
  addCommand<ProposeOptions>(
    program,
    {
      usage: "propose",
      summary: "propose a decision in the name of an agent; the limits may raise its type, never lower it",
      json: true,
      detail: 'JSON: {"id","type","status"}',
      build: (command) =>
        command
          .requiredOption("--by <agent>", "who proposes, for example cmo")
          .requiredOption("--title <text>", "what is to be decided")
          .addOption(new Option("--type <type>", "declared type").choices(DecisionType.options).default("minor"))
          .option("--usd <amount>", "what it costs, in dollars", dollars, 0)
          .option("--description <text>", "why, and what follows", "")
          .option("--kind <text>", "kind of act, as the proposer's profile lists it")
          .option("--emergency", "the heads decide within minutes")
          .option("--task-title <text>", "work that an approval releases")
          .option("--task-description <text>", "what that work is")
          .option("--worker <type>", "worker type that does it (default: the proposer itself)"),
    },
    terminal,
    async (run, options) => {
      const decision = await run.console().post(operatorApi.proposals, proposalOf(options), DecisionView);
      if (run.json) return jsonLine(terminal, proposalDocument(decision));
      line(terminal, `${decision.id}  ${decision.type}, ${decision.status}`);
      if (decision.typeReason) line(terminal, decision.typeReason);
      line(terminal, `follow it with: aito decisions show ${decision.id}`);
    },
  );
}

function proposalOf(options: ProposeOptions): OperatorProposal {
  if (!options.taskTitle && (options.taskDescription || options.worker)) {
    throw new AitoError("AITO_CLI_USAGE", "--worker and --task-description describe a task that has no title", {
      hint: "add --task-title",
    });
  }
  const task = options.taskTitle
    ? { title: options.taskTitle, description: options.taskDescription ?? "", workerType: options.worker ?? null }
    : null;
  const { by, type, usd, title, description, kind, emergency } = options;
  const given = { by, type, usd, title, description, kind: kind ?? null, task, ...(emergency ? { emergency } : {}) };
  const parsed = OperatorProposal.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new AitoError("AITO_CLI_USAGE", `--${issue.path.join(".")}: ${issue.message}`);
}

export function addDecisions(program: Command, terminal: Terminal): void {
  const group = program.command("decisions").description("decisions with their rounds and votes");
  addCommand<BaseOptions & { status?: string; limit: number }>(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "decisions, newest first",
      json: true,
      detail:
        'JSON: [{"id","title","type","declaredType","status","proposedBy","amountMicroUsd","round","phase","deadlineAt","rounds",…}]',
      build: (command) =>
        command
          .addOption(new Option("--status <status>", "only these").choices(DecisionStatus.options))
          .option("--limit <n>", "at most this many", wholeNumber(1, 200), 50),
    },
    terminal,
    async (run, { status, limit }) => {
      const page = await run.console().get(operatorApi.decisions, pageOf(DecisionView), { status, limit });
      if (run.json) return jsonLine(terminal, page.items);
      if (page.items.length === 0) return line(terminal, "no decisions yet");
      const rows = page.items.map((item) => [
        item.id,
        item.type,
        item.status,
        item.proposedBy,
        money(item.amountMicroUsd),
        short(item.title, 50),
      ]);
      line(terminal, table(["id", "type", "status", "by", "amount", "title"], rows));
    },
  );
  addCommand(
    group,
    {
      usage: "show <id>",
      summary: "one decision: every round, every vote with its reason",
      json: true,
      detail:
        'JSON: {"id","title","type","status","round","rounds":[{"round","votes":[{"voter","vote","reason"}]}],"humanDecision"}',
    },
    terminal,
    async (run, _options, [id]) => {
      const decision = await run.console().get(`${operatorApi.decisions}/${idOf(id!, "a decision")}`, DecisionView);
      if (run.json) return jsonLine(terminal, decisionDocument(decision));
      line(terminal, decisionText(decision));
    },
  );
}
