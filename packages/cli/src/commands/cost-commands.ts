import {
  BudgetView,
  CostCut,
  CostRow,
  InfraCosts,
  InfraCut,
  microToUsd,
  operatorApi,
  SavingsView,
  SuccessCut,
  SuccessRow,
} from "@aito/protocol";
import { type Command, Option } from "commander";
import { z } from "zod";
import { short, table } from "../output/table.ts";
import { jsonLine, line, note, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, companyDayOr, when } from "./command-kit.ts";

const items = <T extends z.ZodType>(row: T) => z.object({ items: z.array(row) });

export function addCosts(program: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { by: CostCut; since?: string; until?: string }>(
    program,
    {
      usage: "costs",
      summary:
        "what model calls and paid tools cost, by agent (its workers with it), task, client, department, model, action, day or key",
      json: true,
      detail:
        'JSON: [{"name","calls","failedCalls","costMicroUsd","unknownCalls","chargedMicroUsd","inputTokens",…}]; costMicroUsd is null\nwhere no cost is known, and unknownCalls are in no sum',
      build: (command) =>
        command
          .addOption(new Option("--by <what>", "the cut").choices(CostCut.options).default("agent"))
          .option("--since <when>", "only calls from then on", companyDayOr)
          .option("--until <when>", "only calls before", companyDayOr),
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
  addInfra(program, terminal);
  addSavings(program, terminal);
  addBudgets(program, terminal);
  addSuccess(program, terminal);
}

const costText = (row: CostRow): string => {
  const known = row.costMicroUsd === null ? null : `$${microToUsd(row.costMicroUsd)}`;
  if (row.unknownCalls === 0) return known ?? "$0.00";
  return known === null ? "unknown" : `${known} + ${row.unknownCalls} unknown`;
};

function addInfra(program: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { by: InfraCut; since?: string; until?: string }>(
    program,
    {
      usage: "infra",
      summary: "how long containers stood, at your own price (infra.containerHourUsd of the fleet file)",
      json: true,
      detail:
        'JSON: {"pricePerHourMicroUsd","items":[{"name","containers","seconds","microUsd"}],"total"}; microUsd is null without a price',
      build: (command) =>
        command
          .addOption(new Option("--by <what>", "the cut").choices(InfraCut.options).default("agent"))
          .option("--since <when>", "only from then on", companyDayOr)
          .option("--until <when>", "only before", companyDayOr),
    },
    terminal,
    async (run, { by, since, until }) => {
      const path = `${operatorApi.costs}/infra`;
      const found = await run.console().get(path, InfraCosts, { by, ...(since && { since }), ...(until && { until }) });
      if (run.json) return jsonLine(terminal, found);
      if (found.items.length === 0) return line(terminal, "no container stood in this time");
      const cells = ({ containers, seconds, microUsd }: InfraCosts["total"]): string[] => [
        String(containers),
        `${(seconds / 3_600).toFixed(1)} h`,
        microUsd === null ? "no price" : `$${microToUsd(microUsd)}`,
      ];
      const rows = found.items.map((row) => [short(row.name ?? "(none)", 60), ...cells(row)]);
      line(terminal, table([by, "containers", "stood", "cost"], [...rows, ["together", ...cells(found.total)]]));
      if (found.pricePerHourMicroUsd === null)
        note(terminal, "what an hour of a container costs you: infra.containerHourUsd of the fleet file");
    },
  );
}

function addSavings(program: Command, terminal: Terminal): void {
  addCommand(
    program,
    {
      usage: "savings",
      summary: "what the records of the last week say that could be saved, each with its figures",
      json: true,
      detail:
        'JSON: {"days","items":[{"kind","subject","title","text","monthMicroUsd","idea"}]}; each is suggested as an idea by itself',
    },
    terminal,
    async (run) => {
      const found = await run.console().get(`${operatorApi.costs}/savings`, SavingsView);
      if (run.json) return jsonLine(terminal, found);
      if (found.items.length === 0) return line(terminal, "nothing stands out");
      for (const { title, text, monthMicroUsd, idea } of found.items) {
        const worth = monthMicroUsd === null ? "" : `, about $${microToUsd((BigInt(monthMicroUsd) / 10_000n) * 10_000n)} a month`;
        line(terminal, `${short(title, 120)}${worth}${idea ? ` (idea ${idea.id})` : ""}`);
        line(terminal, `  ${short(text, 400)}`);
      }
    },
  );
}

function addBudgets(program: Command, terminal: Terminal): void {
  addCommand(
    program,
    {
      usage: "budgets",
      summary: "the budgets that hold model calls and paid tools, and how much of each is spent now",
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
