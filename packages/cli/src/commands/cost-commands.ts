import { BudgetView, CostCut, CostRow, microToUsd, operatorApi, SuccessCut, SuccessRow } from "@aito/protocol";
import { type Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions } from "./command-kit.ts";

const items = <T extends z.ZodType>(row: T) => z.object({ items: z.array(row) });

/** `2026-11-01`, or a time with its zone. */
function when(text: string): string {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError("a day like 2026-11-01, or a time like 2026-11-01T08:00:00Z");
  return date.toISOString();
}

export function addCosts(program: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { by: CostCut; since?: string; until?: string }>(
    program,
    {
      usage: "costs",
      summary: "what model calls cost, by agent (its workers with it), task, client, department, model, action, day or key",
      json: true,
      detail:
        'JSON: [{"name","calls","failedCalls","costMicroUsd","unknownCalls","chargedMicroUsd","inputTokens",…}]; costMicroUsd is null\nwhere no cost is known, and unknownCalls are in no sum',
      build: (command) =>
        command
          .addOption(new Option("--by <what>", "the cut").choices(CostCut.options).default("agent"))
          .option("--since <when>", "only calls from then on", when)
          .option("--until <when>", "only calls before", when),
    },
    terminal,
    async (run, { by, since, until }) => {
      const found = await run
        .console()
        .get(operatorApi.costs, items(CostRow), { by, ...(since && { since }), ...(until && { until }) });
      if (run.json) return jsonLine(terminal, found.items);
      if (found.items.length === 0) return line(terminal, "no model call yet");
      const rows = found.items.map((row) => [
        short(row.name ?? "(none)", 60),
        String(row.calls),
        String(row.failedCalls),
        costText(row),
        row.inputTokens,
        row.outputTokens,
        row.cacheReadTokens,
      ]);
      line(terminal, table([by, "calls", "failed", "cost", "input", "output", "cache read"], rows));
    },
  );
  addBudgets(program, terminal);
  addSuccess(program, terminal);
}

const costText = (row: CostRow): string => {
  const known = row.costMicroUsd === null ? null : `$${microToUsd(row.costMicroUsd)}`;
  if (row.unknownCalls === 0) return known ?? "$0.00";
  return known === null ? "unknown" : `${known} + ${row.unknownCalls} unknown`;
};

function addBudgets(program: Command, terminal: Terminal): void {
  addCommand(
    program,
    {
      usage: "budgets",
      summary: "the budgets that hold model calls, and how much of each is spent now",
      json: true,
      detail: 'JSON: [{"scope","target","period","capMicroUsd","spentMicroUsd","reservedMicroUsd","startsAt","refusedAt"}]',
    },
    terminal,
    async (run) => {
      const found = await run.console().get(operatorApi.budgets, items(BudgetView));
      if (run.json) return jsonLine(terminal, found.items);
      const rows = found.items.map((row) => [
        row.target === "" ? row.scope : `${row.scope} ${short(row.target, 40)}`,
        row.period,
        `$${microToUsd(row.capMicroUsd)}`,
        `$${microToUsd(row.spentMicroUsd)}`,
        `$${microToUsd(row.reservedMicroUsd)}`,
        row.refusedAt === null ? "" : "refuses calls",
      ]);
      line(terminal, table(["budget", "window", "cap", "spent", "set aside", ""], rows));
    },
  );
}

function addSuccess(program: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { by: SuccessCut; since?: string }>(
    program,
    {
      usage: "success",
      summary: "how often runs of agents, calls of tools, or kinds of tasks succeeded and failed",
      json: true,
      detail: 'JSON: [{"name","succeeded","failed"}]',
      build: (command) =>
        command
          .addOption(new Option("--by <what>", "the cut").choices(SuccessCut.options).default("agent"))
          .option("--since <when>", "only from then on", when),
    },
    terminal,
    async (run, { by, since }) => {
      const found = await run.console().get(operatorApi.success, items(SuccessRow), { by, ...(since && { since }) });
      if (run.json) return jsonLine(terminal, found.items);
      if (found.items.length === 0) return line(terminal, "nothing has ended yet");
      const rows = found.items.map((row) => [short(row.name, 60), String(row.succeeded), String(row.failed)]);
      line(terminal, table([by, "succeeded", "failed"], rows));
    },
  );
}
