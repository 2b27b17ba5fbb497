import { type Rule, type SourceFile, importsOf, isCode, isTest, packageOf } from "./source-file.ts";

const rules = ["protocol", "base", "db", "company", "bus"];
const programs = ["engine", "connectors", "orchestrator", "gateway", "console", "agent", "rehearsal-model", "local-github"];

/** Who may import whom. An import that this table does not allow is an error. */
export const allowedImports: Record<string, string[]> = {
  protocol: [],
  base: [],
  db: ["protocol", "base"],
  company: ["protocol", "base", "db"],
  bus: ["protocol", "base"],
  engine: ["protocol", "base"],
  connectors: ["protocol", "base"],
  orchestrator: [...rules, "engine"],
  gateway: [...rules, "connectors"],
  console: rules,
  agent: ["protocol", "base", "bus"],
  "rehearsal-model": ["protocol", "base"],
  "local-github": ["base"],
  embedded: [...rules, ...programs],
  rehearsal: [...rules, ...programs, "embedded"],
  cli: ["protocol", "base", "embedded"],
  testkit: [...rules, ...programs, "embedded", "rehearsal", "cli"],
};

/** Servers that the tests of any package may start; nothing that runs in production imports them. */
const testServers = ["local-github"];

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  exports?: Record<string, string>;
}

const ours = (names: string[]): string[] =>
  names.filter((name) => name.startsWith("@aito/")).map((name) => name.slice("@aito/".length));

function manifestProblems(file: SourceFile, name: string): string[] {
  const allowed = allowedImports[name];
  if (!allowed) return [`${file.path}: package ${name} is not in the table of packages (scripts/tidy/package-graph.ts)`];
  const { dependencies = {}, devDependencies = {} } = JSON.parse(file.text) as Manifest;
  const versions = Object.entries({ ...dependencies, ...devDependencies });
  return [
    ...ours(Object.keys(dependencies))
      .filter((one) => !allowed.includes(one))
      .map((one) => `${file.path}: ${name} may not depend on ${one}`),
    ...versions
      .filter(([, version]) => version !== "catalog:" && version !== "workspace:*")
      .map(
        ([dependency, version]) =>
          `${file.path}: ${dependency} is ${version}: versions stand in the catalog of pnpm-workspace.yaml`,
      ),
  ];
}

function referenceProblems(file: SourceFile, name: string): string[] {
  const { references = [] } = JSON.parse(file.text) as { references?: { path: string }[] };
  const allowed = [...(allowedImports[name] ?? []), ...testServers];
  return references
    .map(({ path }) => path.replace(/^\.\.\//, ""))
    .filter((one) => !one.startsWith(".") && !one.includes("/") && !allowed.includes(one))
    .map((one) => `${file.path}: ${name} may not reference ${one}`);
}

/** Faces that a package has beside its index, by `exports` in its package.json; suites are for tests of others only. */
type Faces = Map<string, string[]>;

function importProblems(file: SourceFile, name: string, declared: Set<string>, faces: Faces): string[] {
  const allowed = new Set([...(allowedImports[name] ?? []), ...(isTest(file.path) ? testServers : []), name]);
  return importsOf(file).flatMap(({ module, kind, line }) => {
    const at = `${file.path}:${line}:`;
    if (module.startsWith(".")) {
      const depth = file.path.split("/").length - 3;
      const up = module.split("/").filter((part) => part === "..").length;
      return up > depth && !isTest(file.path) && !file.path.endsWith(".config.ts")
        ? [`${at} ${module} leaves the package: import @aito/… by name`]
        : [];
    }
    if (!module.startsWith("@aito/")) return [];
    const [, target = "", ...deep] = module.split("/");
    const face = `./${deep.join("/")}`;
    const isFace = faces.get(target)?.includes(face) && (isTest(file.path) || !/^\.\/(conformance|testing)$/.test(face));
    if (deep.length > 0 && !isFace) return [`${at} ${module}: import the package, not a file inside it`];
    if (!allowed.has(target)) return [`${at} ${name} may not import ${target}`];
    if (target !== name && !declared.has(target)) return [`${at} ${target} is imported but not in ${name}'s package.json`];
    if (name === "cli" && target === "embedded" && kind === "value") return [`${at} cli takes embedded by dynamic import only`];
    return [];
  });
}

export const packageGraph: Rule = {
  name: "packages import only what the architecture allows",
  check: (files) => {
    const declared = new Map<string, Set<string>>();
    const faces: Faces = new Map();
    for (const file of files) {
      const name = /^packages\/([^/]+)\/package\.json$/.exec(file.path)?.[1];
      if (!name) continue;
      const { dependencies = {}, devDependencies = {}, exports = {} } = JSON.parse(file.text) as Manifest;
      faces.set(name, Object.keys(exports));
      declared.set(name, new Set(ours(Object.keys({ ...dependencies, ...devDependencies }))));
    }
    return files.flatMap((file) => {
      const name = packageOf(file.path);
      if (!name) return [];
      if (file.path === `packages/${name}/package.json`) return manifestProblems(file, name);
      if (file.path === `packages/${name}/tsconfig.json`) return referenceProblems(file, name);
      return isCode(file.path) ? importProblems(file, name, declared.get(name) ?? new Set(), faces) : [];
    });
  },
};
