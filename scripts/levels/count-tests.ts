import { join } from "node:path";
import { bin, root } from "../steps/places.ts";
import { run } from "../steps/run.ts";
import { levelProjects, testEnvironment } from "./run-vitest.ts";

/** How many tests a level holds, without running them; at least one, so that a level left out is never silent. */
export async function countTests(level: string): Promise<number> {
  const args = ["list", "--config", join(root, "packages/vitest.config.ts"), "--project", levelProjects(level), "--json"];
  const { stdout } = await run(bin("vitest"), args, { cwd: root, timeoutMs: 60_000, env: testEnvironment() });
  try {
    return Math.max(1, (JSON.parse(stdout.slice(stdout.indexOf("["))) as unknown[]).length);
  } catch {
    return 1;
  }
}
