import { BriefingView, type CheckedClaim, microToUsd, operatorApi } from "@aito/protocol";
import type { Command } from "commander";
import { short } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, wholeNumber } from "./command-kit.ts";

/** `aito briefing`. */
export function addBriefing(program: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { hours: number }>(
    program,
    {
      usage: "briefing",
      summary: "what happened and what needs you, from records alone; figures with their receipts, unverified ones apart",
      json: true,
      detail:
        'JSON: {"company","from","to","needsYou":[{"kind","id","title","since","until"}],"decisions","tasks","ideas","counts","money","figures","unverified"}\n' +
        'Each morning by every channel: briefing: { at: "07:30", timeZone: Europe/Berlin } in the fleet file.',
      build: (command) => command.option("--hours <n>", "of the last so many hours", wholeNumber(1, 744), 24),
    },
    terminal,
    async (run, { hours }) => {
      const view = await run.console().get(operatorApi.briefing, BriefingView, { hours });
      if (run.json) return jsonLine(terminal, view);
      for (const text of briefingLines(view)) line(terminal, text);
    },
  );
}

const usd = (micro: string): string => `$${microToUsd(micro)}`;
const when = (iso: string): string => iso.slice(0, 16).replace("T", " ");

function briefingLines({
  company,
  from,
  to,
  needsYou,
  decisions,
  tasks,
  ideas,
  counts,
  money,
  figures,
  unverified,
}: BriefingView): string[] {
  const section = (title: string, total: number, lines: string[]): string[] =>
    lines.length === 0 ? [] : ["", `${title} (${total}${total > lines.length ? `, the first ${lines.length}` : ""}):`, ...lines];
  return [
    `${company}, ${when(from)} to ${when(to)} UTC`,
    needsYou.length === 0 ? "nothing waits for you" : "",
    ...section(
      "needs you",
      counts.needsYou,
      needsYou.map(
        ({ kind, title, since, until, id }) =>
          `  ${kind}: ${short(title, 120)}  since ${when(since)}${until === null ? "" : `, until ${when(until)}`}  [${id}]`,
      ),
    ),
    ...section(
      "decided",
      counts.decisions,
      decisions.map(
        ({ id, title, status, amountMicroUsd }) => `  ${status}: ${short(title, 100)}  ${usd(amountMicroUsd)}  [${id}]`,
      ),
    ),
    ...section("ended", counts.tasks, tasks.map(taskLine)),
    ...section(
      "ideas",
      counts.ideas,
      ideas.map(({ id, title, score, agent }) => `  ${score}  ${short(title, 100)}  by ${agent}  [${id}]`),
    ),
    "",
    `money: ${usd(money.leftMicroUsd)} of ${usd(money.budgetMicroUsd)} left this month; ${usd(money.approvedMicroUsd)} approved (aito decisions), ` +
      `${usd(money.modelMicroUsd)} for model calls and paid tools${money.unknownCalls > 0 ? ` and ${money.unknownCalls} calls of unknown cost` : ""} (aito costs)`,
    ...section(
      "figures",
      figures.length,
      figures.map((each) => `  ${figure(each)}  [receipt ${each.receipts.join(" ")}]`),
    ),
    ...section(
      "UNVERIFIED",
      unverified.length,
      unverified.map((each) => `  ${figure(each)}  (${short(each.why ?? "", 100)})`),
    ),
  ].filter((text, at, all) => text !== "" || (at > 0 && all[at - 1] !== ""));
}

function taskLine({ id, title, status, by, summary, numbers }: BriefingView["tasks"][number]): string {
  const open = numbers.filter(({ receipt }) => receipt === null).map(({ text }) => text);
  const warning = open.length > 0 ? `  (unverified: ${short(open.join(", "), 60)})` : "";
  return `  ${status}: ${short(title, 80)}${summary ? `: ${short(summary, 140)}` : ""}${warning}  ${by ?? ""}  [${id}]`;
}

const figure = ({ metric, entity, entityTitle, value, unit, agent, outside }: CheckedClaim): string =>
  `${short(metric, 40)} of ${short(entityTitle ?? entity, 40)}: ${value} ${short(unit, 20)}, by ${agent}${outside ? `, told by ${short(outside.tool, 40)} (outside)` : ""}`;
