import { AitoError, errorText, exitCodes, isAitoError } from "./errors.ts";
import type { Logger } from "./logger.ts";

/** Things to close, closed in reverse order of registration; each close is bounded and its failure does not stop the rest. */
export class Lifecycle {
  readonly #closers: { name: string; close: () => Promise<void> | void }[] = [];
  readonly #abort = new AbortController();
  readonly #log: Logger;
  #closing: Promise<void> | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Aborts when closing starts: loops stop taking new work. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  add<T extends { close(): Promise<void> | void }>(name: string, thing: T): T {
    this.#closers.push({ name, close: () => thing.close() });
    return thing;
  }

  onClose(name: string, close: () => Promise<void> | void): void {
    this.#closers.push({ name, close });
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    // What is under way ends with it, and may be asked of the next life.
    this.#abort.abort(new AitoError("AITO_PROGRAM_CLOSING", "this program is ending", { fate: "retry", status: 503 }));
    for (const { name, close } of this.#closers.toReversed()) {
      try {
        await Promise.race([
          close(),
          new Promise((_, reject) => setTimeout(() => reject(new Error("took over 5 s")), 5_000).unref()),
        ]);
      } catch (error) {
        this.#log.warn({ part: name, error: errorText(error) }, "closing a part failed");
      }
    }
  }
}

/**
 * Runs a program: closes on SIGTERM and SIGINT, prints a failure as one sentence and a hint (never a stack trace), and exits
 * 78 for settings that a person must change, 1 otherwise. Told to end it exits with `stoppedCode`, 0 if nothing else is said.
 */
export async function runProgram(
  log: Logger,
  start: (life: Lifecycle) => Promise<void>,
  options: { stoppedCode?: number } = {},
): Promise<void> {
  const life = new Lifecycle(log);
  const stop = (): void => void life.close().then(() => process.exit(options.stoppedCode ?? exitCodes.ok));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  try {
    await start(life);
  } catch (error) {
    const hint = isAitoError(error) && error.hint ? ` (${error.hint})` : "";
    log.error({ error }, `start failed: ${errorText(error)}${hint}`);
    await life.close();
    process.exit(isAitoError(error) && error.fate === "human" ? exitCodes.config : exitCodes.failed);
  }
}
