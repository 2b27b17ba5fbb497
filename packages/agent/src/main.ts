import { dirname, basename } from "node:path";
import { crashPointAt, createLogger, exitCodes, readConfig, runProgram, systemClock } from "@aito/base";
import { connectBell } from "@aito/bus/bell";
import { Config } from "./config.ts";
import { readStdinLine } from "./read-stdin-line.ts";
import { runAgent } from "./run-agent.ts";

const log = createLogger({
  program: "agent",
  level: process.env["LOG_LEVEL"],
  write: (line) => void process.stdout.write(line),
});

// Ending on SIGTERM is a courtesy only: what must stop is stopped by the gateway and by SIGKILL. Its code tells whoever looks that
// it did not end by itself.
await runProgram(
  log,
  async (life) => {
    const config = readConfig(Config, process.env);
    const stdin = await readStdinLine(process.stdin, systemClock);
    if (stdin === null) {
      log.error({}, "no line with a token came on stdin in time: this container is started by the orchestrator only");
      process.exit(exitCodes.noSession);
    }
    const code = await runAgent({
      gateway: { socketPath: config.AITO_SOCKET },
      stdin,
      makeBell: async ({ redis }) =>
        redis === null ? null : await connectBell({ socketPath: config.AITO_REDIS_SOCKET, ...redis, log, clock: systemClock }),
      log,
      clock: systemClock,
      signal: life.signal,
      crashPoint: crashPointAt(process.env["AITO_CRASH_AT"]),
      tmp: dirname(config.AGENT_PROFILE),
      profileFile: basename(config.AGENT_PROFILE),
    });
    process.exit(life.signal.aborted ? exitCodes.stopped : code);
  },
  { stoppedCode: exitCodes.stopped },
);
