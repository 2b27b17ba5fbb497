import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lifecycle, makeNewId, newToken, sha256, silentLogger, systemClock } from "../../packages/base/src/index.ts";
import { beginIncarnation, type CompanyDeps, hello, loadPack, registerFleet } from "../../packages/company/src/index.ts";
import { connectPostgres } from "../../packages/db/src/index.ts";
import { startPostgres, startRedis } from "../../packages/testkit/src/index.ts";
import { atRate, closeLoad, flatOut, holdStreams, once, residentMb, type Target } from "./gateway/load.ts";
import { startPortkey } from "./gateway/portkey.ts";
import { percentile, type Row, row } from "./measure.ts";

const perSecond = 200;
const inFlight = 32;
const streamsHeld = 50;
const rounds = 4;

/**
 * A model call through the gateway (known caller, rate, reservation with its commit, settled afterwards) against the same call straight
 * to the same vendor plus one durable commit, at 200 a second, in turns; the same through @portkey-ai/gateway, which keeps no money.
 */
export async function benchGateway(options: { seconds: number; minutes: number }): Promise<Row[]> {
  const life = new Lifecycle(silentLogger);
  try {
    const upstreamUrl = (await startChild(life, "upstream-process.ts", [])).line;
    const { target: ours, commit } = await startOurs(life, upstreamUrl);
    const direct: Target = { name: "direct", url: upstreamUrl, headers: {} };
    const portkey = await startPortkey(life, upstreamUrl);
    const rows: Row[] = [];
    for (const kind of ["json", "stream"] as const) {
      const label = kind === "json" ? "call" : "stream's first byte";
      const targets = [direct, ours, ...(portkey && (await works(portkey, kind)) ? [portkey] : [])];
      const times = new Map<string, number[]>([...targets, { name: "commit" }].map(({ name }) => [name, []]));
      for (const target of targets) for (let warm = 0; warm < 200; warm += 1) await once(target, kind);
      for (let round = 0; round < rounds; round += 1) {
        const load = { perSecond, seconds: options.seconds / rounds };
        for (const target of targets) times.get(target.name)!.push(...(await atRate(() => once(target, kind), load)));
        times.get("commit")!.push(...(await atRate(commit, load)));
      }
      rows.push(...compare(label, times));
    }
    for (const target of [direct, ours, ...(portkey ? [portkey] : [])]) {
      const rate = await flatOut(target, { inFlight, seconds: Math.min(5, options.seconds) });
      rows.push(row(`${target.name}: calls a second, ${inFlight} at a time`, "/s", [rate], null));
    }
    for (const { name, pid } of [ours, ...(portkey ? [portkey] : [])]) {
      rows.push(row(`${name}: memory after the load`, "MB", [residentMb(pid)], null));
    }
    if (options.minutes > 0) rows.push(await streamsRow(ours, options.minutes));
    return rows;
  } finally {
    await life.close();
    closeLoad();
  }
}

/** Another gateway that cannot do a kind of call at all is said to, and left out of it. */
async function works(target: Target, kind: "json" | "stream"): Promise<boolean> {
  try {
    await once(target, kind);
    return true;
  } catch (error) {
    console.error(`left out: ${String(error)}`);
    return false;
  }
}

/** Ours over direct and a commit, percentile by percentile; the overhead is the difference. */
function compare(label: string, times: Map<string, number[]>): Row[] {
  const of = (name: string): number[] => times.get(name)!;
  const floors = of("direct").map((ms, index) => ms + of("commit")[index % of("commit").length]!);
  const rows = [row(`direct: ${label}`, "ms", of("direct"), null), row(`one durable commit`, "ms", of("commit"), null)];
  rows.push(row(`gateway: ${label}`, "ms", of("gateway"), floors));
  const over = (share: number): number => Math.round((percentile(of("gateway"), share) - percentile(floors, share)) * 100) / 100;
  const overhead = { p50: over(0.5), p95: over(0.95), p99: over(0.99) };
  rows.push({
    name: `gateway: overhead of a ${label}`,
    unit: "ms",
    ...overhead,
    floor: null,
    ratio: null,
    n: of("gateway").length,
  });
  if (times.has("portkey")) rows.push(row(`portkey: ${label}`, "ms", of("portkey"), of("direct")));
  return rows;
}

async function streamsRow(ours: Target & { pid: number }, minutes: number): Promise<Row> {
  const { samples, brokeOff } = await holdStreams(ours, { count: streamsHeld, minutes, pid: ours.pid });
  if (brokeOff > 0) throw new Error(`${brokeOff} of ${streamsHeld} streams broke off`);
  // The first tenth is the warm-up; the floor is the median of the fifth after it.
  const settled = samples.slice(Math.floor(samples.length / 10));
  const early = settled.slice(0, Math.max(1, Math.floor(settled.length / 5)));
  const late = settled.slice(-early.length);
  return row(`gateway: memory, ${streamsHeld} streams held ${minutes} min`, "MB", late, early);
}

async function startOurs(life: Lifecycle, upstreamUrl: string) {
  const folder = mkdtempSync(join(tmpdir(), "aito-bench-gateway-"));
  life.onClose("folder", () => rmSync(folder, { recursive: true, force: true }));
  const postgres = await startPostgres({ shared: false, durable: true });
  life.onClose("postgres", () => postgres.stop());
  const redis = await startRedis();
  life.onClose("redis", () => redis.stop());
  const { url, name } = await postgres.database();
  await postgres.sql(name, commitFunction);
  const clock = systemClock;
  const db = life.add("database", connectPostgres({ url, clock, log: silentLogger }));
  const newId = makeNewId(clock.now);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: "bench", name: "Bench" });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: async () => undefined, rehearsal: false };
  const fleet = await loadPack(new URL("../../profiles/aito/fleet.yaml", import.meta.url).pathname);
  // Five budgets hold each call.
  const caps = {
    company: { day: 1e6, month: 1e6 },
    departments: { Marketing: { day: 1e6 } },
    agents: { cmo: { day: 1e6, total: 1e6 } },
  };
  fleet.file.budgets = { ...fleet.file.budgets, ...caps };
  await registerFleet(deps, fleet);
  const token = newToken("run");
  const session = newToken("ses");
  const { epoch } = await beginIncarnation(deps, { agent: "cmo", tokenHash: sha256(token) });
  await hello(deps, { tokenHash: sha256(token), epoch, sessionHash: sha256(session), redisPasswordHash: sha256("x") });
  const { child, line } = await startChild(life, "gateway-process.ts", [
    url,
    redis.url,
    companyId,
    join(folder, "g.sock"),
    upstreamUrl,
  ]);
  const commit = async (): Promise<number> => {
    const start = performance.now();
    await deps.db.call(companyId, "aito_bench_commit", {});
    return performance.now() - start;
  };
  const target = { name: "gateway", url: line, headers: { authorization: `Bearer ${session}` }, pid: child.pid! };
  return { target, commit };
}

/** The floor's commit: one round trip that writes one row, with nothing of ours in it. */
const commitFunction = `create table bench_commits (at timestamptz);
  create function aito_bench_commit(company uuid, at timestamptz, ignored jsonb) returns jsonb language sql as
    $$ insert into bench_commits (at) values (at); select '{}'::jsonb $$`;

async function startChild(life: Lifecycle, file: string, args: string[]): Promise<{ child: ChildProcess; line: string }> {
  const program = new URL(`gateway/${file}`, import.meta.url).pathname;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  life.onClose(file, async () => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 4_000);
    await ended;
    clearTimeout(late);
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code} before it was ready`)));
  });
  return { child, line };
}
