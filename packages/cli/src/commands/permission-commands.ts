import { AitoError } from "@aito/base";
import { ArgumentConstraint, operatorApi, PermissionView, RollingPeriod } from "@aito/protocol";
import { type Command, Option } from "commander";
import { z } from "zod";
import { money } from "../output/documents.ts";
import { short, table } from "../output/table.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, dollars, wholeNumber } from "./command-kit.ts";

interface AddOptions extends BaseOptions {
  tool: string;
  role?: string;
  where: string[];
  times: number;
  usd: number;
  per: RollingPeriod;
  until?: string;
}

const collected = (text: string, before: string[]): string[] => [...before, text];

export function addPermissions(program: Command, terminal: Terminal): void {
  const group = program
    .command("permissions")
    .description("calls that you permit beforehand, within bounds, so that you are asked when it matters");
  addCommand(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "permissions, those that stand first",
      json: true,
      detail: "JSON: the permissions",
    },
    terminal,
    async (run) => {
      const { items } = await run.console().get(operatorApi.permissions, z.object({ items: z.array(PermissionView) }));
      if (run.json) return jsonLine(terminal, items);
      if (items.length === 0) return line(terminal, "none; every dangerous call of a supervised role waits for you");
      const rows = items.map((item) => [
        item.name,
        item.revokedAt ? "revoked" : "stands",
        item.tool,
        item.role ?? "any role",
        short(item.constraints.map(constraintText).join(", ") || "any arguments", 80),
        `${item.used} of ${item.times}, ${money(item.usedMicroUsd)} of ${money(item.amountMicroUsd)} per ${item.per}`,
      ]);
      line(terminal, table(["name", "", "tool", "role", "where", "used"], rows));
    },
  );
  addCommand<AddOptions>(
    group,
    {
      usage: "add <name>",
      summary: "permit calls of one tool within bounds; a run that has read text from outside still needs you",
      json: true,
      detail:
        'Where: PATH=VALUE, PATH<=NUMBER, or JSON like {"path":"to","is":"one_of","value":["a","b"]} or {"path":"bcc","is":"absent"}.\nJSON: the permission',
      build: (command) =>
        command
          .requiredOption("--tool <name>", "the tool")
          .option("--role <name>", "one role or worker type only")
          .option("--where <condition>", "what must hold of an argument; may be given again", collected, [])
          .requiredOption("--times <n>", "how often within the period", wholeNumber(1, 1_000_000))
          .option("--usd <amount>", "how much within the period", dollars, 0)
          .addOption(new Option("--per <period>", "a rolling period").choices(RollingPeriod.options).default("day"))
          .option("--until <time>", "when it ends (ISO 8601)"),
    },
    terminal,
    async (run, options, [name]) => {
      const { tool, role = null, times, usd, per, until = null } = options;
      const body = { name, tool, role, constraints: options.where.map(constraint), times, usd, per, until };
      const made = await run.console().post(operatorApi.permissions, body, PermissionView);
      if (run.json) return jsonLine(terminal, made);
      line(terminal, `permitted: ${made.tool}, ${made.times} times and ${money(made.amountMicroUsd)} per ${made.per}`);
    },
  );
  addCommand(
    group,
    { usage: "revoke <name>", summary: "end a permission at once", json: true, detail: "JSON: the permission" },
    terminal,
    async (run, _options, [name]) => {
      const path = `${operatorApi.permissions}/${encodeURIComponent(name!)}/revoke`;
      const ended = await run.console().post(path, {}, PermissionView);
      if (run.json) return jsonLine(terminal, ended);
      line(terminal, `revoked: ${ended.name}`);
    },
  );
}

/** `usd<=5` and `to=ada@example.org` for the usual cases, JSON for the others. Values that are JSON are taken as such. */
function constraint(text: string): ArgumentConstraint {
  const [, path, sign, value] = /^([\w.-]+)(<=|=)(.*)$/s.exec(text) ?? [];
  const given: unknown =
    path === undefined ? json(text) : { path, is: sign === "=" ? "equal" : "at_most", value: json(value!) ?? value! };
  const parsed = ArgumentConstraint.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new AitoError("AITO_CLI_USAGE", `not a condition on an argument: ${short(text, 80)}`, {
    hint: "for example: --where 'usd<=5' --where title=News",
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const signs = { equal: "=", one_of: " one of ", at_most: "<=", shorter_than: " shorter than " } as const;
const constraintText = (one: ArgumentConstraint): string =>
  one.is === "absent" ? `${one.path} not given` : `${one.path}${signs[one.is]}${JSON.stringify(one.value)}`;
