import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import Docker from "dockerode";
import { row, type Row } from "./measure.ts";

const docker = new Docker();
const run = promisify(execFile);
/** What follows a start (views, first wakes, and the engine that collects the start's rubbish for a while) is over after this. */
const afterStartMs = 60_000;
const programs = ["orchestrator", "gateway", "console", "postgres", "redis"];

export const containersOf = (slug: string): Promise<Docker.ContainerInfo[]> =>
  docker.listContainers({ filters: { label: [`aito.company=${slug}`] } });

/** Runs a command in the container of one of the company's services; answers its lines. */
async function inside(slug: string, service: string, command: string[]): Promise<string[]> {
  const found = (await containersOf(slug)).find(({ Labels }) => Labels["com.docker.compose.service"] === service)!;
  const { stdout } = await run("docker", ["exec", found.Id, ...command], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split("\n").filter(Boolean);
}

export const sql = (slug: string, statement: string): Promise<string[]> =>
  inside(slug, "postgres", ["psql", "--username=aito", "--dbname=aito", "--no-align", "--tuples-only", "--command", statement]);

const askRedis =
  'redis-cli -s /link/redis/redis.sock --no-auth-warning --user control --pass "$(cat /secrets/password)" INFO commandstats';

/** What each program has done since its start. */
interface Counts {
  at: number;
  /** Nanoseconds of CPU, by program. */
  cpu: Map<string, number>;
  /** How often one of a program's threads was woken, by program. */
  wakeups: Map<string, number>;
  transactions: number;
  /** By name. */
  commands: Map<string, number>;
}

/** Voluntary switches of all threads in the container's control group, as the machine counts them. */
async function wakeupsOf(id: string): Promise<number> {
  const top = (await docker.getContainer(id).top({ ps_args: "-eo pid" })) as { Processes: string[][] };
  return top.Processes.flat().reduce((sum, pid) => sum + switchesOf(pid.trim()), 0);
}

function switchesOf(pid: string): number {
  try {
    return Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function look(slug: string): Promise<Counts> {
  const control = (await containersOf(slug)).filter((container) => container.Labels["aito.kind"] === "control");
  const [cpu, wakeups] = [new Map<string, number>(), new Map<string, number>()];
  await Promise.all(
    control.map(async ({ Id: id, Labels: labels }) => {
      const name = labels["com.docker.compose.service"] ?? id;
      const { cpu_stats: used } = await docker.getContainer(id).stats({ stream: false, "one-shot": true });
      cpu.set(name, used.cpu_usage.total_usage);
      wakeups.set(name, await wakeupsOf(id));
    }),
  );
  const [commits = "0"] = await sql(slug, "select xact_commit + xact_rollback from pg_stat_database where datname = 'aito'");
  const stats = await inside(slug, "redis", ["sh", "-c", askRedis]);
  const commands = stats.flatMap((line) => {
    const [, name, calls] = /^cmdstat_([^:]+):calls=(\d+)/.exec(line) ?? [];
    return name ? [[name, Number(calls)] as const] : [];
  });
  return { at: performance.now(), cpu, wakeups, transactions: Number(commits), commands: new Map(commands) };
}

/**
 * Percent of one core that each program of the control plane used while nothing was to be done, how often it was woken, and what Postgres
 * and Redis were asked, the asking of this program among it (about four transactions and as many commands in all). `modelCalls`: those
 * of runs that ended since then.
 */
export async function idleRows(slug: string, seconds: number, modelCalls: (since: string) => Promise<number>): Promise<Row[]> {
  await pause(afterStartMs);
  const since = new Date().toISOString();
  const from = await look(slug);
  await pause(seconds * 1_000);
  const to = await look(slug);
  const ms = to.at - from.at;
  const grew = (read: (counts: Counts) => number | undefined): number => (read(to) ?? 0) - (read(from) ?? 0);
  const perSecond = (count: number): number => (count * 1_000) / ms;
  const commands = [...to.commands.keys()]
    .map((name) => ({ name, count: grew((counts) => counts.commands.get(name)) }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count);
  return [
    ...programs.map((name) => row(`idle-cpu-${name}`, "%", [(grew((counts) => counts.cpu.get(name)) / 1e6 / ms) * 100], null)),
    ...programs.map((name) => row(`idle-wakeups-${name}`, "/s", [perSecond(grew((counts) => counts.wakeups.get(name)))], null)),
    row("idle-transactions", "/s", [perSecond(grew((counts) => counts.transactions))], null),
    row("idle-redis-commands", "/s", [perSecond(commands.reduce((sum, { count }) => sum + count, 0))], null),
    ...commands.slice(0, 8).map(({ name, count }) => row(`  ${name}`, "/s", [perSecond(count)], null)),
    row("idle-model-calls", "calls", [await modelCalls(since)], null),
  ];
}
