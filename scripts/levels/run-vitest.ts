import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bin, root } from "../steps/places.ts";
import { type Counted, type Failed, type Report, countReport } from "./tally.ts";

const config = join(root, "packages/vitest.config.ts");
const reports = join(root, "node_modules/.cache/aito-reports");

/** Why a level stopped that a human, or who runs it, ended. */
export const interruption = "interrupted";

export interface LevelRun extends Counted {
  /** Why the level did not end by itself; null when it did. */
  stopped: string | null;
}

/** The environment of every test: our tools first, no reaper container (its image may be out of reach). */
export function testEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
    TESTCONTAINERS_RYUK_DISABLED: "true",
    NODE_OPTIONS: "--disable-warning=ExperimentalWarning",
  };
}

/** vitest's projects of a level: the one of its name, and those that begin with it. */
export const levelProjects = (level: string): string => `${level}*`;

/** Runs a level's projects with their output shown, and counts from its JSON report. Ends at the deadline at the latest. */
export function runVitest(level: string, deadlineMs: number, filters: string[] = []): Promise<LevelRun> {
  mkdirSync(reports, { recursive: true });
  const file = join(reports, `${level}.json`);
  rmSync(file, { force: true });
  const args = [
    "run",
    "--config",
    config,
    "--project",
    levelProjects(level),
    "--passWithNoTests",
    "--reporter=default",
    "--reporter=json",
  ];
  return new Promise((resolve) => {
    const child = spawn(bin("vitest"), [...args, `--outputFile.json=${file}`, ...filters], {
      cwd: root,
      env: testEnvironment(),
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    });
    let stopped: string | null = null;
    const stop = (why: string): void => {
      stopped = why;
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    };
    const timer = setTimeout(() => stop(`took over ${Math.round(deadlineMs / 60_000)} minutes`), deadlineMs);
    const interrupt = (): void => stop(interruption);
    process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
    child.on("error", (error) => (stopped = error.message));
    child.on("close", (code) => {
      clearTimeout(timer);
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      resolve(result(file, code ?? 1, stopped));
    });
  });
}

const outside = (name: string): Failed => ({ name, file: "", message: "" });

function result(file: string, code: number, stopped: string | null): LevelRun {
  if (existsSync(file)) {
    const counted = countReport(JSON.parse(readFileSync(file, "utf8")) as Report);
    // An error outside of any test (an unhandled rejection) fails the run although no test did.
    if (code === 0 || counted.failed > 0) return { ...counted, stopped };
    return { ...counted, failed: 1, failures: [outside("an error outside of any test")], stopped };
  }
  if (code === 0) return { passed: 0, failed: 0, skipped: 0, skippedNames: [], failures: [], stopped };
  return {
    passed: 0,
    failed: 1,
    skipped: 0,
    skippedNames: [],
    failures: [outside(stopped ?? "vitest wrote no report")],
    stopped,
  };
}
