import { type Lifecycle, makeNewId, silentLogger, systemClock } from "../../../packages/base/src/index.ts";
import { connectRedisBus, deliverOver } from "../../../packages/bus/src/index.ts";
import { type CompanyDeps, loadPack, propose, registerFleet, sealEvents } from "../../../packages/company/src/index.ts";
import { connectPostgres } from "../../../packages/db/src/index.ts";
import { Proposal } from "../../../packages/protocol/src/index.ts";
import { fillHistory, fillRecords, fillTasks, startPostgres, startRedis } from "../../../packages/testkit/src/index.ts";
import { fileURLToPath } from "node:url";

export interface FilledCompany {
  deps: CompanyDeps;
  postgresUrl: string;
  redisUrl: string;
  sealAll(): Promise<void>;
}

const pack = fileURLToPath(new URL("../../../profiles/aito/fleet.yaml", import.meta.url));
const memoryMb = 1_024;

/** A company of `agents` agents with its history, over a Postgres that writes as in production; nobody runs its agents. */
export async function openFilledCompany(
  life: Lifecycle,
  { agents, tasks, events }: { agents: number; tasks: number; events: number },
): Promise<FilledCompany> {
  const postgres = await startPostgres({ shared: false, durable: true, memoryMb });
  life.onClose("postgres", () => postgres.stop());
  const redis = await startRedis();
  life.onClose("redis", () => redis.stop());
  const { name, controlUrl, url } = await postgres.database();
  const db = life.add(
    "database",
    connectPostgres({ url: controlUrl, clock: systemClock, log: silentLogger, statementMsMax: 120_000 }),
  );
  const bus = life.add("bus", await connectRedisBus({ url: redis.url, log: silentLogger, clock: systemClock }));
  const newId = makeNewId(systemClock.now);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: "bench", name: "Bench" });
  const deps: CompanyDeps = { db, companyId, clock: systemClock, newId, deliver: deliverOver(bus), rehearsal: true };
  const fleet = await loadPack(pack);
  for (let at = Object.keys(fleet.file.roles).length; at < agents; at += 1) {
    fleet.file.roles[`agent-${at + 1}`] = fleet.file.roles["cmo"]!;
    fleet.profiles[`agent-${at + 1}`] = fleet.profiles["cmo"]!;
  }
  await registerFleet(deps, fleet);
  await fillHistory(deps, Math.ceil(events / 10_000) * 10_000);
  await fillTasks(deps, tasks);
  await propose(deps, "cmo", Proposal.parse({ title: "A first one", type: "minor", usd: 50 }));
  // As the owner: a fill is no use case.
  const owner = connectPostgres({ url, clock: systemClock, log: silentLogger, statementMsMax: 120_000 });
  await fillRecords({ ...deps, db: owner }).finally(() => owner.close());
  const sealAll = async (): Promise<void> => {
    while ((await sealEvents(deps)) > 0);
  };
  await sealAll();
  // As after a night: the planner knows what is there.
  await postgres.sql(name, "analyze");
  return { deps, postgresUrl: controlUrl, redisUrl: redis.url, sealAll };
}
