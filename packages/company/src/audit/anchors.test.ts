import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Anchor, fileAnchors } from "./anchors.ts";

const anchorOf = (company: string, count: number): Anchor => ({
  v: 1,
  company,
  at: "2026-11-20T12:00:00.000Z",
  count: String(count),
  head: "h".repeat(64),
});

test("Y14 the last anchor of a company is found at the end of a long file, before other companies' many, and past a line cut short", async () => {
  const folder = mkdtempSync(join(tmpdir(), "aito-anchors-"));
  try {
    const path = join(folder, "anchors.ndjson");
    const store = fileAnchors(path);
    expect(await store.last("one")).toBeNull();
    await store.add(anchorOf("one", 1));
    expect(await store.last("one")).toEqual(anchorOf("one", 1));
    // More than is read at first.
    const others = Array.from({ length: 1_000 }, (_, at) => `${JSON.stringify(anchorOf("other", at))}\n`);
    appendFileSync(path, others.join(""));
    expect(await store.last("one")).toEqual(anchorOf("one", 1));
    expect(await store.last("other")).toEqual(anchorOf("other", 999));
    appendFileSync(path, '{"v":1,"company":"one","cou');
    expect(await store.last("other")).toEqual(anchorOf("other", 999));
    await store.add(anchorOf("one", 2));
    expect(await store.last("one")).toEqual(anchorOf("one", 2));
    expect(await store.read("one")).toEqual([anchorOf("one", 1), anchorOf("one", 2)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
