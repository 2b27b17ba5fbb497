import { createLogger, readConfig, runProgram, systemClock } from "@aito/base";
import { RehearsalConfig } from "./config.ts";
import { startRehearsalModel } from "./start-rehearsal-model.ts";

const log = createLogger({ program: "rehearsal", level: process.env["LOG_LEVEL"] });

await runProgram(log, async (life) => {
  const config = readConfig(RehearsalConfig, process.env);
  life.add(
    "server",
    await startRehearsalModel({
      host: config.AITO_HOST,
      port: config.AITO_PORT,
      seed: config.AITO_SEED,
      log,
      clock: systemClock,
    }),
  );
});
