import { spawn } from "node:child_process";
import { AitoError, exitCodes } from "@aito/base";
import { inRepository } from "../repository.ts";
import type { Terminal } from "../terminal.ts";

/** A failure that the script has already explained on stderr; only its exit code is passed on. */
export class ScriptFailed extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super("the stack's script failed");
    this.exitCode = exitCode;
  }
}

/**
 * Runs a script of the repository and returns what it said on stdout; what it says on stderr goes to the terminal as it comes. Ctrl-C
 * reaches it, too.
 */
export async function repositoryScript(
  terminal: Terminal,
  [file, ...args]: [string, ...string[]],
  options: { quiet?: boolean; input?: string } = {},
): Promise<string> {
  const child = spawn(process.execPath, [...process.execArgv, inRepository(file), ...args], {
    cwd: terminal.cwd,
    env: terminal.env,
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", options.quiet ? "ignore" : "pipe"],
  });
  child.stdin?.on("error", () => undefined).end(options.input);
  let output = "";
  child.stdout!.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => terminal.err(chunk));
  const stop = (): void => void child.kill("SIGTERM");
  terminal.signal.addEventListener("abort", stop, { once: true });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve(exitCode ?? exitCodes.failed));
  }).finally(() => terminal.signal.removeEventListener("abort", stop));
  if (code !== 0) throw terminal.signal.aborted ? new Error("interrupted") : new ScriptFailed(code);
  return output;
}

/** Runs `scripts/stack.ts` (images, compose) and returns the JSON of its last line. */
export async function stackScript(
  terminal: Terminal,
  args: string[],
  options: { quiet?: boolean; input?: string } = {},
): Promise<unknown> {
  const output = await repositoryScript(terminal, ["scripts/stack.ts", ...args], options);
  const last = output.trim().split("\n").at(-1) ?? "";
  if (last === "") return null;
  try {
    return JSON.parse(last);
  } catch {
    throw new AitoError("AITO_CLI_SCRIPT", `the stack's script ended without its result: "${last.slice(0, 100)}"`);
  }
}
