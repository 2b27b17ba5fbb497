import { dirname, basename } from "node:path";
import { crashPointAt, createLogger, exitCodes, readConfig, runProgram, systemClock } from "@aito/base";
import type { Bell } from "@aito/bus";
import type { BellOptions } from "@aito/bus/bell";
import { Config } from "./config.ts";
import { readStdinLine } from "./read-stdin-line.ts";
import { runAgent } from "./run-agent.ts";

/** Agents are started in crowds: what each can do without for a moment is not read and compiled before the last one is heard. */
const bellAfterMs = 3_000;

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
      makeBell: ({ redis }, signal) =>
        laterBell(redis && { socketPath: config.AITO_REDIS_SOCKET, ...redis, log, clock: systemClock }, signal),
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

/** Until then the agent is woken by its parked poll, which hears the same bells. */
async function laterBell(options: BellOptions | null, signal: AbortSignal): Promise<Bell | null> {
  if (options === null) return null;
  await systemClock.sleep(bellAfterMs, signal).catch(() => undefined);
  if (signal.aborted) return null;
  const { connectBell } = await import("@aito/bus/bell");
  return await connectBell(options);
}
