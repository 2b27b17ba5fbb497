import { fileURLToPath } from "node:url";
import { AitoError, createLogger, followingClock, makeNewId, readConfig, runProgram, systemClock } from "@aito/base";
import { programMetrics } from "@aito/base/metrics";
import { connectRedisBus, deliverOver } from "@aito/bus";
import { type CompanyDeps, companyFigures, fileAnchors } from "@aito/company";
import { connectPostgres, type Database } from "@aito/db";
import { metricsOf } from "@aito/protocol";
import { ConsoleConfig } from "./config.ts";
import { startMetricsServer } from "./metrics-server.ts";
import { startConsole } from "./start-console.ts";

const companyAttemptsMax = 60;
const companyPauseMs = 250;
const log = createLogger({ program: "console", level: process.env["LOG_LEVEL"] });

await runProgram(log, async (life) => {
  const config = readConfig(ConsoleConfig, process.env);
  const clock = followingClock();
  const db = life.add("database", connectPostgres({ url: config.POSTGRES_URL, clock, log }));
  const company = await companyOf(db, config.AITO_COMPANY, life.signal);
  const bus = life.add("bus", await connectRedisBus({ url: config.REDIS_URL, log, clock }));
  const rehearsal = config.AITO_MODEL === "REHEARSAL";
  const deps: CompanyDeps = {
    db,
    companyId: company.id,
    clock,
    newId: makeNewId(clock.now),
    deliver: deliverOver(bus),
    rehearsal,
  };
  const running = life.add(
    "console",
    await startConsole({
      deps,
      bus,
      log,
      clock,
      host: config.AITO_HOST,
      port: config.AITO_PORT,
      publicUrl: config.AITO_PUBLIC_URL ?? `http://127.0.0.1:${config.AITO_PORT}`,
      trustedProxies: config.AITO_TRUSTED_PROXIES,
      linkKey: config.AITO_LINK_KEY,
      operatorKeyHash: config.AITO_OPERATOR_KEY_HASH ?? null,
      engine: config.AITO_ENGINE,
      ...(config.AITO_ANCHORS ? { anchors: fileAnchors(config.AITO_ANCHORS) } : {}),
      model: config.AITO_MODEL,
      // Beside the bundle in its image, in dist/web of the package otherwise.
      gatewaySocket: config.AITO_GATEWAY_SOCKET || null,
      hookSecretsFile: config.AITO_HOOK_SECRETS_FILE || null,
      webRoot: config.AITO_WEB_ROOT ?? fileURLToPath(new URL("../dist/web", import.meta.url)),
    }),
  );
  const metrics = programMetrics({ definitions: metricsOf("console"), read: () => companyFigures(deps, "console"), log });
  life.add("metrics", await startMetricsServer({ host: config.AITO_HOST, port: config.AITO_METRICS_PORT, metrics }));
  log.info({ url: running.url }, "console is ready");
  // Started by hand, without the launcher's key: this is the only way in. Not through the log, which would redact it.
  if (config.AITO_OPERATOR_KEY_HASH === undefined) {
    process.stdout.write(`sign in, once: ${await running.newLoginLink()}\n`);
  }
});

/** The company, which the orchestrator makes from its fleet file; at the first start the console is there before it. */
async function companyOf(db: Database, slug: string, signal: AbortSignal): Promise<{ id: string }> {
  for (let attempt = 0; attempt < companyAttemptsMax; attempt += 1) {
    const company = await db.findCompany(slug);
    if (company) return company;
    await systemClock.sleep(companyPauseMs, signal);
  }
  throw new AitoError("AITO_CONSOLE_COMPANY", `there is no company "${slug}" in this database yet`, {
    hint: "start the orchestrator first: it makes the company from its fleet file",
    fate: "retry",
  });
}
