import { AitoError } from "@aito/base";
import { InvitedOperator, loginLinkMinutes, operatorApi, OperatorName, OperatorRole, OperatorView } from "@aito/protocol";
import { type Command, Option } from "commander";
import { z } from "zod";
import { table } from "../output/table.ts";
import { jsonLine, line, note, type Terminal } from "../terminal.ts";
import { addCommand, type BaseOptions } from "./command-kit.ts";

export const minute = (at: string | null): string => at?.slice(0, 16).replace("T", " ") ?? "never";

/** People who may come in to the console, and what each may do. */
export function addOperators(program: Command, terminal: Terminal): void {
  const group = program
    .command("operators")
    .description("people who sign in to the console: owners do everything, approvers answer and stop, viewers read");
  addCommand(
    group,
    {
      usage: "list",
      isDefault: true,
      summary: "operators, oldest first, the disabled ones too",
      json: true,
      detail: "JSON: the operators",
    },
    terminal,
    async (run) => {
      const { items } = await run.console().get(operatorApi.operators, z.object({ items: z.array(OperatorView) }));
      if (run.json) return jsonLine(terminal, items);
      if (items.length === 0)
        return line(terminal, "nobody has an account; who has the operator key is the owner. See: aito operators add");
      const rows = items.map((row) => [
        row.name,
        row.role,
        row.status,
        minute(row.lastSeenAt),
        String(row.recoveryCodesLeft),
        row.createdBy,
      ]);
      line(terminal, table(["name", "role", "", "last seen (UTC)", "recovery codes", "added by"], rows));
    },
  );
  addCommand<BaseOptions & { role: OperatorRole }>(
    group,
    {
      usage: "add <name>",
      summary: "let somebody in; prints the one-time link with which they set their password and codes",
      json: true,
      detail: 'JSON: the operator and "url"',
      build: (command) =>
        command.addOption(new Option("--role <role>", "what they may do").choices(OperatorRole.options).makeOptionMandatory()),
    },
    terminal,
    async (run, { role }, [name]) => {
      const body = { name: operatorName(name!), role };
      showLink(terminal, await run.console().post(operatorApi.operators, body, InvitedOperator), run.json);
    },
  );
  addCommand<BaseOptions & { to: OperatorRole }>(
    group,
    {
      usage: "role <name>",
      summary: "change what somebody may do; holds at once, for open browsers and API keys too",
      json: true,
      detail: "JSON: the operator",
      build: (command) =>
        command.addOption(new Option("--to <role>", "the new role").choices(OperatorRole.options).makeOptionMandatory()),
    },
    terminal,
    async (run, { to: role }, [name]) => {
      const path = `${operatorApi.operators}/${operatorName(name!)}/role`;
      const changed = await run.console().post(path, { role }, OperatorView);
      if (run.json) return jsonLine(terminal, changed);
      line(terminal, `${changed.name} is ${changed.role} from now on`);
    },
  );
  addEnding(group, terminal);
}

function addEnding(group: Command, terminal: Terminal): void {
  addCommand(
    group,
    {
      usage: "disable <name>",
      summary: "keep somebody out: their browsers are signed out, their API keys and links refused, at once",
      json: true,
      detail: "JSON: the operator",
    },
    terminal,
    async (run, _options, [name]) => {
      const path = `${operatorApi.operators}/${operatorName(name!)}/disable`;
      const disabled = await run.console().post(path, {}, OperatorView);
      if (run.json) return jsonLine(terminal, disabled);
      line(terminal, `${disabled.name} is kept out from now on; back in with: aito operators reset ${disabled.name}`);
    },
  );
  addCommand(
    group,
    {
      usage: "reset <name>",
      summary: "take password, codes, sessions and API keys back, and print a new one-time link; lets a disabled one in again",
      json: true,
      detail: 'JSON: the operator and "url"',
    },
    terminal,
    async (run, _options, [name]) => {
      const path = `${operatorApi.operators}/${operatorName(name!)}/reset`;
      showLink(terminal, await run.console().post(path, {}, InvitedOperator), run.json);
    },
  );
}

/** The link alone on stdout, so that it can be piped. */
function showLink(terminal: Terminal, invited: InvitedOperator, json: boolean): void {
  if (json) return jsonLine(terminal, invited);
  line(terminal, invited.url);
  note(
    terminal,
    `for ${invited.name} (${invited.role}), once, within ${loginLinkMinutes} minutes; another one: aito login --operator ${invited.name}`,
  );
}

/** Said here, because a name that cannot be one would make a wrong address. */
export function operatorName(text: string): string {
  const parsed = OperatorName.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new AitoError("AITO_CLI_USAGE", `not an operator's name: "${text}"`, { hint: parsed.error.issues[0]?.message ?? "" });
}
