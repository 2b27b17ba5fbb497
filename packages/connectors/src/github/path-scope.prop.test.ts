import fc from "fast-check";
import { expect, test } from "vitest";
import { type EntryMode, type FileChange, filterTest, indexTree, judgeChange, type PathScope } from "./path-scope.ts";

const files = (...paths: string[]) => new Map<string, EntryMode>(paths.map((path) => [path, "100644"]));
const cmo: PathScope = { right: "write", paths: ["content/*", "campaigns/*"] };
const rule = (changes: FileChange[], tree = files("README.md", "content/post.md", "content/folder/a.md"), scope = cmo) =>
  judgeChange(scope, indexTree(tree), changes)?.rule ?? "written";
const write = (path: string, mode: EntryMode = "100644"): FileChange => ({ path, mode });

test.each([
  ["content/new.md", "written"],
  ["content/deep/er/new.md", "written"],
  ["campaigns/launch.md", "written"],
  ["content", "filter"],
  ["contents/new.md", "filter"],
  ["README.md", "filter"],
  ["src/content/new.md", "filter"],
  ["content/../README.md", "path"],
  ["content/./new.md", "path"],
  ["/content/new.md", "path"],
  ["content//new.md", "path"],
  ["content\\..\\README.md", "path"],
  ["content/a\u200Bb.md", "path"],
  ["content/a\u202Edm.md", "path"],
  ["content/e\u0301.md", "path"],
  ["content/new.md ", "path"],
  ["content/new.", "path"],
  ["content/nul\0.md", "path"],
  ["content/.git/hooks/pre-commit", "protected"],
  ["content/.GIT/config", "protected"],
  ["content/git~1/config", "protected"],
  ["content/.gitmodules", "protected"],
  ["content/POST.md", "twin"],
  ["Content/new.md", "filter"],
  ["content/ｐost.md", "twin"],
  ["content/post.md/new.md", "through"],
  ["content/folder", "through"],
])("G02 %j of a CMO is %s", (path, expected) => {
  expect(rule([write(path)])).toBe(expected);
});

test("G02 G03 renames, deletes, links, submodules, doubles, and rights", () => {
  expect(rule([{ path: "content/post.md", mode: null }])).toBe("written");
  expect(rule([{ path: "content/none.md", mode: null }])).toBe("unknown");
  expect(rule([{ path: "README.md", mode: null }])).toBe("filter");
  expect(
    rule([
      { path: "content/post.md", mode: null },
      { ...write("content/Post.md"), from: "content/post.md" },
    ]),
  ).toBe("written");
  expect(rule([{ ...write("content/moved.md"), from: "README.md" }])).toBe("filter");
  expect(rule([{ ...write("content/moved.md"), from: "content/post.md" }])).toBe("unknown");
  expect(rule([write("content/link", "120000")])).toBe("link");
  expect(rule([write("content/module", "160000")])).toBe("link");
  const linked = new Map<string, EntryMode>([["content/link", "120000"]]);
  expect(rule([write("content/link")], linked)).toBe("link");
  expect(rule([write("content/link/new.md")], linked)).toBe("through");
  expect(rule([write("content/a.md"), write("content/a.md")])).toBe("repeated");
  expect(rule([write("content/a.md"), write("content/A.md")])).toBe("twin");
  expect(rule([write("content/a.md")], files(), { right: "read", paths: ["*"] })).toBe("right");
  const everything = { right: "write" as const, paths: ["*"] };
  for (const path of [
    ".github/workflows/ci.yml",
    ".GitHub/Workflows/ci.yml",
    "CODEOWNERS",
    ".github/CODEOWNERS",
    ".github/actions/x",
  ]) {
    expect(rule([write(path)], files(), everything)).toBe("protected");
    expect(rule([write(path)], files(), { right: "admin", paths: ["*"] })).toBe("written");
  }
  expect(rule([write(".git/config")], files(), { right: "admin", paths: ["*"] })).toBe("protected");
});

