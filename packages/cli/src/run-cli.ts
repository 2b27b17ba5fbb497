import { AitoError, errorText, exitCodes, isAitoError, redactText } from "@aito/base";
import { type Command, CommanderError } from "commander";
import { askedExitCode } from "./commands/command-kit.ts";
import { exitCodeOf } from "./exit-code-of.ts";
import { buildProgram } from "./program.ts";
import { note, type Terminal } from "./terminal.ts";
import { ScriptFailed } from "./up/stack-script.ts";

/** Runs one command line and returns its exit code. A failure is one sentence and a hint; with --debug also the stack. */
export async function runCli(args: string[], terminal: Terminal): Promise<number> {
  const program = buildProgram(terminal);
  try {
    refuseUnknown(program, args);
    await program.parseAsync(args, { from: "user" });
    return askedExitCode(program);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (error instanceof ScriptFailed) return error.exitCode;
    if (terminal.signal.aborted && !isAitoError(error)) return 130;
    const [first, ...more] = linesOf(error);
    note(terminal, redactText(`aito: ${first}`));
    for (const text of more) note(terminal, redactText(`      ${text}`));
    if (isAitoError(error) && error.hint) note(terminal, redactText(`      ${error.hint}`));
    if (args.includes("--debug")) note(terminal, redactText(stackOf(error)));
    return exitCodeOf(error);
  }
}

/** A group's own command takes no words: one that is no command of it would else be told as one too many of that. */
function refuseUnknown(program: Command, [first, second]: string[]): void {
  const group = program.commands.find((command) => command.name() === first);
  if (!group || group.commands.length === 0 || second === undefined || second.startsWith("-")) return;
  const names = group.commands.map((command) => command.name());
  if (second === "help" || names.includes(second)) return;
  throw new AitoError("AITO_CLI_USAGE", `${first} has no command "${second}"`, {
    hint: `it has: ${names.join(", ")} (see: aito ${first} --help)`,
  });
}

/** What several lines say (mistakes of a pack, one each) stays several lines; all else is one sentence on one. */
const linesOf = (error: unknown): string[] =>
  isAitoError(error, "AITO_FLEET_INVALID") ? error.message.split("\n") : [errorText(error)];

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by: ${stackOf(error.cause)}`;
  return `${isAitoError(error) ? `${error.code}\n` : ""}${error.stack ?? error.message}${cause}`;
}
