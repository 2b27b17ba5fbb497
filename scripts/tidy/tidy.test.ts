import { expect, test } from "vitest";
import { libraryFences, sqlClock, sqlFence, timeFence } from "./fences.ts";
import { lockfile, migrationNumbers, names, registryHosts, sizes, topLevelEntries, words } from "./layout.ts";
import { packageGraph } from "./package-graph.ts";
import { type Rule, importsOf, withoutComments } from "./source-file.ts";

const manifest = (dependencies: string[]): string =>
  JSON.stringify({ dependencies: Object.fromEntries(dependencies.map((name) => [name, "workspace:*"])) });

const find = (rule: Rule, ...files: [path: string, text: string][]): string[] =>
  rule.check(files.map(([path, text]) => ({ path, text })));

test("an import against the package graph is found, also of a file inside a package and out of a package", () => {
  const problems = find(
    packageGraph,
    ["packages/agent/package.json", manifest(["@aito/protocol", "@aito/company"])],
    [
      "packages/agent/src/loop.ts",
      'import { a } from "@aito/gateway";\nimport type { B } from "@aito/bus";\nimport { c } from "../../bus/src/index.ts";',
    ],
    ["packages/cli/package.json", manifest(["@aito/embedded"])],
    [
      "packages/cli/src/up.ts",
      'import { d } from "@aito/embedded";\nconst e = await import("@aito/embedded");\nimport f from "@aito/embedded/inner";',
    ],
  );
  expect(problems).toEqual([
    "packages/agent/package.json: agent may not depend on company",
    "packages/agent/src/loop.ts:1: agent may not import gateway",
    "packages/agent/src/loop.ts:2: bus is imported but not in agent's package.json",
    "packages/agent/src/loop.ts:3: ../../bus/src/index.ts leaves the package: import @aito/… by name",
    "packages/cli/src/up.ts:1: cli takes embedded by dynamic import only",
    "packages/cli/src/up.ts:3: @aito/embedded/inner: import the package, not a file inside it",
  ]);
});

test("a driver outside its port is found, but not in a test", () => {
  const text = 'import Docker from "dockerode";\nimport { Redis } from "ioredis";';
  expect(find(libraryFences, ["packages/orchestrator/src/x.ts", text])).toHaveLength(2);
  expect(
    find(
      libraryFences,
      ["packages/engine/src/docker/x.ts", 'import Docker from "dockerode";'],
      ["packages/bus/test/x.int.test.ts", text],
    ),
  ).toEqual([]);
});

test("SQL outside queries.ts is found in literals only", () => {
  const text = "const rows = sql`select id from tasks where id = 1`;";
  expect(find(sqlFence, ["packages/company/src/tasks/rules.ts", text])).toHaveLength(1);
  expect(
    find(sqlFence, ["packages/company/src/tasks/queries.ts", text], ["packages/base/src/x.ts", "// select one from many"]),
  ).toEqual([]);
  expect(find(sqlClock, ["packages/company/src/tasks/queries.ts", "sql`update tasks set at = now()`"])).toHaveLength(1);
});

test("reading the clock or chance is found, but not in a comment or a composition root", () => {
  const text = "const a = Date.now();\nconst b = new Date(a);\nsetTimeout(() => b, 1);\n// Math.random is not called";
  expect(find(timeFence, ["packages/bus/src/x.ts", text])).toHaveLength(2);
  expect(find(timeFence, ["packages/bus/src/main.ts", text], ["packages/bus/src/x.test.ts", text])).toEqual([]);
});

test("size, name, place and words of a file are checked", () => {
  expect(find(sizes, ["packages/a/src/x.ts", "x\n".repeat(401)], ["packages/a/src/x.test.ts", "x\n".repeat(800)])).toHaveLength(
    1,
  );
  expect(
    find(names, ["packages/a/src/utils.ts", ""], ["packages/a/src/helpers/x.ts", ""], ["packages/a/src/OneThing.ts", ""]),
  ).toHaveLength(3);
  expect(find(topLevelEntries, ["docs/x.md", ""], [".gitignore", ""], ["README.md", ""])).toEqual([
    "docs: not in the list of the top level",
  ]);
  expect(
    find(
      words,
      ["packages/a/src/x.ts", ["// FIX", "ME later"].join("")],
      ["packages/a/src/x.test.ts", ["test.sk", "ip(1)"].join("")],
    ),
  ).toHaveLength(2);
  expect(find(registryHosts, ["README.md", ["see registry.npm", "js.org"].join("")])).toHaveLength(1);
  expect(
    find(migrationNumbers, ["migrations/0007_a.sql", ""], ["migrations/0008_b.sql", ""], ["migrations/0007_c.sql", ""]),
  ).toHaveLength(1);
  expect(find(lockfile, ["pnpm-lock.yaml", "tarball: https://example.test/x.tgz"])).toHaveLength(1);
});

test("comments are blanked without moving what follows, and strings stay", () => {
  expect(withoutComments('a /* b\nc */ "// d" // e')).toBe('a     \n     "// d"     ');
  expect(
    importsOf({ path: "x.ts", text: 'import {\n  a,\n} from "b";\n// import c from "d"' }).map(({ module }) => module),
  ).toEqual(["b"]);
});
