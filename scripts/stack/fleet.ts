import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../steps/places.ts";
import { Refusal } from "../steps/refusal.ts";

export interface Pack {
  /** Folder with fleet.yaml and the profiles. */
  folder: string;
  /** Slug of the company: part of labels and container names. */
  company: string;
  /** A worker type is run by the Claude Code CLI. */
  claudeCode: boolean;
}

/** The pack in a folder (default the one that comes with AITO), checked by the same parser that the orchestrator uses. */
export async function readPack(fleet: string | undefined): Promise<Pack> {
  const given = resolve(fleet ?? join(root, "profiles/aito"));
  const folder = given.endsWith(".yaml") ? resolve(given, "..") : given;
  const file = join(folder, "fleet.yaml");
  if (!existsSync(file)) throw new Refusal(`there is no fleet file at ${file}: name the folder of a pack with --fleet`);
  // By a computed path: this folder is compiled on its own and the company's rules are not part of it.
  const module = join(root, "packages/company/src/index.ts");
  const { loadPack } = (await import(module)) as { loadPack?: (path: string) => Promise<unknown> };
  if (loadPack) {
    await loadPack(file).catch((error: unknown) => {
      throw new Refusal(error instanceof Error ? error.message : String(error), { cause: error });
    });
  }
  const company = /^company:\s*["']?([a-z0-9-]+)/m.exec(readFileSync(file, "utf8"))?.[1];
  if (!company) throw new Refusal(`${file} names no company: add a line such as \`company: aito\``);
  const claudeCode = /^[^#]*executor:\s*["']?claude-code\b/m.test(readFileSync(file, "utf8"));
  return { folder, company, claudeCode };
}