test("G02 what a filter means", () => {
  const says = (filter: string, path: string) => filterTest(filter)(path);
  expect(["*", "**", "docs/**"].map((filter) => says(filter, "docs/a/b.md"))).toEqual([true, true, true]);
  expect([
    says("*.md", "a.md"),
    says("*.md", "docs/a.md"),
    says("docs/*.md", "docs/a.md"),
    says("docs/*.md", "docs/b/a.md"),
  ]).toEqual([true, false, true, false]);
  expect([says("a.b", "a.b"), says("a.b", "axb"), says("docs/*", "docs")]).toEqual([true, false, false]);
});

test("G02 whatever is generated, a change that is let through alters nothing outside the filter, no link and nothing of git's", () => {
  const odd = [
    "Content",
    "src",
    ".github",
    "workflows",
    ".git",
    "content2",
    "..",
    ".",
    "e\u0301",
    "CODEOWNERS",
    "a\u200D",
    "git~1",
  ];
  const part = (usual: string[]) =>
    fc.oneof(
      { arbitrary: fc.constantFrom(...usual), weight: 20 },
      { arbitrary: fc.constantFrom(...odd), weight: 1 },
      { arbitrary: fc.string({ maxLength: 4 }), weight: 1 },
    );
  const folder = part(["content", "content", "campaigns", "deep"]);
  const name = part(["a.md", "b.md", "A.md", "c", "d", "e", "f", "g", "h"]);
  const path = fc.tuple(fc.array(folder, { maxLength: 3 }), name).map(([folders, last]) => [...folders, last].join("/"));
  const usually = fc.constantFrom<EntryMode[]>("100644", "100755");
  const mode = fc.oneof(
    { arbitrary: usually, weight: 8 },
    { arbitrary: fc.constantFrom<EntryMode[]>("120000", "160000"), weight: 1 },
  );
  const change = fc.record({
    path,
    mode: fc.oneof({ arbitrary: mode, weight: 5 }, { arbitrary: fc.constant(null), weight: 1 }),
    from: fc.oneof({ arbitrary: fc.constant(undefined), weight: 8 }, { arbitrary: path, weight: 1 }),
  });
  let [through, refused] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(path, mode), { maxLength: 8 }),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (entries, changes) => {
        const before = new Map<string, EntryMode>(entries);
        if (judgeChange(cmo, indexTree(before), changes)) return void (refused += 1);
        through += 1;
        const after = applied(before, changes);
        const touched = [...new Set([...before.keys(), ...after.keys()])].filter((each) => before.get(each) !== after.get(each));
        for (const each of [...touched, ...changes.map((one) => one.path)]) {
          // Judged apart from the code under test: by what the text begins with, and by its parts.
          expect(each.startsWith("content/") || each.startsWith("campaigns/")).toBe(true);
          const parts = each.split("/");
          expect(parts.includes("..") || parts.includes(".") || parts.includes("")).toBe(false);
          expect(parts.map((one) => one.toLowerCase())).not.toContain(".git");
          expect(["120000", "160000"]).not.toContain(before.get(each));
          expect(["120000", "160000"]).not.toContain(after.get(each));
        }
        const spelt = [...after.keys()]
          .filter((each) => touched.includes(each))
          .map((each) => each.normalize("NFKC").toLowerCase());
        expect(new Set(spelt).size).toBe(spelt.length);
      },
    ),
    { numRuns: 5_000 },
  );
  expect(Math.min(through, refused)).toBeGreaterThan(50);
});

/** The tree after a change, as git builds it: a file takes the place of a folder, and a folder that of a file. */
function applied(before: ReadonlyMap<string, EntryMode>, changes: readonly FileChange[]): Map<string, EntryMode> {
  const after = new Map(before);
  for (const { path, mode } of changes) if (mode === null) after.delete(path);
  for (const { path, mode } of changes) {
    if (mode === null) continue;
    for (const each of after.keys()) if (each.startsWith(`${path}/`) || path.startsWith(`${each}/`)) after.delete(each);
    after.set(path, mode);
  }
  return after;
}
