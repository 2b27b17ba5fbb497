import { Lifecycle, makeNewId, silentLogger, systemClock } from "../../../packages/base/src/index.ts";
import { connectRedisBus, deliverOver } from "../../../packages/bus/src/index.ts";
import type { CompanyDeps } from "../../../packages/company/src/index.ts";
import { connectPostgres } from "../../../packages/db/src/index.ts";
import { startGateway } from "../../../packages/gateway/src/index.ts";

/** The gateway alone in a process, as it runs in its container, but for the agents' rate, which a measurement must exceed. */
const [postgresUrl, redisUrl, companyId, socketPath, upstreamUrl] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const life = new Lifecycle(silentLogger);
const clock = systemClock;
const db = life.add("database", connectPostgres({ url: postgresUrl, clock, log: silentLogger }));
const bus = life.add("bus", await connectRedisBus({ url: redisUrl, log: silentLogger, clock }));
const deps: CompanyDeps = { db, companyId, clock, newId: makeNewId(clock.now), deliver: deliverOver(bus), rehearsal: false };
const gateway = life.add(
  "gateway",
  await startGateway({
    deps,
    bus,
    log: silentLogger,
    clock,
    socketPath,
    upstream: { name: "anthropic", baseUrl: upstreamUrl, apiKey: "sk-for-the-measurement" },
    publicUrl: "http://127.0.0.1",
    linkKey: "l".repeat(32),
    receiptKey: "r".repeat(32),
    modelPort: 0,
    modelRate: { capacity: 1e6, perSecond: 1e6 },
  }),
);
process.stdout.write(`${gateway.modelUrl}\n`);
process.once("SIGTERM", () => void life.close().then(() => process.exit(0)));
