import { readFileSync } from "node:fs";
import { join } from "node:path";

const id = "01939f00-0000-7000-8000-000000000105";

/** Every page of the web client, as its router's code says: none can be forgotten. */
export function routerPaths(): string[] {
  const code = readFileSync(join(import.meta.dirname, "../web/src/router.tsx"), "utf8");
  const paths = [...code.matchAll(/\bpath: "([^"]+)"/g)].map((match) => match[1]!);
  const routes = code.match(/\bcreateRoute\(/g)?.length ?? 0;
  if (paths.length !== routes) throw new Error(`router.tsx makes ${routes} routes, and ${paths.length} paths were read from it`);
  return paths;
}

/** An address that this path takes. */
export const addressOf = (path: string, ids: Record<string, string> = {}): string =>
  path.replaceAll(/\$\w+/g, (name) => ids[path] ?? (name === "$name" ? "cmo" : id));
