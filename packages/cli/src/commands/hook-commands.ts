import { EventView, HookDelivery, HookView, operatorApi, pageOf } from "@aito/protocol";
import type { Command } from "commander";
import { z } from "zod";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, wholeNumber } from "./command-kit.ts";

/** `aito hooks`: webhook intake. */
export function addHooks(program: Command, terminal: Terminal): void {
  const group = program
    .command("hooks")
    .description("events from outside that become tasks or wake somebody, by signed webhooks");
  addCommand(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "the fleet file's hooks: where they are sent, how they are signed, what they make",
      json: true,
      detail: 'JSON: [{"name","path","scheme","perMinute","rules","secrets","lastDay","last"}]',
    },
    terminal,
    async (run) => {
      const { items } = await run.console().get(operatorApi.hooks, z.object({ items: z.array(HookView) }));
      if (run.json) return jsonLine(terminal, items);
      if (items.length === 0) {
        return line(terminal, "there is no hook: name one in the fleet file (hooks: { NAME: { scheme: github, rules: [...] } })");
      }
      for (const text of items.flatMap(hookLines)) line(terminal, text);
    },
  );
  addCommand<BaseOptions & { limit: number; hook?: string }>(
    group,
    {
      usage: "deliveries",
      summary: "what came in and what it made, newest first",
      json: true,
      detail: 'JSON: [{"id","hook","deliveryId","event","action","outcome","why","taskId","receivedAt"}]',
      build: (command) =>
        command.option("--hook <name>", "of this hook").option("--limit <n>", "at most this many", wholeNumber(1, 200), 50),
    },
    terminal,
    async (run, { limit, hook }) => {
      const page = await run.console().get(operatorApi.hookDeliveries, pageOf(HookDelivery), { limit, hook });
      if (run.json) return jsonLine(terminal, page.items);
      if (page.items.length === 0) return line(terminal, "nothing came in yet; what was refused: aito hooks refused");
      const rows = page.items.map((each) => [each.receivedAt, each.hook, eventOf(each), outcomeOf(each)]);
      line(terminal, table(["at", "hook", "event", "made"], rows));
    },
  );
  addRefused(group, terminal);
}

function addRefused(group: Command, terminal: Terminal): void {
  addCommand<BaseOptions & { limit: number }>(
    group,
    {
      usage: "refused",
      summary: "what was not signed, or too late, newest first; at most twenty a minute are written down",
      json: true,
      detail: 'JSON: [{"id","at","payload":{"hook","why","address","unwritten"},…}]',
      build: (command) => command.option("--limit <n>", "at most this many", wholeNumber(1, 200), 50),
    },
    terminal,
    async (run, { limit }) => {
      const page = await run.console().get(operatorApi.events, pageOf(EventView), { limit, types: "hook.refused" });
      if (run.json) return jsonLine(terminal, page.items);
      if (page.items.length === 0) return line(terminal, "nothing was refused");
      const rows = page.items.map(({ at, payload: { hook, address, why, unwritten } }) =>
        [at, hook, address, why, Number(unwritten) > 0 ? `and ${Number(unwritten)} before it` : ""].map((one) =>
          short(String(one), 80),
        ),
      );
      line(terminal, table(["at", "hook", "from", "why", ""], rows));
    },
  );
}

const eventOf = ({ event, action }: HookDelivery): string =>
  short([event, action].filter((one) => one !== null).join(" ") || "-", 60);

const outcomeOf = ({ outcome, taskId, why }: HookDelivery): string =>
  short([outcome, taskId, why].filter((one) => one !== null).join(" "), 160);

function hookLines({ name, path, scheme, perMinute, rules, secrets, lastDay, last }: HookView): string[] {
  const live =
    secrets === 0 ? "NO SECRET: all is refused (AITO_HOOK_SECRETS)" : `${secrets} live secret${secrets === 1 ? "" : "s"}`;
  return [
    `${name}  POST ${path}  ${scheme}, ${live}, at most ${perMinute} a minute`,
    `  ${lastDay} within a day; last: ${last === null ? "none" : `${last.receivedAt} ${eventOf(last)}: ${outcomeOf(last)}`}`,
    ...rules.map((rule) => `  ${ruleText(rule)}`),
  ];
}

function ruleText({ event, action, where = {}, task, wake, board }: HookView["rules"][number]): string {
  const what = [event === "*" ? "anything" : event, action, ...Object.entries(where).map(([path, value]) => `${path}=${value}`)];
  const made = task
    ? `a task for ${task.assignTo}: ${task.title}`
    : wake
      ? `wakes ${wake}`
      : board
        ? "asks the board"
        : "nothing";
  return short(`${what.filter((one) => one !== undefined).join(" ")} -> ${made}`, 200);
}
