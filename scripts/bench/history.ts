import { Lifecycle, makeNewId, silentLogger, systemClock } from "../../packages/base/src/index.ts";
import { type CompanyDeps, verifyChain } from "../../packages/company/src/index.ts";
import { connectPostgres } from "../../packages/db/src/index.ts";
import { fillHistory, readHistory, startPostgres } from "../../packages/testkit/src/index.ts";
import { row, type Row, timed } from "./measure.ts";

const events = 1_000_000;
const runs = 3;

/**
 * A million sealed events in real Postgres, checked from the first to the last: links, hashes, columns. The floor is to read the
 * same rows in the same pages and to look at nothing.
 */
export async function benchHistory(): Promise<Row[]> {
  const life = new Lifecycle(silentLogger);
  try {
    // On disk: a million rows are more than the memory of the tests' own server.
    const postgres = await startPostgres({ shared: false });
    life.onClose("postgres", () => postgres.stop());
    const { controlUrl: url } = await postgres.database();
    const db = life.add("database", connectPostgres({ url, clock: systemClock, log: silentLogger }));
    const newId = makeNewId(systemClock.now);
    const companyId = await db.findOrCreateCompany({ id: newId(), slug: "bench", name: "Bench" });
    const deps: CompanyDeps = { db, companyId, clock: systemClock, newId, deliver: () => Promise.resolve(), rehearsal: true };
    await fillHistory(deps, events);
    const ours: number[] = [];
    const floors: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      floors.push((await timed(() => readHistory(deps, events))) / 1_000);
      ours.push((await timed(() => verify(deps))) / 1_000);
    }
    return [row("history of 1,000,000 events verified", "s", ours, floors)];
  } finally {
    await life.close();
  }
}

async function verify(deps: CompanyDeps): Promise<void> {
  const report = await verifyChain(deps);
  if (!report.ok || report.count !== events) throw new Error(`the chain does not verify: ${JSON.stringify(report)}`);
}
