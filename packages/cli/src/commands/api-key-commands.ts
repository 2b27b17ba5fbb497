import { AitoError } from "@aito/base";
import { ApiKeyName, ApiKeyView, CreatedApiKey, operatorApi, OperatorScope, pageItemsMax, pageOf } from "@aito/protocol";
import { type Command, Option } from "commander";
import { table } from "../output/table.ts";
import { jsonLine, line, note, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions, idOf, wholeNumber } from "./command-kit.ts";
import { minute, operatorName } from "./operator-commands.ts";

interface CreateOptions extends BaseOptions {
  name: string;
  scope: OperatorScope[];
  operator?: string;
  hours: number;
}

/** Keys for the operator API; `aito keys` are the others, with which models are called. */
export function addApiKeys(program: Command, terminal: Terminal): void {
  const group = program
    .command("api-keys")
    .description("keys with which scripts use the operator API, each with scopes (keys that call models: aito keys)");
  addCommand<BaseOptions & { limit: number }>(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "everybody's API keys, newest first, the ended ones too",
      json: true,
      detail: "JSON: the keys",
      build: (command) => command.option("--limit <n>", "how many", wholeNumber(1, pageItemsMax), 50),
    },
    terminal,
    async (run, { limit }) => {
      const { items } = await run.console().get(operatorApi.apiKeys, pageOf(ApiKeyView), { all: "1", limit });
      if (run.json) return jsonLine(terminal, items);
      if (items.length === 0) return line(terminal, "no API keys yet; make one with: aito api-keys create");
      const rows = items.map((key) => [
        key.id,
        key.name,
        key.operator,
        key.status,
        key.scopes.join(", "),
        minute(key.expiresAt),
        minute(key.lastUsedAt),
      ]);
      line(terminal, table(["id", "name", "operator", "", "scopes", "until (UTC)", "last used"], rows));
    },
  );
  addCommand<CreateOptions>(
    group,
    {
      usage: "create",
      summary: "make a key; it is shown once",
      json: true,
      detail: 'JSON: the key\'s record and "key". Send it as Authorization: Bearer <key>; it never may more than its operator.',
      build: (command) =>
        command
          .requiredOption("--name <name>", "how it is called in lists")
          .addOption(new Option("--scope <scope...>", "what it may do").choices(OperatorScope.options).default(["read"]))
          .option("--operator <name>", "whose key it is (default: the machine's owner)")
          .option("--hours <n>", "how long it works", wholeNumber(1, 8_784), 720),
    },
    terminal,
    async (run, { name, scope, operator, hours }) => {
      const whose = operator === undefined ? {} : { operator: operatorName(operator) };
      const body = { name: keyName(name), scopes: scope, expiresInHours: hours, ...whose };
      const made = await run.console().post(operatorApi.apiKeys, body, CreatedApiKey);
      if (run.json) return jsonLine(terminal, made);
      line(terminal, made.key);
      note(
        terminal,
        `the key "${made.name}" of ${made.operator} works until ${minute(made.expiresAt)} UTC and is not shown again`,
      );
      note(terminal, `it may: ${made.scopes.join(", ")}`);
    },
  );
  addCommand(
    group,
    { usage: "revoke <id>", summary: "refuse a key from now on", json: true, detail: "JSON: the key's record" },
    terminal,
    async (run, _options, [id]) => {
      const key = await run.console().post(`${operatorApi.apiKeys}/${idOf(id!, "an API key")}/revoke`, {}, ApiKeyView);
      if (run.json) return jsonLine(terminal, key);
      line(terminal, `${key.name} is refused from now on`);
    },
  );
}

function keyName(text: string): string {
  const parsed = ApiKeyName.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new AitoError("AITO_CLI_USAGE", `not a key's name: "${text}"`, { hint: parsed.error.issues[0]?.message ?? "" });
}
