import { Refusal } from "../steps/refusal.ts";
import { type RunOptions, type RunResult, lastLines, run } from "../steps/run.ts";

/** The classic builder is in every engine; BuildKit's is a plugin that may be missing. */
const dockerEnv = (): NodeJS.ProcessEnv => ({ ...process.env, DOCKER_BUILDKIT: "0", DOCKER_CLI_HINTS: "false" });

export function docker(args: string[], options: Partial<RunOptions> = {}): Promise<RunResult> {
  return run("docker", args, { timeoutMs: 60_000, ...options, env: { ...dockerEnv(), ...options.env } });
}

/** Runs a docker command that must succeed; refuses with one sentence otherwise. */
export async function mustDocker(args: string[], options: Partial<RunOptions> = {}): Promise<string> {
  const result = await docker(args, options);
  if (result.code === 0) return result.stdout;
  const said = lastLines(result.stderr || result.stdout, 3);
  if (/cannot connect to the docker daemon|connection refused|is the docker daemon running/i.test(said)) {
    throw new Refusal("the Docker engine does not answer: start it (systemctl start docker), then run this again");
  }
  throw new Refusal(`docker ${args.slice(0, 2).join(" ")} failed${result.timedOut ? " (took too long)" : ""}: ${said}`, {
    exitCode: 1,
  });
}

export interface EngineFacts {
  version: string;
  /** Folder where the engine stores images and volumes. */
  storage: string;
}

/** Asks the engine; null when none answers in 10 s. */
export async function engineFacts(): Promise<EngineFacts | null> {
  const result = await docker(["info", "--format", "{{.ServerVersion}} {{.DockerRootDir}}"], { timeoutMs: 10_000 });
  const [version, storage] = result.stdout.trim().split(" ");
  return result.code === 0 && version && storage ? { version, storage } : null;
}
