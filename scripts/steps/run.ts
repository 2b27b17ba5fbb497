import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Progress } from "./step.ts";

/** Output kept of a command; more is cut from the front. */
const outputCharsMax = 400_000;

export interface RunOptions {
  /** The command is killed after this time; every command has one. */
  timeoutMs: number;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Text for standard input. */
  input?: string;
  /** A file that becomes standard input. */
  inputFile?: string;
  /** A file that standard output goes to, whole, instead of being kept. */
  outputFile?: string;
  /** Shows the last line of output as the step's progress. */
  progress?: Progress;
  /** Kill when no first line of output came in this time. */
  firstLineMs?: number;
}

export interface RunResult {
  code: number;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

/** Runs a command to its end. A failure is data: code 127 when it cannot be started, 124 when it took too long. */
export function run(command: string, args: string[], options: RunOptions): Promise<RunResult> {
  return new Promise((resolve) => {
    const result: RunResult = { code: 0, stdout: "", stderr: "", timedOut: false };
    const closed = options.input === undefined ? "ignore" : "pipe";
    const input = options.inputFile === undefined ? closed : openSync(options.inputFile, "r");
    const output = options.outputFile === undefined ? "pipe" : openSync(options.outputFile, "w", 0o600);
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [input, output, "pipe"],
      detached: true,
    });
    // The whole group is ended: a package manager's children would outlive it.
    const kill = (): void => {
      result.timedOut = true;
      try {
        if (child.pid) process.kill(-child.pid, "SIGKILL");
      } catch {
        child.kill("SIGKILL");
      }
    };
    const interrupt = (signal: NodeJS.Signals): void => {
      kill();
      process.exit(signal === "SIGINT" ? 130 : 143);
    };
    process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
    const timer = setTimeout(kill, options.timeoutMs);
    const firstLine = options.firstLineMs === undefined ? undefined : setTimeout(kill, options.firstLineMs);
    const onData = (stream: "stdout" | "stderr") => (chunk: string) => {
      clearTimeout(firstLine);
      result[stream] = (result[stream] + chunk).slice(-outputCharsMax);
      const line = chunk.split(/[\r\n]/).findLast((part) => part.trim() !== "");
      if (line) options.progress?.note(line);
    };
    child.stdout?.setEncoding("utf8").on("data", onData("stdout"));
    child.stderr?.setEncoding("utf8").on("data", onData("stderr"));
    child.stdin?.on("error", () => undefined).end(options.input);
    const end = (code: number): void => {
      clearTimeout(timer);
      clearTimeout(firstLine);
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      for (const file of [input, output]) if (typeof file === "number") closeSync(file);
      resolve({ ...result, code: result.timedOut ? 124 : code });
    };
    child.on("error", (error) => {
      result.stderr += error.message;
      end(127);
    });
    child.on("close", (code) => end(code ?? 1));
  });
}

/** Runs a command that must succeed; throws with what it said last. Returns its standard output. */
export async function must(command: string, args: string[], options: RunOptions): Promise<string> {
  const result = await run(command, args, options);
  if (result.code === 0) return result.stdout;
  const said = lastLines(result.stderr || result.stdout, 6);
  const how = result.timedOut ? `took over ${Math.round(options.timeoutMs / 1000)} s` : `ended with ${result.code}`;
  throw new Error(`${command} ${args.slice(0, 3).join(" ")} ${how}: ${said}`);
}

/** The last lines of a command's output, on one line. */
export function lastLines(text: string, count: number): string {
  return text
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .join(" | ")
    .slice(-1_200);
}

export const minutes = (count: number): number => count * 60_000;
