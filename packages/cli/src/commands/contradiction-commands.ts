import { AitoError } from "@aito/base";
import {
  type CheckedClaim,
  ContradictionReopened,
  ContradictionSettled,
  ContradictionView,
  operatorApi,
  SettlementView,
} from "@aito/protocol";
import type { Command } from "commander";
import { z } from "zod";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf, type Run } from "./command-kit.ts";

/** The group `contradictions`. */
export function addContradictions(program: Command, terminal: Terminal): void {
  const group = program.command("contradictions").description("figures of agents that cannot all be right");
  addCommand(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "what agents state of the same figure, each from a receipt; none of it counts until it is settled",
      json: true,
      detail: 'JSON: [{"id","task","since","sides":[{"id","agent","metric","entity","value","unit","period","receipts",…}]}]',
    },
    terminal,
    async (run) => {
      const open = await read(run);
      if (run.json) return jsonLine(terminal, open);
      if (open.length === 0) return line(terminal, "no figures contradict each other");
      for (const one of open) for (const text of contradictionLines(one)) line(terminal, text);
    },
  );
  addSettle(group, terminal);
  addSettled(group, terminal);
  addReopen(group, terminal);
}

interface SettleOptions extends BaseOptions {
  holds?: string;
  none?: boolean;
  reason: string;
  sides: string[];
}

function addSettle(group: Command, terminal: Terminal): void {
  addCommand<SettleOptions>(
    group,
    {
      usage: "settle <id>",
      summary: "say which of the values holds, or that none does",
      json: true,
      detail:
        'What does not hold stays unverified, whoever states it again; the agents are told, and their task ends.\nJSON: {"holds","refuted","told","tasks"}',
      build: (command) =>
        command
          .option("--holds <claim>", "the claim that holds, as list shows it")
          .option("--none", "none of them holds")
          .requiredOption("--reason <text>", "told to the agents and kept in the history")
          .requiredOption(
            "--sides <claims...>",
            "the claims that were looked at, all of them: it is settled only if these stand now",
          ),
    },
    terminal,
    async (run, { holds, none, reason, sides }, [id]) => {
      if ((holds === undefined) === (none === undefined)) {
        throw new AitoError("AITO_CLI_USAGE", "say one of --holds and --none", {
          hint: "see: aito contradictions settle --help",
        });
      }
      const wanted = idOf(id!, "a contradiction");
      const body = {
        holds: holds === undefined ? null : idOf(holds, "a claim"),
        sides: sides.map((side) => idOf(side, "a claim")),
        reason,
      };
      const settled = await run.console().post(`${operatorApi.contradictions}/${wanted}/settle`, body, ContradictionSettled);
      if (run.json) return jsonLine(terminal, settled);
      const refuted = settled.refuted.map(stated).join(", ");
      line(terminal, settled.holds ? `${stated(settled.holds)} holds, not ${refuted}` : `none holds: ${refuted}`);
      line(terminal, `told: ${settled.told.join(", ")}`);
      for (const task of settled.tasks) line(terminal, `ended the task ${task}`);
      line(terminal, `take it back: aito contradictions reopen ${wanted} --reason TEXT`);
    },
  );
}

function addSettled(group: Command, terminal: Terminal): void {
  addCommand(
    group,
    {
      usage: "settled",
      summary: "what has been settled and not taken back, the newest first",
      json: true,
      detail: 'JSON: [{"id","task","at","by","reason","holds","refuted"}]',
    },
    terminal,
    async (run) => {
      const address = `${operatorApi.contradictions}/settled`;
      const { items } = await run.console().get(address, z.object({ items: z.array(SettlementView) }));
      if (run.json) return jsonLine(terminal, items);
      if (items.length === 0) return line(terminal, "nothing is settled");
      for (const one of items) for (const text of settlementLines(one)) line(terminal, text);
    },
  );
}

interface ReopenOptions extends BaseOptions {
  reason: string;
}

function addReopen(group: Command, terminal: Terminal): void {
  addCommand<ReopenOptions>(
    group,
    {
      usage: "reopen <id>",
      summary: "take a settlement back: the values contradict each other again",
      json: true,
      detail: 'The agents are told. Their task stays ended.\nJSON: {"figures","told"}',
      build: (command) => command.requiredOption("--reason <text>", "told to the agents and kept in the history"),
    },
    terminal,
    async (run, { reason }, [id]) => {
      const address = `${operatorApi.contradictions}/${idOf(id!, "a contradiction")}/reopen`;
      const reopened = await run.console().post(address, { reason }, ContradictionReopened);
      if (run.json) return jsonLine(terminal, reopened);
      line(terminal, `not refuted any more: ${reopened.figures.map(stated).join(", ")}`);
      line(terminal, `told: ${reopened.told.join(", ")}`);
    },
  );
}

const read = async (run: Run): Promise<ContradictionView[]> =>
  (await run.console().get(operatorApi.contradictions, z.object({ items: z.array(ContradictionView) }))).items;

const stated = ({ agent, value, unit }: CheckedClaim): string => `${value} ${short(unit, 20)} of ${agent}`;

function settlementLines({ id, at, by, reason, holds, refuted }: SettlementView): string[] {
  const about = refuted[0]!;
  const not = refuted.map(stated).join(", ");
  return [
    `${short(about.metric, 40)} of ${short(about.entityTitle ?? about.entity, 40)}, by ${by} on ${at.slice(0, 16)}: ${id}`,
    `  ${holds ? `${stated(holds)} holds, not ${not}` : `none holds: ${not}`}`,
    `  ${short(reason, 200)}`,
    `  take it back: aito contradictions reopen ${id} --reason TEXT`,
    "",
  ];
}

function contradictionLines({ id, task, since, sides }: ContradictionView): string[] {
  const about = sides[0]!;
  const period = about.period ? ` (${about.period.from.slice(0, 10)} to ${about.period.to.slice(0, 10)})` : "";
  return [
    `${short(about.metric, 40)} of ${short(about.entityTitle ?? about.entity, 40)}${period}, since ${since.slice(0, 16)}: ${id}`,
    table(
      ["claim", "value", "by", "receipts"],
      sides.map((side) => [
        side.id,
        `${side.value} ${short(side.unit, 20)}`,
        side.outside ? `${side.agent}, told by ${short(side.outside.tool, 40)} (outside)` : side.agent,
        side.receipts.map((receipt) => short(receipt, 40)).join(" "),
      ]),
    ),
    ...(task === null ? [] : [`  their task: ${task}`]),
    `  settle it: aito contradictions settle ${id} --holds CLAIM --reason TEXT --sides ${sides.map((side) => side.id).join(" ")}`,
    "",
  ];
}
