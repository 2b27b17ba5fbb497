import type { ChangeRecord } from "@aito/protocol";
import { afterEach, expect, test } from "vitest";
import { aito, fakeConsole, folderFor } from "./testing/fake-console.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const id = "0190b0a0-0000-7000-8000-000000000001";
const at = "2026-11-01T06:00:00.000Z";
const [first, second] = ["a".repeat(40), "b".repeat(40)] as const;
const change: ChangeRecord = {
  id,
  repository: "acme/site",
  branch: "aito/content-writer-1/00000001",
  base: "main",
  title: "The page",
  status: "merged",
  number: 7,
  url: "https://github.example/acme/site/pull/7",
  owner: "cmo",
  by: "content-writer-1",
  task: { id, title: "Write the page", status: "done" },
  decision: { id, title: "A campaign", status: "approved" },
  mergeSha: "c".repeat(40),
  mergedBy: "cmo",
  createdAt: at,
  updatedAt: at,
  commits: [
    { sha: first, title: "The page", by: "content-writer-1", at },
    { sha: second, title: "Mended\u001b[2J", by: "content-writer-1", at },
  ],
  files: [
    { path: "content/a.md", status: "added", diff: "@@ -0,0 +1,2 @@\n+  two blanks\u202e", whole: false },
    { path: "logo.png", status: "added", diff: null, whole: true },
  ],
  reviews: [
    {
      by: "cco",
      verdict: "request_changes",
      body: "One thing.",
      commit: first,
      comments: [{ path: "content/a.md", line: 1, body: "Why?" }],
      at,
    },
    { by: "cco", verdict: "approve", body: "Good.", commit: second, comments: [], at },
  ],
};

async function shown(table: Record<string, unknown>, ...args: string[]) {
  const console_ = await fakeConsole(table);
  open.push(console_);
  return await aito(["changes", ...args, "--folder", folderFor(console_.url)]);
}

test("G06 a change is shown from its decision to its merge commit, its diff as it is, and nothing in it steers the terminal", async () => {
  const table = { [`GET /api/v1/changes/${id}`]: change };
  const { code, out } = await shown(table, "show", id);
  expect(code).toBe(0);
  const order = [
    "A campaign (approved)",
    "Write the page (done)",
    change.branch,
    "acme/site #7",
    "aaaaaaaaaa",
    "cco asks for changes",
  ];
  const places = [...order, "content/a.md:1  Why?", "cco approves", `${change.mergeSha} by cmo`, "content/a.md (cut)"];
  expect(places.map((each) => out.indexOf(each)).toSorted((a, b) => a - b)).toEqual(places.map((each) => out.indexOf(each)));
  expect(out).toContain("  +  two blanks");
  expect(out).toContain("(not text)");
  expect(out).not.toContain("\u001b");
  expect(out).not.toContain("\u202e");
  expect(JSON.parse((await shown(table, "show", id, "--json")).out)).toEqual(change);
});

test("G06 changes are listed with their pull request and state", async () => {
  const { commits: _, files: __, reviews: ___, ...summary } = change;
  const begun = { ...summary, status: "begun", number: null, url: null, mergeSha: null, mergedBy: null };
  const { out } = await shown({ "GET /api/v1/changes": { items: [summary, begun], next: null } });
  expect(out).toMatch(/acme\/site #7 +merged +content-writer-1 +The page/);
  expect(out).toMatch(/acme\/site \(none yet\) +begun/);
  expect((await shown({ "GET /api/v1/changes": { items: [], next: null } })).out).toBe("no changes yet\n");
});
