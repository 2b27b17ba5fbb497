import { AitoError } from "@aito/base";
import { CreatedGatewayKey, GatewayKeyName, GatewayKeyView, operatorApi } from "@aito/protocol";
import type { Command } from "commander";
import { z } from "zod";
import { money } from "../output/documents.ts";
import { table } from "../output/table.ts";
import { jsonLine, line, note, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, dollars, wholeNumber } from "./command-kit.ts";

interface CreateOptions extends BaseOptions {
  name: string;
  budgetUsd: number;
  model?: string[];
  hours: number;
}

export function addKeys(program: Command, terminal: Terminal): void {
  const group = program
    .command("keys")
    .description("keys with which a laptop's Claude Code or any SDK calls models through the gateway, each with its own budget");
  addCommand(
    group,
    { usage: "list", isDefault: true, summary: "keys, newest first, the ended ones too", json: true, detail: "JSON: the keys" },
    terminal,
    async (run) => {
      const { items } = await run.console().get(operatorApi.keys, z.object({ items: z.array(GatewayKeyView) }));
      if (run.json) return jsonLine(terminal, items);
      if (items.length === 0) return line(terminal, "no keys yet; make one with: aito keys create");
      const rows = items.map((key) => [
        key.name,
        key.status,
        `${money(key.usedMicroUsd)} of ${money(key.budgetMicroUsd)}`,
        key.expiresAt.slice(0, 16).replace("T", " "),
        key.lastUsedAt?.slice(0, 16).replace("T", " ") ?? "never",
        key.models?.join(", ") ?? "any",
      ]);
      line(terminal, table(["name", "status", "used", "until (UTC)", "last used", "models"], rows));
    },
  );
  addCreate(group, terminal);
  addCommand<BaseOptions & { overlapMinutes: number; hours: number }>(
    group,
    {
      usage: "rotate <name>",
      summary: "a new secret for the same key and budget; the one before it works for a while more",
      json: true,
      detail: 'JSON: {"key","baseUrl","id","name","expiresAt"}',
      build: (command) =>
        command
          .option("--overlap-minutes <n>", "how long both work", wholeNumber(0, 10_080), 60)
          .option("--hours <n>", "how long the new one works", wholeNumber(1, 8_784), 720),
    },
    terminal,
    async (run, { overlapMinutes, hours }, [name]) => {
      const path = `${operatorApi.keys}/${keyName(name!)}/rotate`;
      const made = await run.console().post(path, { overlapMinutes, expiresInHours: hours }, CreatedGatewayKey);
      showKey(terminal, made, run.json);
      if (!run.json) note(terminal, `the key before it works for ${overlapMinutes} minutes more`);
    },
  );
  addCommand(
    group,
    { usage: "revoke <name>", summary: "refuse a key from now on", json: true, detail: "JSON: the key's record" },
    terminal,
    async (run, _options, [name]) => {
      const path = `${operatorApi.keys}/${keyName(name!)}/revoke`;
      const key = await run.console().post(path, {}, GatewayKeyView);
      if (run.json) return jsonLine(terminal, key);
      line(terminal, `${key.name} is refused from now on`);
    },
  );
}

function addCreate(group: Command, terminal: Terminal): void {
  addCommand<CreateOptions>(
    group,
    {
      usage: "create",
      summary: "make a key; it is shown once",
      json: true,
      detail:
        'JSON: {"key","baseUrl","id","name","expiresAt"}. For Claude Code: ANTHROPIC_BASE_URL=<baseUrl> ANTHROPIC_AUTH_TOKEN=<key> claude',
      build: (command) =>
        command
          .requiredOption("--name <name>", "how it is called in lists and costs")
          .requiredOption("--budget-usd <amount>", "what all its calls together may cost", dollars)
          .option("--model <id...>", "models that it may ask for (default: every model that has a price)")
          .option("--hours <n>", "how long it works", wholeNumber(1, 8_784), 720),
    },
    terminal,
    async (run, { name, budgetUsd, model, hours }) => {
      const body = { name: keyName(name), budgetUsd, models: model ?? null, expiresInHours: hours };
      const made = await run.console().post(operatorApi.keys, body, CreatedGatewayKey);
      showKey(terminal, made, run.json);
    },
  );
}

/** The key alone on stdout, so that it can be piped; what to do with it on stderr. */
function showKey(terminal: Terminal, made: CreatedGatewayKey, json: boolean): void {
  const { key, baseUrl, id, name, expiresAt } = made;
  if (json) return jsonLine(terminal, { key, baseUrl, id, name, expiresAt });
  line(terminal, key);
  note(terminal, `the key "${name}" works until ${expiresAt.slice(0, 16).replace("T", " ")} UTC and is not shown again`);
  note(terminal, `ANTHROPIC_BASE_URL=${baseUrl} ANTHROPIC_AUTH_TOKEN=<the key>`);
}

/** Said here, because a name that cannot be one would make a wrong address. */
function keyName(text: string): string {
  const parsed = GatewayKeyName.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new AitoError("AITO_CLI_USAGE", `not a key's name: "${text}"`, { hint: parsed.error.issues[0]?.message ?? "" });
}
