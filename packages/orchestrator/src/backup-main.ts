import { existsSync, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createLogger, readConfig, runProgram, systemClock } from "@aito/base";
import { backupPostgres } from "@aito/db";
import { z } from "zod";

const Config = z.object({
  POSTGRES_URL: z.string().min(1),
  AITO_COMPANY: z.string().min(1),
  AITO_ANCHORS: z.string().default(""),
});
const log = createLogger({ program: "backup", level: process.env["LOG_LEVEL"] });

// Writes the company's rows of one moment to stdout. Run by `aito backup`, in the place of the migrate step, beside the running orchestrator.
await runProgram(log, async () => {
  const config = readConfig(Config, process.env);
  const anchors = existsSync(config.AITO_ANCHORS) ? readFileSync(config.AITO_ANCHORS, "utf8").split("\n").filter(Boolean) : [];
  const input = { url: config.POSTGRES_URL, company: config.AITO_COMPANY, at: systemClock.now(), anchors };
  await pipeline(Readable.from(backupPostgres(input)), process.stdout);
});
