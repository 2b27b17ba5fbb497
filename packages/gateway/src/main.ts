import { AitoError, type Clock, crashPointAt, createLogger, followingClock, makeNewId, readConfig, runProgram } from "@aito/base";
import { startTracing } from "@aito/base/tracing";
import { programMetrics } from "@aito/base/metrics";
import { connectRedisBus, deliverOver } from "@aito/bus";
import { type CompanyDeps, companyFigures, makeSearchStatistics } from "@aito/company";
import { makeEmbedder } from "@aito/connectors";
import { connectPostgres, type Database } from "@aito/db";
import { metricsOf } from "@aito/protocol";
import { boardAccess } from "./board/board-settings.ts";
import { Config } from "./config.ts";
import { githubFor, rehearsalGithub } from "./git/github-for.ts";
import { startHealth } from "./health.ts";
import { noticeSettings } from "./notices/notice-settings.ts";
import { startGateway } from "./start-gateway.ts";
import { toolSecrets, upstreamFor, upstreamKeys } from "./upstream-for.ts";

const log = createLogger({ program: "gateway", level: process.env["LOG_LEVEL"] });

await runProgram(log, async (life) => {
  const config = readConfig(Config, process.env);
  life.add("tracing", await startTracing({ program: "gateway", env: process.env, log }));
  const clock = followingClock();
  const notices = noticeSettings(config, clock);
  const embedder = makeEmbedder(config, { clock });
  const upstream = upstreamFor(config);
  const db = life.add("database", connectPostgres({ url: config.POSTGRES_URL, clock, log }));
  const bus = life.add("bus", await connectRedisBus({ url: config.REDIS_URL, log, clock, mayBeAway: true }));
  const companyId = await findCompany(db, config.AITO_COMPANY, clock);
  const deps: CompanyDeps = {
    db,
    companyId,
    clock,
    newId: makeNewId(clock.now),
    deliver: deliverOver(bus),
    ...(embedder ? { embedder: life.add("embedder", embedder) } : {}),
    rehearsal: upstream.name === "rehearsal",
    searchStatistics: makeSearchStatistics(clock),
    crashPoint: crashPointAt(process.env["AITO_CRASH_AT"]),
  };
  const github = githubFor(config, process.env, { clock, log }) ?? (deps.rehearsal ? rehearsalGithub(config) : null);
  const gateway = await startGateway({
    deps,
    bus,
    log,
    clock,
    socketPath: config.AITO_SOCKET,
    upstream,
    upstreamKeys: upstreamKeys(process.env, { clock, log }),
    toolSecrets: toolSecrets(process.env, { clock, log }),
    upstreamWaits: {
      firstByteMs: config.AITO_MODEL_FIRST_BYTE_SECONDS * 1_000,
      silenceMs: config.AITO_MODEL_SILENCE_SECONDS * 1_000,
    },
    github,
    notices,
    board: boardAccess(github),
    publicUrl: config.AITO_PUBLIC_URL,
    linkKey: config.AITO_LINK_KEY,
    receiptKey: config.AITO_RECEIPT_KEY,
    workspaces: config.AITO_WORKSPACES,
  });
  life.add("gateway", gateway);
  life.add(
    "health",
    await startHealth({
      host: config.AITO_HOST,
      port: config.AITO_PORT,
      metrics: programMetrics({
        definitions: metricsOf("gateway"),
        read: async () => [...(await companyFigures(deps, "gateway")), ...gateway.figures()],
        log,
      }),
      parts: { database: () => db.ping(), bus: () => bus.ping(), socket: () => gateway.ping() },
    }),
  );
});

/** The orchestrator registers the company; it may start a moment later than the gateway. */
async function findCompany(db: Database, slug: string, clock: Clock): Promise<string> {
  const waitMsMax = 60_000;
  const until = clock.now().getTime() + waitMsMax;
  for (;;) {
    const found = await db.findCompany(slug);
    if (found) return found.id;
    if (clock.now().getTime() >= until) {
      throw new AitoError("AITO_COMPANY_UNKNOWN", `no company "${slug}" is registered in the database`, {
        hint: "start the orchestrator with its fleet file, or set AITO_COMPANY to the fleet file's company",
        fate: "human",
      });
    }
    await clock.sleep(500);
  }
}
