import { AitoError } from "@aito/base";
import { DecisionView, EscalationDetail, EscalationView, HumanAnswer, operatorApi, pageOf } from "@aito/protocol";
import { type Command, Option } from "commander";
import { z } from "zod";
import type { ConsoleClient } from "../console/console-client.ts";
import { escalationDocument } from "../output/documents.ts";
import { receiptLine } from "../output/receipt-line.ts";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf, wholeNumber } from "./command-kit.ts";

const escalationsMax = 200;

export function addEscalations(program: Command, terminal: Terminal): void {
  const group = program.command("escalations").description("decisions that wait, or waited, for a human");
  addCommand<BaseOptions & { limit: number; waiting?: boolean }>(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "decisions that wait, or waited, for a human, each with its single-use link",
      json: true,
      detail: 'JSON: [{"id","decisionId","url","expiresAt","status"}]',
      build: (command) =>
        command
          .option("--waiting", "only those that wait")
          .option("--limit <n>", "at most this many", wholeNumber(1, escalationsMax), 50),
    },
    terminal,
    async (run, { limit, waiting }) => {
      const status = waiting ? "waiting" : undefined;
      const { items } = await run.console().get(operatorApi.escalations, pageOf(EscalationView), { limit, status });
      if (run.json) return jsonLine(terminal, items.map(escalationDocument));
      if (items.length === 0) return line(terminal, "nothing waits for you");
      for (const item of items) {
        line(terminal, `${item.id}  ${item.status}  ${short(item.title, 100)}`);
        line(terminal, `  ${short(item.reason, 400)}`);
        if (item.url) line(terminal, `  answer: ${item.url}  (until ${item.expiresAt})`);
        if (item.answer) line(terminal, `  answered: ${item.answer}`);
      }
    },
  );
  addCommand(
    group,
    {
      usage: "show <id>",
      summary: "one escalation: what it releases and rests on, its answer, and every notice of it with attempts and errors",
      json: true,
      detail:
        'JSON: {"id","status","url","answer","notices":[{"channel","number","status","attempts","lastError","sentAt"}],"decision","grounds",…}',
    },
    terminal,
    async (run, _options, [id]) => {
      const path = `${operatorApi.escalations}/${idOf(id!, "an escalation")}`;
      const item = await run.console().get(path, EscalationDetail);
      if (run.json) return jsonLine(terminal, item);
      line(terminal, `${item.id}  ${item.status}  ${short(item.title, 100)}`);
      line(terminal, `  ${short(item.reason, 400)}`);
      for (const text of groundLines(item.grounds)) line(terminal, `  ${text}`);
      if (item.url) line(terminal, `  answer: ${item.url}  (until ${item.expiresAt})`);
      if (item.answer)
        line(terminal, `  answered: ${item.answer} by ${item.answeredBy}${item.comment ? `: ${item.comment}` : ""}`);
      if (item.notices.length === 0) return line(terminal, "  no notice was sent: no channel is configured, or none is due yet");
      const rows = item.notices.map((each) => [
        each.channel,
        each.number === 1 ? "first" : `reminder ${each.number - 1}`,
        each.status,
        String(each.attempts),
        each.sentAt ?? (each.status === "waiting" ? `due ${each.dueAt}` : ""),
        short(each.lastError ?? "", 60),
      ]);
      line(terminal, table(["channel", "notice", "status", "attempts", "sent", "last error"], rows));
    },
  );
}

/** What an approval releases, and what the proposal rests on. */
function groundLines({ attachedTask, attachedAction, taint, receipts }: EscalationDetail["grounds"]): string[] {
  return [
    ...(attachedTask ? [`releases the work: ${short(attachedTask.title, 200)}`] : []),
    ...(attachedAction ? [`releases the call: ${short(attachedAction, 2_000)}`] : []),
    ...(taint === null ? [] : [`who proposed or argued had read text from outside: ${short(taint, 200)}`]),
    ...receipts.map(receiptLine),
  ];
}

const Answered = z.object({ first: z.boolean(), escalation: EscalationView, decision: DecisionView });

export function addResolve(program: Command, terminal: Terminal): void {
  addCommand<BaseOptions & HumanAnswer>(
    program,
    {
      usage: "resolve <id>",
      summary: "answer an escalation (by its id, or its decision's id) as the operator",
      json: true,
      detail: 'JSON: {"id","decisionId","status","answer","decisionStatus"}',
      build: (command) =>
        command
          .addOption(
            new Option("--decision <answer>", "the human's word")
              .choices(HumanAnswer.shape.decision.options)
              .makeOptionMandatory(),
          )
          .option("--comment <text>", "why; the question when sent back", ""),
    },
    terminal,
    async (run, { decision, comment }, [id]) => {
      const client = run.console();
      const escalation = await findEscalation(client, idOf(id!, "an escalation or decision"));
      const answer = { decision, comment };
      const result = await client
        .post(`${operatorApi.escalations}/${escalation.id}/answer`, answer, Answered)
        .catch((error: unknown) => {
          throw error instanceof AitoError && error.status === 409 ? answeredBefore(escalation) : error;
        });
      const document = {
        id: result.escalation.id,
        decisionId: result.escalation.decisionId,
        status: result.escalation.status,
        answer: result.escalation.answer,
        decisionStatus: result.decision.status,
      };
      if (run.json) return jsonLine(terminal, document);
      line(terminal, `«${short(result.decision.title, 80)}»: ${decision}; the decision is now ${result.decision.status}`);
    },
  );
}

async function findEscalation(client: ConsoleClient, id: string): Promise<EscalationView> {
  // A decision that was sent back and is open again may have had several: the newest is meant.
  const ofDecision = await client.get(operatorApi.escalations, pageOf(EscalationView), { decision: id, limit: 1 });
  if (ofDecision.items[0]) return ofDecision.items[0];
  return await client.get(`${operatorApi.escalations}/${id}`, EscalationView).catch((error: unknown) => {
    if (!(error instanceof AitoError) || error.status !== 404) throw error;
    throw new AitoError("AITO_CLI_USAGE", `no escalation has this id: ${id}`, { hint: "see what waits with: aito escalations" });
  });
}

const answeredBefore = (escalation: EscalationView): AitoError =>
  new AitoError(
    "AITO_CLI_ANSWERED",
    `this was answered before${escalation.answer ? `: ${escalation.answer}` : ""}; nothing was changed`,
    {
      hint: `see it with: aito decisions show ${escalation.decisionId}`,
      status: 409,
    },
  );
