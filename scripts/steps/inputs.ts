import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./places.ts";

const neverInputs = new Set(["node_modules", "dist", "coverage", ".cache", ".aito"]);

/** Every file under the paths, sorted, without what is made or installed. */
export function filesUnder(paths: string[]): string[] {
  const found: string[] = [];
  const walk = (path: string): void => {
    if (!existsSync(path)) return;
    if (!statSync(path).isDirectory()) return void found.push(path);
    for (const name of readdirSync(path).toSorted()) if (!neverInputs.has(name)) walk(join(path, name));
  };
  paths.forEach(walk);
  return found;
}

/** A digest of names (from the root, so that two checkouts agree) and contents; `also` adds settings that change the result. */
export function digest(files: string[], also: string[] = []): string {
  const hash = createHash("sha256");
  for (const text of also) hash.update(`${text}\0`);
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(existsSync(file) ? readFileSync(file) : "absent")
      .update("\0");
  return hash.digest("hex").slice(0, 24);
}

/** True when the stamp file holds this digest already. */
export function isStamped(stamp: string, value: string): boolean {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === value;
}

export function writeStamp(stamp: string, value: string): void {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, value);
}
