import { randomUUID } from "node:crypto";
import { sweepContainers } from "./sweep.ts";

/**
 * For vitest's `globalSetup`: names the run, so that its files share one Postgres, and removes the run's containers at its end
 * (and what earlier runs left behind, if their process is gone).
 */
export default async function setup(): Promise<() => Promise<void>> {
  const run = (process.env["AITO_TEST_RUN"] ??= randomUUID());
  process.env["AITO_TEST_PID"] ??= String(process.pid);
  await sweepContainers(null).catch(() => 0);
  return async () => {
    await sweepContainers(run).catch(() => 0);
  };
}
