#!/usr/bin/env node
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

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  signal: stop.signal,
});
