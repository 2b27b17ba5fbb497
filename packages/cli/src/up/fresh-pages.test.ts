import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { arePagesOld, type PagesPlace } from "./fresh-pages.ts";

const built = new Date("2026-11-20T12:00:00Z");
const before = new Date("2026-11-20T11:00:00Z");
const after = new Date("2026-11-20T12:00:01Z");
let root = "";
let place: PagesPlace;

function write(path: string, at: Date): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, path);
  for (let folder = dirname(file); folder.startsWith(root); folder = dirname(folder)) utimesSync(folder, before, before);
  utimesSync(file, at, at);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "aito-pages-"));
  place = {
    sources: [join(root, "console"), join(root, "lock.yaml")],
    stamp: join(root, "console/dist/.web.inputs"),
    document: join(root, "console/dist/web/index.html"),
  };
  for (const source of ["console/web/app.tsx", "console/web/parts/card.tsx", "lock.yaml"]) write(source, before);
  for (const made of ["console/dist/.web.inputs", "console/dist/web/index.html"]) write(made, built);
});

test("pages that were compared after the last change are not old, whatever is newer in what is made or installed", () => {
  write("console/dist/web/assets/a.js", after);
  write("console/node_modules/react/index.js", after);
  expect(arePagesOld(place)).toBe(false);
});

test.each(["console/web/parts/card.tsx", "lock.yaml", "console/web/new.tsx"])("a change of %s makes them old", (source) => {
  write(source, after);
  expect(arePagesOld(place)).toBe(true);
});

test("a source that has gone makes them old", () => {
  rmSync(join(root, "console/web/parts/card.tsx"));
  expect(arePagesOld(place)).toBe(true);
});

test.each(["stamp", "document"] as const)("without the %s they are old", (made) => {
  rmSync(place[made]);
  expect(arePagesOld(place)).toBe(true);
});
