import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { userCache } from "../steps/places.ts";
import { Refusal } from "../steps/refusal.ts";
import { lastLines, minutes, run } from "../steps/run.ts";
import { say, step } from "../steps/step.ts";
import { aptInstall, hasApt, isRoot } from "./apt.ts";
import { type EngineFacts, engineFacts } from "./docker.ts";

const startDeadlineMs = 60_000;
/** Of systemctl. */
const noSuchUnit = 5;
const record = join(userCache, "dockerd.json");
const logFile = join(userCache, "dockerd.log");
/** Where systemd runs, it starts Docker, after what must be there before it (a firewall's rules): there is no second way past it. */
const hasSystemd = (): boolean => existsSync("/run/systemd/system");
const byHand = (): string =>
  `apt-get install -y docker.io iptables && ${hasSystemd() ? "systemctl start docker" : "(setsid dockerd >/var/log/dockerd.log 2>&1 &)"}`;

/**
 * The engine that answers, or on Debian or Ubuntu as root one that is installed from the distribution and started here. Elsewhere
 * refuses with the command to run, and where the operator named an engine that does not answer, with its name.
 */
export async function ensureEngine(): Promise<EngineFacts> {
  const found = await engineFacts();
  if (found) return found;
  const named = process.env["DOCKER_HOST"] || process.env["DOCKER_CONTEXT"];
  if (named)
    throw new Refusal(
      `no Docker engine answers at ${named}: start it, or unset DOCKER_HOST and DOCKER_CONTEXT for this machine's own`,
    );
  if (!hasApt() || !isRoot())
    throw new Refusal(
      `no Docker engine answers: run \`${isRoot() ? byHand() : `sudo sh -c '${byHand()}'`}\`, then run this again`,
    );
  say("  no Docker engine answers on this machine");
  if (!daemonFile()) await aptInstall(["docker.io", "iptables", "ca-certificates"], "the Docker engine");
  await ensureControlGroups();
  return await step("the Docker engine (dockerd)", startDaemon);
}

const daemonFile = (): string | undefined => ["/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd"].find(existsSync);

/** Control groups are mounted by systemd; where it does not run, a package does it. */
async function ensureControlGroups(): Promise<void> {
  if (/ cgroup2? /.test(readFileSync("/proc/mounts", "utf8"))) return;
  await aptInstall(["cgroupfs-mount"], "control groups, which Docker needs");
  await run("cgroupfs-mount", [], { timeoutMs: 10_000 });
}

async function startDaemon(): Promise<EngineFacts> {
  if (hasSystemd()) {
    const asked = await run("systemctl", ["start", "docker"], { timeoutMs: minutes(1) });
    if (asked.code !== 0 && asked.code !== noSuchUnit)
      throw new Refusal(`systemd does not start Docker: ${lastLines(asked.stderr, 2)}`, { exitCode: 69 });
  }
  const running = await engineFacts();
  if (running) return running;
  mkdirSync(userCache, { recursive: true });
  const log = openSync(logFile, "a");
  const child = spawn(daemonFile() ?? "dockerd", [], { detached: true, stdio: ["ignore", log, log] });
  let gone = false;
  child.on("error", () => (gone = true)).on("exit", () => (gone = true));
  child.unref();
  if (child.pid) writeFileSync(record, JSON.stringify({ pid: child.pid }));
  const deadline = performance.now() + startDeadlineMs;
  while (!gone && performance.now() < deadline) {
    const facts = await engineFacts();
    if (facts) return facts;
    await sleep(300);
  }
  rmSync(record, { force: true });
  const said = existsSync(logFile) ? lastLines(readFileSync(logFile, "utf8").slice(-4_000), 2) : "nothing";
  throw new Refusal(`dockerd ${gone ? "ended at once" : "did not answer within 60 s"}; its log ${logFile} says: ${said}`);
}

/** The daemon that an earlier run of these scripts started and that still runs. */
export function ownDaemon(): { pid: number } | null {
  if (!existsSync(record)) return null;
  const { pid } = JSON.parse(readFileSync(record, "utf8")) as { pid: number };
  const command = existsSync(`/proc/${pid}/comm`) ? readFileSync(`/proc/${pid}/comm`, "utf8").trim() : "";
  return command === "dockerd" ? { pid } : null;
}

/** Stops the daemon only if these scripts started it. */
export async function stopOwnDaemon(): Promise<boolean> {
  const own = ownDaemon();
  if (!own) return false;
  process.kill(own.pid, "SIGTERM");
  const deadline = performance.now() + 30_000;
  while (ownDaemon() && performance.now() < deadline) await sleep(200);
  rmSync(record, { force: true });
  return true;
}
