import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
/** As an engine that is told to restart always: at once, and slower for what does not stay up. */
const restartMs = 100;
const restartMsMax = 2_000;
const stayedUpMs = 10_000;

export interface Exit {
  at: number;
  /** How long it ran, in milliseconds. */
  livedMs: number;
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One program of the control plane as a process of its own, started again whenever it ends, as `restart: always` does. */
export interface Program {
  name: string;
  exits: Exit[];
  pid(): number | null;
  /** Ends it with a signal; it comes back by itself. `next` is added to the environment of the next start only. */
  signal(signal: NodeJS.Signals, next?: Record<string, string>): void;
  /** SIGKILL, and no restart until `start`. */
  hold(): Promise<void>;
  start(): void;
  close(): Promise<void>;
}

export function superviseProgram(options: {
  name: "gateway" | "orchestrator";
  environment: Record<string, string>;
  logFile: string;
  /** The bundles that ship, or the sources. */
  bundles: boolean;
}): Program {
  const { name } = options;
  const file = options.bundles ? `${root}dist/${name}/app/main.mjs` : `${root}packages/${name}/src/main.ts`;
  const log = openSync(options.logFile, "a");
  const exits: Exit[] = [];
  let child: ChildProcess | null = null;
  let wanted = false;
  let once: Record<string, string> = {};
  let quick = 0;
  let timer: NodeJS.Timeout | undefined;

  const start = (): void => {
    if (!wanted || child) return;
    const startedAt = Date.now();
    const made = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file], {
      cwd: root,
      env: { PATH: process.env["PATH"], HOME: "/tmp", ...options.environment, ...once },
      stdio: ["ignore", log, log],
    });
    once = {};
    child = made;
    made.on("exit", (code, signal) => {
      child = null;
      exits.push({ at: Date.now(), livedMs: Date.now() - startedAt, code, signal });
      quick = Date.now() - startedAt > stayedUpMs ? 0 : quick + 1;
      timer = setTimeout(start, Math.min(restartMsMax, restartMs * 2 ** Math.max(0, quick - 1)));
    });
  };

  const ended = (): Promise<void> =>
    new Promise((resolve) => {
      if (!child) return resolve();
      child.once("exit", () => resolve());
    });

  return {
    name,
    exits,
    pid: () => child?.pid ?? null,
    signal: (signal, next = {}) => {
      once = next;
      child?.kill(signal);
    },
    hold: async () => {
      wanted = false;
      clearTimeout(timer);
      const over = ended();
      child?.kill("SIGKILL");
      await over;
    },
    start: () => {
      wanted = true;
      start();
    },
    close: async () => {
      wanted = false;
      clearTimeout(timer);
      const over = ended();
      child?.kill("SIGTERM");
      const late = setTimeout(() => child?.kill("SIGKILL"), 8_000);
      await over;
      clearTimeout(late);
    },
  };
}
