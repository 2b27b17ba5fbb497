import { join } from "node:path";
import { build } from "vite";
import { webRoot } from "./web-root.ts";

const buildInto = (outDir: string): Promise<unknown> =>
  build({ configFile: join(import.meta.dirname, "../vite.config.ts"), logLevel: "silent", build: { outDir, emptyOutDir: true } });

/** For vitest's `globalSetup`: the pages that all files of a run look at. */
export default async function setup(): Promise<void> {
  await buildInto(webRoot);
}

/** The pages in a folder of this name, which is returned: for a file whose project builds none. */
export async function buildPagesApart(name: string): Promise<string> {
  const outDir = `${webRoot}-${name}`;
  await buildInto(outDir);
  return outDir;
}
