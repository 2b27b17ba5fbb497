import { createInterface } from "node:readline";
import { createLogger, readConfig, runProgram } from "@aito/base";
import { z } from "zod";
import { loadCompany } from "./transfer/load-company.ts";

const Config = z.object({ POSTGRES_URL: z.string().min(1) });
const log = createLogger({ program: "import", level: process.env["LOG_LEVEL"] });

// Reads a company's dump on stdin. Run by `aito up --import`, in the place of the migrate step and before the first start of the orchestrator.
await runProgram(log, async () => {
  const config = readConfig(Config, process.env);
  const { rows } = await loadCompany({ url: config.POSTGRES_URL, lines: linesOf(process.stdin) });
  log.info({ rows }, "company imported");
});

/** Reading begins with the first request for a line: an interface that is made earlier drops lines that come before that. */
async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  yield* createInterface({ input });
}
