import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { inRepository } from "../repository.ts";
import { note, type Terminal } from "../terminal.ts";
import { repositoryScript, ScriptFailed } from "./stack-script.ts";

export interface PagesPlace {
  /** Folders and files that the pages are built of. */
  sources: string[];
  /** Written when what is built was last compared with its sources. */
  stamp: string;
  document: string;
}

const place = (): PagesPlace => ({
  sources: ["packages/console", "packages/protocol/src", "pnpm-lock.yaml"].map(inRepository),
  stamp: inRepository("packages/console/dist/.web.inputs"),
  document: inRepository("packages/console/dist/web/index.html"),
});

const neverSources = new Set(["node_modules", "dist"]);

/** Whether nothing was built yet, or a source has changed, come or gone since. Looks at times alone: some hundred files, a few milliseconds. */
export function arePagesOld({ sources, stamp, document }: PagesPlace): boolean {
  if (!existsSync(document) || !existsSync(stamp)) return true;
  const { mtimeMs: comparedAt } = statSync(stamp);
  const isNewer = (path: string): boolean => {
    const seen = statSync(path);
    if (seen.mtimeMs > comparedAt) return true;
    return seen.isDirectory() && readdirSync(path).some((name) => !neverSources.has(name) && isNewer(join(path, name)));
  };
  return sources.some(isNewer);
}

/**
 * An embedded console serves its pages from the checkout: after a pull they would be those of before. Never in the way of a start: what
 * cannot be built (a checkout that may not be written to) is said, and what is there is served.
 */
export async function freshPages(terminal: Terminal, of: PagesPlace = place()): Promise<void> {
  if (!arePagesOld(of)) return;
  try {
    // Whatever this command runs under: the pages are those for operators.
    const env = { ...terminal.env, NODE_ENV: undefined };
    await repositoryScript({ ...terminal, env }, ["scripts/build.ts", "--pages"]);
  } catch (error) {
    if (!(error instanceof ScriptFailed)) throw error;
    const what = existsSync(of.document) ? "older than their sources: those of before are served" : "not there";
    note(terminal, `  the console's pages are ${what}; build them with: npm run build`);
  }
}
