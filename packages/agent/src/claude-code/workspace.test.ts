import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync, mkdirSync, readFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Workspace } from "@aito/protocol";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { patchOf, readBack, unpack } from "./workspace.ts";

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "aito-workspace-"));
  folders.push(made);
  return made;
};
afterEach(() => folders.splice(0).forEach((path) => rmSync(path, { recursive: true, force: true })));

const of = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const));
const lay = (files: Map<string, Buffer>, root: string): void => {
  for (const [path, content] of files) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), content);
  }
};

test("T07 a patch turns the files that were handed over into those that came back, as git reads it", async () => {
  const text = fc
    .array(fc.constantFrom("one", "two", "three", "", "ünï", "  x", "-- a", "@@ b"), { maxLength: 8 })
    .chain((lines) => fc.boolean().map((ends) => (lines.length === 0 ? "" : lines.join("\n") + (ends ? "\n" : ""))));
  const files = fc.dictionary(fc.constantFrom("a.txt", "b/c.md", "b/d e.txt", "z"), text, { maxKeys: 4, noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(files, files, async (old, now) => {
      const [before, after] = [of(old), of(now)];
      const { patch, left } = patchOf(before, after);
      expect(left).toEqual([]);
      const root = folder();
      lay(before, root);
      if (patch !== null) execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: root, input: patch });
      for (const [path, content] of after) expect(readFileSync(join(root, path))).toEqual(content);
      for (const path of before.keys()) if (!after.has(path)) expect(existsSync(join(root, path))).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test("T07 what is no text is named instead of being put into the patch", () => {
  const { patch, left } = patchOf(
    new Map(),
    new Map([
      ["a.bin", Buffer.from([0, 1])],
      ["b.txt", Buffer.from("x\n")],
      ["c", Buffer.from([0xff])],
    ]),
  );
  expect(left).toEqual(["a.bin", "c"]);
  expect(patch).toContain("+x");
});

test("T07 links that a task left are not followed out of the workspace", async () => {
  const root = folder();
  writeFileSync(join(root, "own.txt"), "own");
  symlinkSync("/etc/passwd", join(root, "link"));
  symlinkSync("/etc", join(root, "folder"));
  const { files, left } = await readBack(root);
  expect([...files.keys()]).toEqual(["own.txt"]);
  expect(left.toSorted()).toEqual(["folder", "link"]);
});

test.each(["../x", "/x", "a/../../x", "a//b", "./x", "a/.", "a\\b", "a\nb", ""])("T07 no workspace has a file at %j", (path) => {
  expect(Workspace.safeParse({ name: null, files: [{ path, base64: "" }] }).success).toBe(false);
});

test("T07 files are laid out below the folder", async () => {
  const root = join(folder(), "workspace");
  const parsed = Workspace.parse({
    name: "site",
    files: [{ path: "content/a b.md", base64: Buffer.from("hi").toString("base64") }],
  });
  await unpack(parsed, root);
  expect(readFileSync(join(root, "content/a b.md"), "utf8")).toBe("hi");
});
