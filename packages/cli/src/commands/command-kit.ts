import { AitoError } from "@aito/base";
import { type Command, InvalidArgumentError } from "commander";
import { locateConsole } from "../console/locate-console.ts";
import type { ConsoleClient } from "../console/console-client.ts";
import type { Terminal } from "../terminal.ts";

/** What every command's action is given beside its own options. */
export interface Run {
  terminal: Terminal;
  /** The console of this company; made at the first use, so that a command that needs none asks for none. */
  console: () => ConsoleClient;
  json: boolean;
  folder: string | undefined;
}

export interface BaseOptions {
  folder?: string;
  url?: string;
  json?: boolean;
  debug?: boolean;
}

export interface CommandSpec {
  usage: string;
  summary: string;
  /** Prints data, and so can print it as JSON. */
  json?: boolean;
  /** Needs no console's address. */
  local?: boolean;
  /** Runs when the group is called without a subcommand. */
  isDefault?: boolean;
  /** More help. */
  detail?: string;
  build?: (command: Command) => Command;
}

/** Adds a command with the options that all of them have. */
export function addCommand<O extends BaseOptions>(
  parent: Command,
  spec: CommandSpec,
  terminal: Terminal,
  action: (run: Run, options: O, args: string[]) => Promise<number | void>,
): Command {
  const command = parent.command(spec.usage, { isDefault: spec.isDefault ?? false }).description(spec.summary);
  if (spec.json) command.option("--json", "print JSON for scripts instead of text for people");
  command.option("--folder <dir>", "the company's folder (default: AITO_FOLDER, else .aito)");
  if (!spec.local) command.option("--url <address>", "the console's address (default: AITO_URL, else from the folder)");
  command.option("--debug", "print stack traces");
  const name = command.name();
  const called = parent.parent ? `${parent.name()} ${name}` : name;
  command.showHelpAfterError(`(see: aito ${called} --help)`);
  if (spec.isDefault) parent.addHelpText("after", `\nWithout a command: ${name}. Its options: aito ${called} --help`);
  if (spec.detail) command.addHelpText("after", `\n${spec.detail}`);
  spec.build?.(command);
  return command.action(async (...given: unknown[]) => {
    const self = given.at(-1) as Command;
    const options = self.opts<O>();
    let client: ConsoleClient | undefined;
    const run: Run = {
      terminal,
      json: options.json ?? false,
      folder: options.folder,
      console: () => (client ??= locateConsole(terminal, options)),
    };
    result(self, await action(run, options, self.args));
  });
}

/** The exit code that an action asked for travels on the root command. */
const codes = new WeakMap<Command, number>();
function result(command: Command, code: number | void): void {
  let root = command;
  while (root.parent) root = root.parent;
  if (typeof code === "number") codes.set(root, code);
}
export const askedExitCode = (root: Command): number => codes.get(root) ?? 0;

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`a whole number from ${min} to ${max} is needed.`);
  };
}

const aDay = /^\d{4}-\d{2}-\d{2}$/;

/** `2026-11-01`, or a time with its zone. */
export function when(text: string): string {
  const date = aDay.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError("a day like 2026-11-01, or a time like 2026-11-01T08:00:00Z");
  return date.toISOString();
}

/** The same, where a day begins at the company's midnight: the console knows when that was. */
export function companyDayOr(text: string): string {
  const at = when(text);
  return aDay.test(text) ? text : at;
}

export const dollars = (text: string): number => {
  const value = Number(text);
  if (/^\d+(\.\d{1,6})?$/.test(text) && value <= 1e9) return value;
  throw new InvalidArgumentError("an amount in dollars is needed, for example 400 or 49.90.");
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids are long; refusing what cannot be one says it better than the server can. */
export function idOf(text: string, what: string): string {
  if (uuid.test(text)) return text.toLowerCase();
  throw new AitoError("AITO_CLI_USAGE", `not the id of ${what}: "${text}"`, {
    hint: "ids look like 0190b2c4-….; lists print them",
  });
}
