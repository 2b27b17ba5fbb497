import {
  type AitoError,
  createLogger,
  errorText,
  isAitoError,
  type Lifecycle,
  type Logger,
  readConfig,
  runProgram,
  systemClock,
} from "@aito/base";
import { z } from "zod";
import { migratePostgres } from "./migrate.ts";
import { letControlLogIn } from "./postgres/control-login.ts";

const retryEveryMs = 500;

const Settings = z.object({
  POSTGRES_URL: z.string().min(1),
  /** Of the login that the other programs have; unset, it is left as it is. */
  AITO_CONTROL_PASSWORD: z.string().default(""),
  AITO_MIGRATIONS: z.string().default("/app/migrations"),
  /** How long a Postgres that does not answer is waited for. */
  AITO_WAIT_SECONDS: z.coerce.number().int().min(0).max(600).default(60),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

/** Migrates as soon as Postgres answers; a fault that waiting does not mend is thrown at once. */
async function migrateWhenUp(settings: z.infer<typeof Settings>, log: Logger, signal: AbortSignal): Promise<string[]> {
  const until = systemClock.now().getTime() + settings.AITO_WAIT_SECONDS * 1_000;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await migratePostgres({ url: settings.POSTGRES_URL, folder: settings.AITO_MIGRATIONS, log });
    } catch (error) {
      const late = systemClock.now().getTime() >= until;
      if (!isAitoError(error, "AITO_DB_UNAVAILABLE") || isMistake(error) || late) throw error;
      if (attempt === 1) log.info({ reason: errorText(error), seconds: settings.AITO_WAIT_SECONDS }, "waiting for Postgres");
      await systemClock.sleep(retryEveryMs, signal);
    }
  }
}

/** A wrong password (28P01, 28000) or a database that does not exist (3D000) stays wrong. */
const isMistake = (error: AitoError): boolean => /^(28|3D)/.test((error.cause as { code?: string } | undefined)?.code ?? "");

const log = createLogger({ program: "migrate", level: process.env["LOG_LEVEL"] });
await runProgram(log, async (life: Lifecycle) => {
  const settings = readConfig(Settings, process.env);
  const ran = await migrateWhenUp(settings, log, life.signal);
  const { POSTGRES_URL: url, AITO_CONTROL_PASSWORD: password } = settings;
  if (password !== "") await letControlLogIn({ url, password });
  process.stdout.write(ran.length === 0 ? "The database is up to date.\n" : ran.map((name) => `Migrated ${name}\n`).join(""));
});
