import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { type Clock, crashPointAt, createLogger } from "@aito/base";
import { type Instance, writeInstance } from "../instance.ts";
import { ownUnit } from "./unit.ts";

export interface EmbeddedSettings {
  folder: string;
  /** The pack's fleet.yaml. */
  fleetFile: string;
  company: string;
  port: number;
  seed: number;
}

export interface EmbeddedCompany {
  instance: Instance;
  close(): Promise<void>;
}

/**
 * Runs an embedded company in this process and keeps its folder's instance.json: its address while it runs, none after `close`.
 * Programs log to `<folder>/aito.log`.
 */
export async function embeddedCompany(
  settings: EmbeddedSettings,
  world: { env: Record<string, string | undefined>; clock: Clock; onProgress: (line: string) => void },
): Promise<EmbeddedCompany> {
  const { env, clock, onProgress } = world;
  const startedAt = clock.now().toISOString();
  const { startEmbedded } = await import("@aito/embedded");
  const logFile = join(settings.folder, "aito.log");
  const log = createLogger({
    program: "embedded",
    level: env["LOG_LEVEL"],
    write: (text) => appendFileSync(logFile, text, { mode: 0o600 }),
  });
  const running = await startEmbedded({
    folder: settings.folder,
    fleetPath: settings.fleetFile,
    port: settings.port,
    seed: settings.seed,
    apiKey: env["ANTHROPIC_API_KEY"] || null,
    ...(env["AITO_MODEL_URL"] ? { modelUrl: env["AITO_MODEL_URL"] } : {}),
    noticeEnv: env,
    crashPoint: crashPointAt(env["AITO_CRASH_AT"]),
    log,
    clock,
    onProgress,
  });
  const instance: Instance = {
    engine: "embedded",
    company: settings.company,
    console: running.consoleUrl,
    model: running.model,
    pid: process.pid,
    operatorKeyFile: join(settings.folder, "operator-key"),
    startedAt,
    unit: ownUnit(env),
  };
  writeInstance(settings.folder, instance);
  return {
    instance,
    close: async () => {
      await running.close();
      writeInstance(settings.folder, { ...instance, console: null, pid: null });
    },
  };
}
