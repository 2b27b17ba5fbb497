import { type Rule, type SourceFile, findAll, importsOf, isCode, isTest, packageOf, withoutComments } from "./source-file.ts";

/** A library that only some folders may import, so that its types do not leak. */
const fences: { modules: RegExp; where: RegExp; say: string }[] = [
  {
    modules: /^dockerode$/,
    where: /^packages\/engine\/src\/(docker|swarm)\//,
    say: "only engine/docker and engine/swarm import dockerode",
  },
  { modules: /^(ioredis|bullmq)$/, where: /^packages\/bus\/src\/redis\//, say: "only bus/redis imports ioredis and BullMQ" },
  { modules: /^(pg|@electric-sql\/.*|node-pg-migrate)$/, where: /^packages\/db\/src\//, say: "only db imports pg and PGlite" },
  {
    modules: /^kysely$/,
    where: /^packages\/db\/src\/|^packages\/company\/src\/.*queries\.ts$/,
    say: "only db and queries.ts import Kysely",
  },
];

const isProgramSource = (path: string): boolean => /^packages\/[^/]+\/src\//.test(path) && isCode(path) && !isTest(path);

export const libraryFences: Rule = {
  name: "libraries stay behind their ports",
  check: (files) =>
    files
      .filter(({ path }) => isProgramSource(path))
      .flatMap((file) =>
        importsOf(file).flatMap(({ module, line }) =>
          fences
            .filter(({ modules, where }) => modules.test(module) && !where.test(file.path))
            .map(({ say }) => `${file.path}:${line}: imports ${module}: ${say}`),
        ),
      ),
};

const sqlText =
  /\b(?:select\b[^;`"']{1,300}\bfrom\s+[a-z_]+|insert\s+into\s+[a-z_]+|update\s+[a-z_]+\s+set\s|delete\s+from\s+[a-z_]+)/gi;
const mayHoldSql = (path: string): boolean => /^packages\/db\/|^packages\/company\/src\/.*\/?queries\.ts$/.test(path);

/** The template and string literals of a text, at their places; everything else blanked. */
function literals(text: string): string {
  const clean = withoutComments(text);
  const inside = [...clean.matchAll(/`(?:[^`\\]|\\[^])*`|"(?:[^"\\\n]|\\.)*"/g)];
  let result = "";
  let at = 0;
  for (const match of inside) {
    result += clean.slice(at, match.index).replace(/[^\n]/g, " ") + match[0];
    at = match.index + match[0].length;
  }
  return result;
}

export const sqlFence: Rule = {
  name: "SQL stands only in queries.ts",
  check: (files) =>
    files
      .filter(({ path }) => isProgramSource(path) && !mayHoldSql(path))
      .flatMap((file) => findAll(file, sqlText, (match) => `SQL outside queries.ts: ${match.slice(0, 50)}`, literals(file.text))),
};

export const sqlClock: Rule = {
  name: "queries take time from their transaction",
  check: (files) =>
    files
      .filter(({ path }) => /^packages\/company\/src\/.*queries\.ts$/.test(path))
      .flatMap((file) =>
        findAll(
          file,
          /\bnow\(\)|\bcurrent_timestamp\b|\bclock_timestamp\(\)/gi,
          (match) => `${match} reads the database's clock: use the transaction's now`,
          literals(file.text),
        ),
      ),
};

const impure = /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|(?<![.\w])set(?:Timeout|Interval)\s*\(/g;
/** The clock itself, bounded closing, and composition roots. */
const mayBeImpure = /^packages\/base\/src\/(clock|lifecycle)\.ts$|\/main\.ts$|\/migrate-main\.ts$/;

/** Files that read time or chance themselves, each with its reason. */
const impureExceptions: Record<string, string> = {
  "packages/base/src/retry.ts": "the default of a parameter: jitter needs no seed where a caller gives none",
};

export const timeFence: Rule = {
  name: "time and chance are parameters",
  check: (files) =>
    files
      .filter(({ path }) => isProgramSource(path) && !mayBeImpure.test(path) && !(path in impureExceptions))
      .flatMap((file: SourceFile) =>
        findAll(file, impure, (match) => `${match} outside base/clock.ts: take it from deps`, withoutComments(file.text)),
      ),
};

export const unusedExceptions: Rule = {
  name: "no exception outlives its reason",
  check: (files) =>
    Object.keys(impureExceptions)
      .filter(
        (path) =>
          !files.some(
            (file) => file.path === path && packageOf(path) && new RegExp(impure.source).test(withoutComments(file.text)),
          ),
      )
      .map((path) => `${path}: needs no exception any more (scripts/tidy/fences.ts)`),
};
