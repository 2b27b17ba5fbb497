import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { AitoError, type Fate } from "@aito/base";
import type { Instance } from "../instance.ts";
import { inRepository } from "../repository.ts";
import { note, type Terminal } from "../terminal.ts";
import { boundSilence, type SilenceBound } from "./silence-bound.ts";
import type { EmbeddedSettings } from "./embedded-company.ts";

/** What the background process tells the command that started it. */
export type ChildMessage =
  | { kind: "progress"; line: string }
  | { kind: "ready"; instance: Instance }
  | { kind: "failed"; code: string | null; message: string; hint: string | null; fate: Fate; status: number };

const tellEveryMs = 30_000;
/** No step takes that long even where the machine has no time to spare: killed in one, the next start would only begin it again. */
const stepMsMax = 300_000;

/**
 * Starts an embedded company as a process of its own, waits until it answers, and lets it go. Its failure becomes ours. Each step of the
 * start has its time, so that a slow machine starts slowly and only one that hangs is ended.
 */
export async function embeddedChild(terminal: Terminal, settings: EmbeddedSettings): Promise<Instance> {
  mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
  const logFile = join(settings.folder, "aito.log");
  const output = openSync(logFile, "a", 0o600);
  const child = spawn(
    process.execPath,
    [...process.execArgv, inRepository("packages/cli/src/up/embedded-main.ts"), JSON.stringify(settings)],
    { cwd: terminal.cwd, env: terminal.env, detached: true, stdio: ["ignore", output, output, "ipc"] },
  );
  closeSync(output);
  const stop = (): void => void child.kill("SIGTERM");
  terminal.signal.addEventListener("abort", stop, { once: true });
  let bound: SilenceBound | null = null;
  try {
    return await new Promise<Instance>((resolve, reject) => {
      bound = boundSilence({
        clock: terminal.clock,
        tellEveryMs,
        silenceMsMax: stepMsMax,
        onStill: (step, ms) => note(terminal, `  still at it after ${ms / 1_000} s: ${step}`),
        onSilent: (step) => {
          child.kill("SIGKILL");
          const message = `the company's start hung for ${stepMsMax / 1_000} s and was ended: ${step}`;
          reject(new AitoError("AITO_CLI_START", message, { hint: `see ${logFile}` }));
        },
      });
      child.once("error", reject);
      child.once("exit", (code) =>
        reject(
          terminal.signal.aborted
            ? new Error("interrupted")
            : new AitoError("AITO_CLI_START", `the company's process ended at start (exit ${code ?? "by a signal"})`, {
                hint: `see ${logFile}`,
              }),
        ),
      );
      child.on("message", (message: ChildMessage) => {
        if (message.kind === "progress") {
          bound?.heard(message.line);
          note(terminal, `  ${message.line}`);
        } else if (message.kind === "ready") resolve(message.instance);
        else reject(failureOf(message));
      });
    });
  } finally {
    (bound as SilenceBound | null)?.end();
    terminal.signal.removeEventListener("abort", stop);
    child.removeAllListeners();
    if (child.connected) child.disconnect();
    child.unref();
  }
}

const failureOf = ({ code, message, hint, fate, status }: Extract<ChildMessage, { kind: "failed" }>): AitoError =>
  new AitoError(code ?? "AITO_CLI_START", message, { ...(hint ? { hint } : {}), fate, status });
