import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lifecycle, makeNewId, newToken, sha256, silentLogger, systemClock } from "../../packages/base/src/index.ts";
import { beginIncarnation, type CompanyDeps, hello, loadPack, registerFleet } from "../../packages/company/src/index.ts";
import { connectPostgres } from "../../packages/db/src/index.ts";
import { startPostgres, startRedis } from "../../packages/testkit/src/index.ts";
import { bundle } from "../build/bundle.ts";
import { dist, root } from "../steps/places.ts";
import { atRate, closeLoad, cpuMs, flatOut, holdStreams, leadInSeconds, once, residentMb, type Target } from "./gateway/load.ts";
import { startPortkey } from "./gateway/portkey.ts";
import { overheadRow, type Row, roundsRow, row } from "./measure.ts";
import { commitFunction } from "./services.ts";

const perSecond = 200;
const inFlight = 32;
const warmUpCalls = 300;
const rounds = 6;

type Program = Target & { pid: number };

/**
 * A model call through the gateway (known caller, rate, kill switches, worst case set aside in five budgets before it is sent, settled
 * afterwards) against the same call straight to the same vendor plus one durable commit, at 200 a second; the same through
 * @portkey-ai/gateway, which keeps no money. All take turns, in several rounds; a figure is the median of its rounds. The gateway runs
 * as it is shipped: bundled, under the image's flags.
 */
export async function benchGateway(options: { seconds: number; minutes: number; streams: number }): Promise<Row[]> {
  const life = new Lifecycle(silentLogger);
  try {
    const upstreamUrl = (await startChild(life, benchFile("upstream-process.ts"), [])).line;
    const { target: ours, commit } = await startOurs(life, upstreamUrl);
    const direct: Target = { name: "direct", url: upstreamUrl, headers: {} };
    const portkey = await startPortkey(life, upstreamUrl);
    if (!portkey) console.error("left out: @portkey-ai/gateway could not be installed or does not start");
    const rows: Row[] = [];
    for (const kind of ["json", "stream"] as const) {
      const theirs = portkey && (await works(portkey, kind)) ? portkey : null;
      rows.push(...(await steady({ kind, seconds: options.seconds, direct, ours, theirs, commit })));
    }
    const programs = [ours, ...(portkey ? [portkey] : [])];
    rows.push(...(await flatOutRows([direct, ...programs], options.seconds)));
    for (const { name, pid } of programs) rows.push(row(`${name}: memory after the load`, "MB", [residentMb(pid)], null));
    if (options.minutes > 0) rows.push(await streamsRow(ours, options));
    return rows;
  } finally {
    await life.close();
    closeLoad();
  }
}

/** Another gateway that cannot do a kind of call at all is said to, and left out of it. */
async function works(target: Target, kind: "json" | "stream"): Promise<boolean> {
  let last: unknown;
  for (let tried = 0; tried < 5; tried += 1) {
    try {
      await once(target, kind);
      return true;
    } catch (error) {
      last = error;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
  console.error(`left out: ${String(last)}`);
  return false;
}

/** Calls at a steady rate: ours over direct and a commit, percentile by percentile; the overhead is the difference. */
async function steady(of: {
  kind: "json" | "stream";
  seconds: number;
  direct: Target;
  ours: Program;
  theirs: Program | null;
  commit: () => Promise<number>;
}): Promise<Row[]> {
  const { kind, direct, ours, theirs, commit } = of;
  const label = kind === "json" ? "call" : "stream's first byte";
  const programs = [ours, ...(theirs ? [theirs] : [])];
  const times = new Map<string, number[][]>();
  const cpus = new Map<string, number[]>();
  for (const target of [direct, ...programs]) for (let warm = 0; warm < warmUpCalls; warm += 1) await once(target, kind);
  const load = { perSecond, seconds: of.seconds / rounds };
  const measure = async (name: string, run: () => Promise<number>, pid: number | null): Promise<void> => {
    const before = pid === null ? 0 : cpuMs(pid);
    const round = await atRate(run, load);
    times.set(name, [...(times.get(name) ?? []), round]);
    if (pid !== null)
      cpus.set(name, [...(cpus.get(name) ?? []), (cpuMs(pid) - before) / (round.length + leadInSeconds * perSecond)]);
  };
  for (let round = 0; round < rounds; round += 1) {
    await measure("direct", () => once(direct, kind), null);
    await measure("commit", commit, null);
    for (const target of programs) await measure(target.name, () => once(target, kind), target.pid);
  }
  const [bare, commits] = [times.get("direct")!, times.get("commit")!];
  const floors = bare.map((round, index) => round.map((ms, at) => ms + commits[index]![at % commits[index]!.length]!));
  const rows = [
    roundsRow(`direct: ${label}`, bare, null),
    roundsRow("one durable commit", commits, null),
    roundsRow(`gateway: ${label}`, times.get("gateway")!, floors),
    overheadRow(`gateway: overhead of a ${label}`, times.get("gateway")!, floors),
  ];
  if (theirs) rows.push(roundsRow(`portkey: ${label}`, times.get("portkey")!, bare));
  for (const [name, each] of cpus) rows.push(row(`${name}: processor time of a ${kind} call`, "ms", each, null));
  return rows;
}

/** As many calls as it takes, in turns. */
async function flatOutRows(targets: Target[], seconds: number): Promise<Row[]> {
  const rates = new Map<string, number[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const target of targets)
      rates.get(target.name)!.push(await flatOut(target, { inFlight, seconds: Math.min(5, (2 * seconds) / rounds) }));
  return targets.map(({ name }) => row(`${name}: calls a second, ${inFlight} at a time`, "/s", rates.get(name)!, null));
}

async function streamsRow(ours: Program, { streams, minutes }: { streams: number; minutes: number }): Promise<Row> {
  const { samples, brokeOff } = await holdStreams(ours, { count: streams, minutes, pid: ours.pid });
  if (brokeOff > 0) throw new Error(`${brokeOff} of ${streams} streams broke off`);
  // The first tenth is the warm-up; the floor is the median of the fifth after it.
  const settled = samples.slice(Math.floor(samples.length / 10));
  const early = settled.slice(0, Math.max(1, Math.floor(settled.length / 5)));
  const late = settled.slice(-early.length);
  return row(`gateway: memory, ${streams} streams held ${minutes} min`, "MB", late, early);
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
  await bundle({ entry: benchFile("gateway-process.ts"), file: "gateway.mjs" }, bundles);
  const { child, line } = await startChild(life, join(bundles, "gateway.mjs"), [
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

const bundles = join(dist, "bench/app");
const benchFile = (name: string): string => new URL(`gateway/${name}`, import.meta.url).pathname;

/** Node's, as the images of the control programs start it. */
function imageFlags(): string[] {
  const text = readFileSync(join(root, "images/control.Dockerfile"), "utf8");
  const [, ...flags] = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(text)![1]!) as string[];
  return flags;
}

async function startChild(life: Lifecycle, program: string, args: string[]): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, [...imageFlags(), program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  life.onClose(program, async () => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 4_000);
    await ended;
    clearTimeout(late);
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code} before it was ready`)));
  });
  return { child, line };
}
