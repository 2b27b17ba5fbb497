import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import Docker from "dockerode";
import { dockerSocket } from "../loopback-container.ts";
import { waitFor } from "../wait-for.ts";

const run = promisify(execFile);
const answersMsMax = 30_000;

/** A second Docker engine that a test may kill: its own data, its own socket, its own mounts and network. */
export interface PrivateEngine {
  socketPath: string;
  /** SIGKILL, then a start; resolves when it answers again. */
  killAndStart(): Promise<void>;
  /** An orderly stop, then a start. */
  restart(): Promise<void>;
  /** As when the machine's power is pulled: the engine, its shims and its containers. */
  powerOff(): Promise<void>;
  start(): Promise<void>;
  /** Containers that a process of the engine stands for, whatever the engine itself says. */
  shims(): string[];
  /** Ends it with all that it started. */
  close(): Promise<void>;
}

/** Why there can be no second engine here, or null. */
export async function missingPrivateEngine(): Promise<string | null> {
  if (process.getuid?.() !== 0) return "a second engine needs root";
  try {
    await run("sh", ["-c", "command -v dockerd && command -v unshare"]);
    return null;
  } catch {
    return "there is no dockerd or unshare here";
  }
}

/** Starts it in `folder` and gives it `images` of the machine's engine. */
export async function startPrivateEngine(options: {
  folder: string;
  images: string[];
  liveRestore: boolean;
}): Promise<PrivateEngine> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true });
  // The machine's own settings are not for this one.
  writeFileSync(join(folder, "daemon.json"), "{}");
  const socketPath = join(folder, "docker.sock");
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    child = await startDaemon(folder, socketPath, options.liveRestore);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child) await endDaemon(child, signal);
    child = null;
  };
  await start();
  for (const image of options.images) {
    const copy = 'docker -H "unix://$1" save "$2" | docker -H "unix://$3" load';
    await run("sh", ["-c", copy, "sh", dockerSocket(), image, socketPath], { maxBuffer: 16 * 1_024 * 1_024 });
  }
  return {
    socketPath,
    killAndStart: async () => {
      await end("SIGKILL");
      await start();
    },
    restart: async () => {
      await end("SIGTERM");
      await start();
    },
    powerOff: async () => {
      await end("SIGKILL");
      endLeftovers(folder);
    },
    start,
    shims: () => shimsOf(folder),
    close: async () => {
      await end("SIGTERM");
      endLeftovers(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startDaemon(folder: string, socketPath: string, liveRestore: boolean): Promise<ChildProcess> {
  const pidFile = join(folder, "docker.pid");
  rmSync(pidFile, { force: true });
  // Its containerd dies with it. Where nobody reaps it, its number would pass for a living one.
  rmSync(join(folder, "exec/containerd/containerd.pid"), { force: true });
  const log = openSync(join(folder, "dockerd.log"), "a");
  const places = ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec"), "--pidfile", pidFile];
  const network = ["--bridge", "none", "--iptables=false", "--ip-masq=false", "--ip-forward=false"];
  const rest = ["--host", `unix://${socketPath}`, "--config-file", join(folder, "daemon.json")];
  const own = ["dockerd", ...places, ...network, ...rest, ...(liveRestore ? ["--live-restore"] : [])];
  // unshare executes the engine in its own place: the child is the engine's process.
  const made = spawn("unshare", ["--mount", "--net", ...own], { stdio: ["ignore", log, log] });
  await waitFor(
    async () => {
      if (made.exitCode !== null) throw new Error(`the second engine ended with ${made.exitCode}: see ${folder}/dockerd.log`);
      return String(await new Docker({ socketPath, timeout: 2_000 }).ping().catch(() => ""));
    },
    (answer) => answer === "OK",
    answersMsMax,
  );
  return made;
}

async function endDaemon(made: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (made.exitCode !== null || made.signalCode !== null) return;
  const over = new Promise<void>((resolve) => made.once("exit", () => resolve()));
  made.kill(signal);
  const late = setTimeout(() => made.kill("SIGKILL"), 20_000);
  await over;
  clearTimeout(late);
}

/** Processes of this engine, known by its own folder in their arguments: shims and containers outlive a killed engine. */
function processesOf(folder: string): { pid: number; words: string[] }[] {
  const found: { pid: number; words: string[] }[] = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      if (text.includes(`${folder}/`) && /containerd|runc/.test(text)) found.push({ pid: Number(pid), words: text.split("\0") });
    } catch {
      // It ended meanwhile.
    }
  }
  return found.filter(({ pid }) => pid !== process.pid);
}

/** Ids of the containers that a shim of this engine watches over. */
function shimsOf(folder: string): string[] {
  return processesOf(folder)
    .filter(({ words }) => words[0]?.includes("containerd-shim"))
    .map(({ words }) => words[words.indexOf("-id") + 1] ?? "");
}

function endLeftovers(folder: string): void {
  for (const { pid } of processesOf(folder)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }
}
