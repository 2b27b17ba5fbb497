#!/usr/bin/env node
import { createInterface } from "node:readline/promises";
import { systemClock } from "@aito/base";
import { runCli } from "./run-cli.ts";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stop.abort(new Error(signal));
    // A second one does not wait.
    process.once(signal, () => process.exit(130));
  });
}
// A reader that went away (| head) is not a failure.
process.stdout.on("error", () => process.exit(0));

/** On stderr: stdout is what scripts read. */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-D and Ctrl-C are no answer.
    const ended = new Promise<string>((resolve) => void lines.once("close", () => resolve("")));
    return await Promise.race([lines.question(question, { signal: stop.signal }), ended]);
  } finally {
    lines.close();
  }
}

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  signal: stop.signal,
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
});
