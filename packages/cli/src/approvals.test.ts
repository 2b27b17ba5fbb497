import type { ApprovalDetail, PermissionView } from "@aito/protocol";
import { afterEach, expect, test } from "vitest";
import { aito, fakeConsole, folderFor } from "./testing/fake-console.ts";
import { ids } from "./testing/samples.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function company(table: Record<string, unknown>) {
  const console_ = await fakeConsole(table);
  open.push(console_);
  const folder = folderFor(console_.url);
  return { ...console_, run: (...args: string[]) => aito([...args, "--folder", folder]) };
}

const at = "2026-11-20T12:00:00.000Z";
const [id, other] = [ids.escalation, ids.event];
const approval = (change: Partial<ApprovalDetail> = {}): ApprovalDetail => ({
  id,
  status: "waiting",
  agent: "cmo",
  epoch: 1,
  taskId: null,
  tool: "publish_text",
  summary: 'publish "News"',
  rule: "mode.supervised",
  reason: "publish_text needs a human's approval",
  digest: "d".repeat(64),
  callDigest: "c".repeat(64),
  arguments: { title: "News", text: "Hidden \u202e\u001b[2J words.", usd: 0 },
  files: [{ name: "a.txt", sha256: "f".repeat(64), bytes: 12 }],
  amountMicroUsd: "0",
  asked: 1,
  editedFrom: null,
  role: "cmo",
  expiresAt: at,
  createdAt: at,
  answeredAt: null,
  answeredBy: null,
  comment: null,
  endedAt: null,
  result: null,
  error: null,
  receipt: null,
  url: "http://127.0.0.1:7700/a/token",
  taint: "a mail",
  receipts: [{ id: other, agent: "cmo", tool: "read_figures", ok: true, at, result: "{}" }],
  ...change,
});
const path = `/api/v1/approvals/${id}`;

test("S01 approvals list shows equal requests as one, and show tells exactly what would run, with what hides in it", async () => {
  const items = [approval(), approval({ id: other, agent: "coo" })];
  const { run } = await company({ "GET /api/v1/approvals": { items, next: null }, [`GET ${path}`]: approval() });
  const list = await run("approvals", "--waiting");
  expect(list).toMatchObject({ code: 0, err: "" });
  expect(list.out).toMatch(new RegExp(`${id} +waiting +cmo +publish "News".*\\n *${other} +equal +coo +the same call`));
  const shown = (await run("approvals", "show", id)).out;
  for (const text of ['"title": "News"', "d".repeat(64), "file a.txt: 12 bytes", "silence is a denial", "/a/token"])
    expect(shown).toContain(text);
  expect(shown).toContain("\\u{202e}");
  expect(shown).toContain("the run had read text from outside: a mail");
  expect(shown).toContain(`rests on: read_figures, done, receipt ${other}`);
  expect(["\u202e", "\u001b"].filter((each) => shown.includes(each))).toEqual([]);
  expect(JSON.parse((await run("approvals", "list", "--json")).out)).toEqual(
    items.map(({ taint: _taint, receipts: _receipts, ...item }) => item),
  );
});

test("S01 what was approved and could not begin in time is not shown as unanswered, nor silence as an answer", async () => {
  const late = approval({ status: "expired", answeredBy: "ada", receipt: other, url: null });
  const silent = approval({ id: other, status: "expired", url: null });
  const { run } = await company({ "GET /api/v1/approvals": { items: [late, silent], next: null }, [`GET ${path}`]: late });
  const lines = (await run("approvals", "list")).out.split("\n");
  expect(lines.find((text) => text.includes(id))).toMatch(/expired .*approved by ada, not begun in time/);
  expect(lines.find((text) => text.includes(other))).not.toMatch(/approved|begun/);
  const shown = (await run("approvals", "show", id)).out;
  expect(shown).toContain("answered: approved by ada, not begun in time");
  expect(shown).toContain(`its receipt: ${other}`);
});

test("S01 approve, deny and edit answer to the digest that was read, and say what came of it", async () => {
  const answered = { first: true, approval: approval({ status: "approved", url: null }), others: [other] };
  const { run, seen } = await company({
    [`GET ${path}`]: approval(),
    [`GET /api/v1/approvals/${other}`]: approval({ id: other, agent: "coo", digest: "9".repeat(64) }),
    [`POST ${path}/answer`]: answered,
  });
  const said = await run("approvals", "approve", id, "--equal", other, "--comment", "go");
  expect(said.out).toContain("approved, and 1 equal request");
  await run("approvals", "deny", id, "--json");
  await run("approvals", "edit", id, "--arguments", '{"title":"Better"}');
  const digest = "d".repeat(64);
  expect(seen.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([
    { answer: "approve", digest, comment: "go", equal: [{ id: other, digest: "9".repeat(64) }] },
    { answer: "deny", digest, comment: "", equal: [] },
    { answer: "edit", digest, comment: "", arguments: { title: "Better" } },
  ]);
  for (const wrong of [[], ["--arguments", "[]"], ["--arguments", "{"]]) {
    expect((await run("approvals", "edit", id, ...wrong)).code).toBe(2);
  }
});

test("S11 permissions are added with conditions, listed with what is used, and revoked", async () => {
  const permission: PermissionView = {
    id,
    name: "small",
    tool: "publish_text",
    role: "cmo",
    constraints: [{ path: "usd", is: "at_most", value: 5 }],
    times: 3,
    amountMicroUsd: "15000000",
    per: "day",
    until: null,
    createdBy: "operator",
    createdAt: at,
    revokedAt: null,
    used: 1,
    usedMicroUsd: "5000000",
  };
  const { run, seen } = await company({
    "GET /api/v1/permissions": { items: [permission] },
    "POST /api/v1/permissions": permission,
    "POST /api/v1/permissions/small/revoke": { ...permission, revokedAt: at },
  });
  const add = ["permissions", "add", "small", "--tool", "publish_text", "--role", "cmo", "--times", "3", "--usd", "15"];
  expect((await run(...add, "--where", "usd<=5", "--where", "title=News")).code).toBe(0);
  expect(seen.at(-1)!.body).toMatchObject({
    name: "small",
    role: "cmo",
    times: 3,
    usd: 15,
    per: "day",
    constraints: [
      { path: "usd", is: "at_most", value: 5 },
      { path: "title", is: "equal", value: "News" },
    ],
  });
  expect((await run(...add, "--where", "nonsense")).code).toBe(2);
  expect((await run("permissions")).out).toMatch(/small +stands +publish_text +cmo +usd<=5 +1 of 3, \$5\.00 of \$15\.00 per day/);
  expect((await run("permissions", "revoke", "small")).out).toContain("revoked: small");
});
