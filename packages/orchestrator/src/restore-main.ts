import { existsSync, statSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { AitoError, createLogger, makeNewId, readConfig, runProgram, systemClock } from "@aito/base";
import { settleRestored } from "@aito/company";
import { loadCompany } from "@aito/db";
import { z } from "zod";

const Config = z.object({
  POSTGRES_URL: z.string().min(1),
  AITO_COMPANY: z.string().min(1),
  AITO_ANCHORS: z.string().default(""),
});
const log = createLogger({ program: "restore", level: process.env["LOG_LEVEL"] });

// Reads a backup on stdin into an empty database. Run by `aito restore`, in the place of the migrate step.
await runProgram(log, async () => {
  const config = readConfig(Config, process.env);
  const { AITO_ANCHORS: anchorsFile, AITO_COMPANY: company } = config;
  if (anchorsFile && existsSync(anchorsFile) && statSync(anchorsFile).size > 0) {
    throw new AitoError("AITO_RESTORE_NOT_EMPTY", "anchors of another history stand here; nothing was changed", {
      hint: "a restore needs an empty installation: aito down --volumes",
      fate: "human",
    });
  }
  const context = { now: systemClock.now(), newId: makeNewId(systemClock.now) };
  const loaded = await loadCompany({
    url: config.POSTGRES_URL,
    lines: linesOf(process.stdin),
    settle: async (runner, { header, anchors }) => {
      if (header.company !== company) {
        throw new AitoError("AITO_BACKUP_INVALID", `the backup is of the company "${header.company}", not of "${company}"`, {
          hint: "name its pack with --fleet",
          fate: "human",
        });
      }
      await settleRestored(runner, header, context);
      if (anchorsFile && anchors.length > 0) writeFileSync(anchorsFile, `${anchors.join("\n")}\n`, { mode: 0o644 });
    },
  });
  log.info({ rows: loaded.rows, anchors: loaded.anchors.length }, "company restored");
});

async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  yield* createInterface({ input });
}
