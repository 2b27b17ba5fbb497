import { listApprovals } from "@aito/company";
import type { ApprovalAnswered, ApprovalView, EditedCallView, Page, PermissionView } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dangerousAgent } from "./ask-for-approval.ts";
import { openCompanyConsole } from "./open-company-console.ts";

let opened: Awaited<ReturnType<typeof openCompanyConsole>>;
let agent: Awaited<ReturnType<typeof dangerousAgent>>;
beforeAll(async () => {
  opened = await openCompanyConsole();
  agent = await dangerousAgent(opened.deps, "cmo");
});
afterAll(() => opened.close());

/** A call that a human is asked about. */
async function ask(args: Record<string, unknown>): Promise<ApprovalView> {
  expect((await agent.call(args)).did).toBe("asked");
  return (await opened.ask<Page<ApprovalView>>("/api/v1/approvals?status=waiting")).items[0]!;
}

const get = (url: string): Promise<Response> => fetch(url, { headers: { accept: "text/html" } });
const post = (url: string, fields: Record<string, string>, origin = new URL(url).origin): Promise<Response> =>
  fetch(url, {
    method: "POST",
    headers: { origin, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
const statusOf = async (id: string): Promise<string> => (await opened.ask<ApprovalView>(`/api/v1/approvals/${id}`)).status;

test("S01 V12 the signed form shows the stored call, a GET decides nothing, and the first answer counts", async () => {
  const approval = await ask({ title: "<b>News</b>\u202e" });
  const shown = await get(approval.url!);
  const html = await shown.text();
  expect(shown.status).toBe(200);
  expect(html).toContain("&lt;b&gt;News");
  expect(html).toContain(approval.digest);
  expect(html).not.toContain("\u202e");
  expect(html).not.toMatch(/<script|<b>/i);
  expect(await statusOf(approval.id)).toBe("waiting");
  const { digest } = approval;
  expect((await post(approval.url!, { answer: "approve", digest }, "https://evil.example")).status).toBe(403);
  expect((await post(approval.url!, { answer: "approve", digest: "0".repeat(64) })).status).toBe(409);
  expect((await post(approval.url!, { answer: "maybe", digest })).status).toBe(422);
  expect(await statusOf(approval.id)).toBe("waiting");
  expect((await post(approval.url!, { answer: "deny", digest, comment: "no" })).status).toBe(200);
  expect((await post(approval.url!, { answer: "approve", digest })).status).toBe(409);
  expect((await get(approval.url!)).status).toBe(410);
  expect(await statusOf(approval.id)).toBe("denied");
});

test("S01 a link of another key or for another approval opens nothing", async () => {
  const [first, second] = [await ask({ title: "One" }), await ask({ title: "Two" })];
  const [, id, mac] = /aito_app_([0-9a-f-]{36})_(.+)$/.exec(first.url!)!;
  for (const url of [first.url!.replace(id!, second.id), first.url!.slice(0, -1), first.url!.replace(mac!, "A".repeat(43))]) {
    expect((await get(url)).status, url).toBe(404);
    expect((await post(url, { answer: "approve", digest: second.digest })).status).toBe(404);
  }
  expect([await statusOf(first.id), await statusOf(second.id)]).toEqual(["waiting", "waiting"]);
});

test("S01 the form edits: invisible characters are spelled out, and changed arguments are a call of their own", async () => {
  const approval = await ask({ title: "Zero\u200bwidth" });
  const text = await (await get(approval.url!)).text();
  expect(text).toContain("Zero\\u200bwidth");
  const edit = (args: string) => post(approval.url!, { answer: "edit", digest: approval.digest, arguments: args });
  for (const wrong of ["{", "[]", "1"]) expect((await edit(wrong)).status).toBe(422);
  expect((await edit('{"title": 1}')).status).toBe(422);
  expect((await edit('{"title": "Clean"}')).status).toBe(200);
  const made = (await listApprovals(opened.deps, { linkKey: "x", publicUrl: "http://x" })).find(
    ({ editedFrom }) => editedFrom === approval.id,
  );
  expect(made).toMatchObject({ status: "approved", arguments: { title: "Clean" } });
  expect(made!.digest).not.toBe(approval.digest);
});

test("C13 S11 an operator answers and permits through the API", async () => {
  const approval = await ask({ title: "By API" });
  const answer = { answer: "approve", digest: approval.digest };
  const answered = await opened.ask<ApprovalAnswered>(`/api/v1/approvals/${approval.id}/answer`, answer);
  expect(answered).toMatchObject({ first: true, approval: { status: "approved", answeredBy: "operator" } });
  await expect(opened.ask(`/api/v1/approvals/${approval.id}/answer`, answer)).rejects.toThrow("409");
  const made = await opened.ask<PermissionView>("/api/v1/permissions", { name: "posts", tool: "publish_text", times: 3 });
  expect(made).toMatchObject({ name: "posts", times: 3, used: 0 });
  expect(await opened.ask<PermissionView>("/api/v1/permissions/posts/revoke", {})).toMatchObject({
    revokedAt: expect.any(String),
  });
  await expect(opened.ask("/api/v1/permissions/posts/revoke", {})).rejects.toThrow("404");
});

test("S01 an edit is previewed with its new digest, and what is approved is exactly what was previewed", async () => {
  const approval = await ask({ title: "Drfat" });
  const at = `/api/v1/approvals/${approval.id}`;
  await expect(opened.ask(`${at}/preview`, { arguments: { title: 1 } })).rejects.toThrow("422");
  await expect(opened.ask(`${at}/preview`, { arguments: { title: "Draft", more: true } })).rejects.toThrow("422");
  const shown = await opened.ask<EditedCallView>(`${at}/preview`, { arguments: { title: "Draft" } });
  expect(shown).toMatchObject({ arguments: { title: "Draft" }, amountMicroUsd: "0" });
  expect(shown.digest).not.toBe(approval.digest);
  expect(await statusOf(approval.id)).toBe("waiting");
  const edit = { answer: "edit", digest: approval.digest, editedDigest: shown.digest };
  await expect(opened.ask(`${at}/answer`, { ...edit, arguments: { title: "Another" } })).rejects.toThrow("409");
  expect(await statusOf(approval.id)).toBe("waiting");
  const answered = await opened.ask<ApprovalAnswered>(`${at}/answer`, { ...edit, arguments: { title: "Draft" } });
  expect(answered.approval).toMatchObject({ status: "approved", digest: shown.digest, editedFrom: approval.id });
  await expect(opened.ask(`${at}/preview`, { arguments: { title: "Late" } })).rejects.toThrow("409");
});

test("C13 a call that is sent back did not run, and its agent is told what should be different", async () => {
  const approval = await ask({ title: "Half price" });
  const answer = { answer: "send_back", digest: approval.digest };
  await expect(opened.ask(`/api/v1/approvals/${approval.id}/answer`, answer)).rejects.toThrow("400");
  await opened.ask(`/api/v1/approvals/${approval.id}/answer`, { ...answer, comment: "Say until when." });
  expect(await statusOf(approval.id)).toBe("denied");
  const { items } = await opened.ask<Page<{ to: string; payload: { text?: string } }>>("/api/v1/messages?limit=20");
  expect(items.map(({ payload }) => payload.text).join("\n")).toContain("sent back by a human: Say until when.");
});

test("S11 a permission after a call covers calls like it, none with an argument that the first one left out", async () => {
  await opened.ask("/api/v1/permissions", {
    name: "weather",
    tool: "publish_text",
    role: "cmo",
    constraints: [
      { path: "title", is: "equal", value: "Weather" },
      { path: "text", is: "absent" },
    ],
    times: 5,
  });
  expect((await agent.call({ title: "Weather", text: "Buy now" })).did).toBe("asked");
  expect((await agent.call({ title: "Weather" })).did).toBe("ran");
  const { items } = await opened.ask<{ items: PermissionView[] }>("/api/v1/permissions");
  expect(items.find(({ name }) => name === "weather")).toMatchObject({ used: 1, times: 5 });
});
