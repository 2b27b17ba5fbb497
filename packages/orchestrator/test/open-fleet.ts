import { fileURLToPath } from "node:url";
import { makeNewId, newToken, sha256, silentLogger, systemClock } from "@aito/base";
import { deliverOver, memoryBus } from "@aito/bus";
import {
  type AgentSession,
  agentsToRun,
  authenticate,
  type CompanyDeps,
  type DesiredAgent,
  heartbeat,
  hello,
  loadPack,
  registerFleet,
} from "@aito/company";
import { migratePglite, openPglite } from "@aito/db";
import { inlineEngine, type InlineProgram } from "@aito/engine";
import { type Fleet, StdinLine } from "@aito/protocol";
import { type Orchestrator, type OrchestratorOptions, type PlanSettings, planSettings, startOrchestrator } from "../src/index.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Half a second of backoff would be long here. */
export const quick: PlanSettings = { ...planSettings, backoffBaseMs: 20, backoffMaxMs: 200 };

export interface OpenFleet {
  deps: CompanyDeps;
  engine: ReturnType<typeof inlineEngine>;
  agents(): Promise<Map<string, DesiredAgent>>;
  start(options?: Partial<OrchestratorOptions>): Promise<Orchestrator>;
  close(): Promise<void>;
}

/** What each inline container does: by default it says hello and beats until it is killed. */
export const livingAgent =
  (deps: () => CompanyDeps, onSession: (session: AgentSession) => void = () => undefined): InlineProgram =>
  async (_spec, stdinLine, signal) => {
    const { token, epoch } = StdinLine.parse(JSON.parse(stdinLine));
    const sessionHash = sha256(newToken("ses"));
    await hello(deps(), { tokenHash: sha256(token), epoch, sessionHash, redisPasswordHash: "0".repeat(64) });
    const session = await authenticate(deps(), sessionHash);
    onSession(session);
    while (!signal.aborted) {
      await heartbeat(deps(), session, { doing: null, progress: 0 });
      await systemClock.sleep(200, signal).catch(() => undefined);
    }
    return 137;
  };

/** The pack's company over an in-memory database, bus and engine; orchestrators are started by the test. */
export async function openFleet(
  options: { program?: (deps: () => CompanyDeps) => InlineProgram; failStart?: number; change?: (fleet: Fleet) => void } = {},
): Promise<OpenFleet> {
  const clock = systemClock;
  const newId = makeNewId(clock.now);
  const db = await openPglite({ folder: null, clock });
  await migratePglite({ database: db, folder: `${root}/migrations`, log: silentLogger });
  const bus = memoryBus({ clock });
  const fleet = await loadPack(`${root}/profiles/aito/fleet.yaml`);
  options.change?.(fleet);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: fleet.file.company, name: fleet.file.name });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: deliverOver(bus), rehearsal: true };
  await registerFleet(deps, fleet);
  const program = (options.program ?? livingAgent)(() => deps);
  const engine = inlineEngine({
    clock,
    log: silentLogger,
    run: program,
    ...(options.failStart ? { failStart: options.failStart } : {}),
  });
  const running: Orchestrator[] = [];
  return {
    deps,
    engine,
    agents: async () => new Map((await agentsToRun(deps)).map((agent) => [agent.name, agent])),
    start: async (change = {}) => {
      const orchestrator = await startOrchestrator({
        deps,
        bus,
        engine,
        log: silentLogger,
        clock,
        fleet,
        images: { agent: "agent", worker: "worker", claudeCode: "claude-code" },
        linkVolume: "link",
        tickMs: 100,
        settings: quick,
        ...change,
      });
      running.push(orchestrator);
      return orchestrator;
    },
    close: async () => {
      await Promise.all(running.map((orchestrator) => orchestrator.close()));
      await engine.close();
      await bus.close();
      await db.close();
    },
  };
}
