import { docker } from "../engine/docker.ts";
import { composeFile } from "../steps/places.ts";
import { reason, Refusal } from "../steps/refusal.ts";
import { lastLines, minutes } from "../steps/run.ts";
import type { Progress } from "../steps/step.ts";

export interface ComposeOptions {
  progress?: Progress;
  input?: string;
  /** A file that becomes the command's standard input. */
  inputFile?: string;
  outputFile?: string;
  timeoutMs?: number;
}

/** Runs `docker compose` on our file with the stack's variables. */
export async function compose(args: string[], variables: Record<string, string>, options: ComposeOptions = {}): Promise<string> {
  const env = { ...process.env, ...variables };
  const given = { timeoutMs: minutes(3), ...options, env };
  const result = await docker(["compose", "--file", composeFile, "--ansi", "never", ...args], given);
  if (result.code === 0) return result.stdout;
  const said = result.stderr || result.stdout;
  const port = /port is already allocated|address already in use/.test(said);
  if (port) throw new Refusal(`port ${variables["AITO_PORT"] ?? ""} is in use by another program: choose another with --port`);
  throw new Refusal(`docker compose ${args[0]} failed: ${lastLines(said.replace(/time="\S+" level=/g, ""), 2)}`, {
    exitCode: result.timedOut ? 69 : 1,
  });
}

export interface ServiceState {
  service: string;
  state: string;
  exitCode: number;
  id: string;
}

/** The project's containers as the engine sees them. */
export async function services(project: string): Promise<ServiceState[]> {
  const format = '{{.Label "com.docker.compose.service"}}\t{{.State}}\t{{.Status}}\t{{.ID}}';
  const { stdout } = await docker(["ps", "--all", "--filter", `label=com.docker.compose.project=${project}`, "--format", format]);
  return stdout
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [service = "", state = "", status = "", id = ""] = line.split("\t");
      return { service, state, exitCode: Number(/\((\d+)\)/.exec(status)?.[1] ?? 0), id };
    });
}

/** A program's own sentence instead of what compose says about it. */
export async function explained<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: unknown) => {
    const said = /"msg":"start failed: ((?:[^"\\]|\\.)*)"/.exec(reason(error))?.[1];
    throw said ? new Refusal(said.replaceAll('\\"', '"'), { cause: error }) : error;
  });
}
