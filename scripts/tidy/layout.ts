import { type Rule, type SourceFile, findAll, isCode, isTest } from "./source-file.ts";

const linesMax = 400;
const testLinesMax = 800;
const readmeLinesMax = 80;
const topLevel = new Set(
  "package.json pnpm-workspace.yaml pnpm-lock.yaml packages images profiles compose migrations scripts README.md LICENSE CHANGELOG.md".split(
    " ",
  ),
);
const vagueNames = new Set(["utils", "util", "helpers", "helper", "common", "misc", "types", "constants", "shared", "lib"]);

const lineCount = (text: string): number => text.split("\n").length - (text.endsWith("\n") ? 1 : 0);

export const sizes: Rule = {
  name: `files have at most ${linesMax} lines, tests ${testLinesMax}, package READMEs ${readmeLinesMax}`,
  check: (files) =>
    files.flatMap(({ path, text }) => {
      const isReadme = /^packages\/[^/]+\/README\.md$/.test(path);
      if (!isCode(path) && !isReadme) return [];
      const max = isReadme ? readmeLinesMax : isTest(path) ? testLinesMax : linesMax;
      const lines = lineCount(text);
      return lines > max && !path.endsWith(".gen.ts") ? [`${path}: ${lines} lines, at most ${max}`] : [];
    }),
};

export const names: Rule = {
  name: "files are named after what they hold",
  check: (files) =>
    files.flatMap(({ path }) => {
      const parts = path.split("/");
      const vague = parts.find((part) => vagueNames.has(part.replace(/\.[^/]*$/, "")));
      if (vague) return [`${path}: "${vague}" says nothing about what is inside`];
      const base = parts.at(-1)!.replace(/\.(tsx?|mjs)$/, "");
      const isRoute = path.includes("/routes/");
      return isCode(path) && !isRoute && !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(base) ? [`${path}: not kebab-case`] : [];
    }),
};

export const topLevelEntries: Rule = {
  name: "the top level holds only what the architecture lists",
  check: (files) => {
    const entries = new Set(files.map(({ path }) => path.split("/")[0]!));
    return [...entries]
      .filter((entry) => !entry.startsWith(".") && !topLevel.has(entry))
      .map((entry) => `${entry}: not in the list of the top level`);
  },
};

export const readmes: Rule = {
  name: "each package has a README",
  check: (files) => {
    const paths = new Set(files.map(({ path }) => path));
    return files
      .flatMap(({ path }) => /^(packages\/[^/]+)\/package\.json$/.exec(path)?.[1] ?? [])
      .filter((folder) => !paths.has(`${folder}/README.md`))
      .map((folder) => `${folder}: has no README.md`);
  },
};

/** Two people who take the next number at once would leave the order to the alphabet. */
export const migrationNumbers: Rule = {
  name: "each migration has a number of its own",
  check: (files) => {
    const seen = new Map<string, string>();
    return files.flatMap(({ path }) => {
      const number = /^migrations\/(\d{4})_[\w-]+\.sql$/.exec(path)?.[1];
      if (number === undefined) return [];
      const other = seen.get(number);
      seen.set(number, path);
      return other === undefined ? [] : [`${path}: ${other} has the same number`];
    });
  },
};

/** Written in pieces, so that this file does not hold the words that it looks for. */
const pattern = (pieces: string[][], flags = "g"): RegExp => new RegExp(pieces.map((piece) => piece.join("")).join("|"), flags);
const unfinished = pattern([
  ["\\bFIX", "ME\\b"],
  ["\\bTO", "DO\\b"],
  ["\\bX", "XX\\b"],
  ["\\bHA", "CK\\b"],
]);
const testCheats = pattern([
  ["\\.sk", "ip\\("],
  ["\\.on", "ly\\("],
  ["\\bvi\\.mo", "ck\\("],
]);
const hosts = pattern(
  [
    ["registry\\.npm", "js"],
    ["registry\\.yarn", "pkg"],
    ["npm", "mirror"],
    ["registry-1\\.", "docker"],
    ["index\\.docker\\.", "io"],
    ["deb\\.debian\\.", "org"],
    ["security\\.debian\\.", "org"],
    ["archive\\.ubuntu\\.", "com"],
    ["\\bghcr\\.", "io"],
    ["\\bquay\\.", "io"],
  ],
  "gi",
);

const isOurs = (file: SourceFile): boolean => file.path !== "pnpm-lock.yaml" && !file.path.startsWith("profiles/");

export const words: Rule = {
  name: "nothing unfinished, no skipped test, no mocked module of ours",
  check: (files) =>
    files
      .filter((file) => isOurs(file) && /\.(tsx?|mjs|sql|sh|ya?ml|Dockerfile)$/.test(file.path))
      .flatMap((file) => [
        ...findAll(file, unfinished, (match) => `${match}: finish it or open an issue`),
        ...(isTest(file.path) ? findAll(file, testCheats, (match) => `${match} in a test`) : []),
      ]),
};

export const registryHosts: Rule = {
  name: "no registry or mirror is named",
  check: (files) => files.flatMap((file) => findAll(file, hosts, (match) => `names the host ${match}`)),
};

export const lockfile: Rule = {
  name: "the lockfile holds no addresses",
  check: (files) =>
    files
      .filter(({ path }) => path === "pnpm-lock.yaml")
      .flatMap((file) => findAll(file, /\b(?:https?|git\+ssh|file):\/\/\S+/g, (match) => `holds ${match}`)),
};
