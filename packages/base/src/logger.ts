import { type Logger as Pino, pino } from "pino";
import { aboutNow } from "./about.ts";
import { redact, redactText } from "./redaction.ts";

/** JSON lines; the message is a constant phrase, variables are fields. Everything passes `redact`. */
export interface Logger {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
  child(fields: Record<string, unknown>): Logger;
}

const wrap = (log: Pino): Logger => {
  const at =
    (level: "debug" | "info" | "warn" | "error") =>
    (fields: Record<string, unknown>, message: string): void =>
      log[level](redact(fields) as object, redactText(message));
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => wrap(log.child(redact(fields) as object)),
  };
};

/** `write` receives each finished line; the default is stderr, so that stdout stays free for a program's own output. */
export function createLogger(options: { program: string; level?: string | undefined; write?: (line: string) => void }): Logger {
  const known = options.level === undefined || options.level in pino.levels.values || options.level === "silent";
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const log = wrap(
    pino(
      {
        level: known ? (options.level ?? "info") : "info",
        base: { program: options.program },
        timestamp: pino.stdTimeFunctions.isoTime,
        // A line's own fields come first.
        mixin: () => aboutNow(),
      },
      { write },
    ),
  );
  if (!known)
    log.warn({ level: options.level, known: Object.keys(pino.levels.values) }, "LOG_LEVEL is not a level: info is used");
  return log;
}

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
