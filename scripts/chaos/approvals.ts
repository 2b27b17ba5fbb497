import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeNewId, silentLogger, systemClock } from "../../packages/base/src/index.ts";
import { type CompanyDeps, loadPack, registerFleet } from "../../packages/company/src/index.ts";
import { connectPostgres } from "../../packages/db/src/index.ts";
import { playApprovalKills, startPostgres } from "../../packages/testkit/src/index.ts";

const help = `pnpm chaos approvals [--rounds 25] [--random 8] [--json]

Runs approved calls, each in a process of its own, and kills the processes (SIGKILL): each round at ten named points between journal,
effect and record, and --random times at a moment that nobody chose. Two others at once find what was left, again after the lease.
Exits 1 if anything was done twice, an outcome that nobody can know is not told as unknown, or a call has not the one receipt that says
how it ended.
`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const randomMsMax = 60;
const packFile = new URL("../../profiles/aito/fleet.yaml", import.meta.url).pathname;

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    rounds: { type: "string", default: "25" },
    random: { type: "string", default: "8" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function play(rounds: number, random: number): Promise<void> {
  const server = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), "aito-approval-kills-"));
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
  const database = await server.database();
  const db = connectPostgres({ url: database.url, clock, log: silentLogger });
  try {
    const newId = makeNewId(clock.now);
    const companyId = await db.findOrCreateCompany({ id: newId(), slug: "approvalkills", name: "Acme" });
    const deps: CompanyDeps = { db, companyId, clock, newId, deliver: () => Promise.resolve(), rehearsal: true };
    const fleet = await loadPack(packFile);
    fleet.file.approvals = { hours: 24 * 365, waitingMax: 1_000 };
    await registerFleet(deps, fleet);
    const report = await playApprovalKills({
      deps,
      databaseUrl: database.url,
      folder,
      rounds,
      jobs: availableParallelism() * 2,
      random: { count: random, delay: () => Math.random() * randomMsMax },
      afterLease: () => void (aheadMs += 120_000),
    });
    if (values.json) say(JSON.stringify(report));
    else {
      say(`${report.kills} processes killed in ${rounds} rounds`);
      const ends = Object.entries(report.ends).toSorted(([a], [b]) => a.localeCompare(b));
      for (const [end, count] of ends) say(`  ${String(count).padStart(4)}  ${end}`);
    }
    for (const problem of report.problems.slice(0, 50)) process.stderr.write(`${problem}\n`);
    if (report.problems.length > 0) process.exitCode = 1;
  } finally {
    await db.close();
    await database.drop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const whole = (text: string): number => (/^\d{1,5}$/.test(text) ? Number(text) : -1);
const [rounds, random] = [whole(values.rounds), whole(values.random)];
if (values.help) process.stdout.write(help);
else if (rounds < 1 || random < 0) {
  process.stderr.write(`--rounds and --random take whole numbers\n${help}`);
  process.exitCode = 2;
} else await play(rounds, random);
