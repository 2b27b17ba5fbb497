import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explainedLinesMax, explainRole } from "./explain-role.ts";
import { parsePack } from "./parse-pack.ts";

const pack = join(import.meta.dirname, "../../../../profiles/aito/fleet.yaml");
const read = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
};

test("S20 every role and worker type of the pack is explained on one page", () => {
  const fleet = parsePack(read, pack);
  for (const role of Object.keys(fleet.profiles)) {
    const page = explainRole(fleet, role)!;
    expect(page.lines, role).toBeLessThanOrEqual(explainedLinesMax);
    expect([page.purpose, ...page.wakes, ...page.tools, ...page.limits].filter((text) => text.trim() === "")).toEqual([]);
  }
  expect(explainRole(fleet, "nobody")).toBeUndefined();
});

test("S20 the page says what wakes a role, what it may decide, and who must agree to the rest", () => {
  const page = explainRole(parsePack(read, pack), "cmo")!;
  expect(page.wakes).toContain("Every 4 hours");
  expect(page.wakes).toContain("Generate content ideas (asks its model every 8 hours)");
  expect(page.decides.alone).toEqual(expect.arrayContaining(["Daily social media posts", "up to $100"]));
  expect(page.decides.withHeads).toContain("above $100: ceo and dao vote");
  expect(page.decides.withGuardian).toContain("above $1000: never without dao");
  expect(page.tools).toContain("propose_decision");
  expect(page.tools).not.toContain("argue");
});

test("S20 a profile that needs more than a page is refused with its file, and what it takes", () => {
  const many = Array.from({ length: 60 }, (_, at) => `- Something small that it decides alone, number ${at}`).join("\n");
  const longer = (path: string): string | null =>
    path.endsWith("cmo.md") ? read(path)!.replace("- Daily social media posts", many) : read(path);
  expect(() => parsePack(longer, pack)).toThrow(/cmo\.md:1: .*one page.*lines for cmo/);
});
