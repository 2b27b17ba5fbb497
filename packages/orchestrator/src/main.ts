import { crashPointAt, createLogger, followingClock, makeNewId, readConfig, runProgram } from "@aito/base";
import { startTracing } from "@aito/base/tracing";
import { connectRedisBus, deliverOver } from "@aito/bus";
import { type CompanyDeps, companyFigures, fileAnchors, loadPack } from "@aito/company";
import { connectPostgres } from "@aito/db";
import { dockerEngine } from "@aito/engine";
import { OrchestratorConfig } from "./config.ts";
import { startHealthServer } from "./health-server.ts";
import { ownName } from "./own-name.ts";
import { startOrchestrator } from "./start-orchestrator.ts";

const log = createLogger({ program: "orchestrator", level: process.env["LOG_LEVEL"] });

await runProgram(log, async (life) => {
  const config = readConfig(OrchestratorConfig, process.env);
  life.add("tracing", await startTracing({ program: "orchestrator", env: process.env, log }));
  const clock = followingClock();
  const newId = makeNewId(clock.now);
  const fleet = await loadPack(config.AITO_FLEET);
  const db = life.add("database", connectPostgres({ url: config.POSTGRES_URL, clock, log }));
  const bus = life.add("bus", await connectRedisBus({ url: config.REDIS_URL, log, clock, mayBeAway: true }));
  const crashPoint = crashPointAt(process.env["AITO_CRASH_AT"]);
  const engine = life.add("engine", dockerEngine({ socketPath: config.DOCKER_SOCKET, log, clock, crashPoint }));
  // Ids begin with the time: none is made by the program's own clock.
  await db.ping();
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: fleet.file.company, name: fleet.file.name });
  const deps: CompanyDeps = {
    db,
    companyId,
    clock,
    newId,
    deliver: deliverOver(bus),
    rehearsal: config.AITO_MODEL === "REHEARSAL",
    crashPoint,
  };
  const name = config.AITO_HOLDER ? { holder: config.AITO_HOLDER, close: () => undefined } : await ownName();
  if (name) life.add("name", name);
  const orchestrator = life.add(
    "orchestrator",
    await startOrchestrator({
      deps,
      bus,
      engine,
      log,
      clock,
      fleet,
      images: {
        agent: config.AITO_AGENT_IMAGE,
        worker: config.AITO_WORKER_IMAGE,
        claudeCode: config.AITO_CLAUDE_CODE_IMAGE,
      },
      linkVolume: config.AITO_LINK_VOLUME,
      tickMs: config.AITO_TICK_MS,
      leaseMs: config.AITO_LEASE_MS,
      agentCrashes: new Map(config.AITO_AGENT_CRASH_AT.split(",").map((one) => one.split("=", 2) as [string, string])),
      ...(config.AITO_ANCHORS ? { anchors: fileAnchors(config.AITO_ANCHORS) } : {}),
      registersFleet: true,
      ...(name ? { holder: name.holder } : {}),
    }),
  );
  life.add(
    "health server",
    await startHealthServer({
      orchestrator,
      host: config.AITO_HOST,
      port: config.AITO_PORT,
      now: clock.now,
      log,
      figures: () => companyFigures(deps, "orchestrator"),
    }),
  );
});
