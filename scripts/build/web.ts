import { existsSync } from "node:fs";
import { join } from "node:path";
import { digest, filesUnder, isStamped, writeStamp } from "../steps/inputs.ts";
import { root } from "../steps/places.ts";
import { Refusal } from "../steps/refusal.ts";
import { lastLines, minutes, run } from "../steps/run.ts";

const consoleFolder = join(root, "packages/console");
/** Where the console's pages are built to; the embedded console serves them from here too. */
export const webFolder = join(consoleFolder, "dist/web");
const stamp = join(consoleFolder, "dist/.web.inputs");

/** Builds the console's pages; returns false when nothing changed (or the console has no pages yet). */
export async function buildWeb(): Promise<boolean> {
  if (!existsSync(join(consoleFolder, "vite.config.ts"))) return false;
  const inputs = filesUnder([consoleFolder, join(root, "packages/protocol/src")]).filter((file) => !file.includes("/server/"));
  const value = digest([...inputs, join(root, "pnpm-lock.yaml")]);
  if (existsSync(join(webFolder, "index.html")) && isStamped(stamp, value)) {
    // Its time says when it was compared: who starts a company looks at that alone, and asks here only if a source is newer.
    writeStamp(stamp, value);
    return false;
  }
  // By this Node: its launcher asks PATH for one, and a service's PATH need not have any.
  const vite = join(consoleFolder, "node_modules/vite/bin/vite.js");
  const result = await run(process.execPath, [vite, "build", "--logLevel", "warn"], {
    cwd: consoleFolder,
    timeoutMs: minutes(5),
  });
  if (result.code !== 0) {
    throw new Refusal(`building the console's pages failed: ${lastLines(`${result.stdout}\n${result.stderr}`, 8)}`, {
      exitCode: 1,
    });
  }
  writeStamp(stamp, value);
  return true;
}
