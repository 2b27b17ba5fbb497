import { sha256 } from "@aito/base";
import { beginIncarnation, hello, listApprovals, useGate } from "@aito/company";
import type { ApprovalAnswered, ApprovalView, Page, PermissionView } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCompanyConsole } from "./open-company-console.ts";

let opened: Awaited<ReturnType<typeof openCompanyConsole>>;
let session: Awaited<ReturnType<typeof hello>>;
beforeAll(async () => {
  opened = await openCompanyConsole();
  const { deps } = opened;
  const { epoch } = await beginIncarnation(deps, { agent: "cmo", tokenHash: sha256("token") });
  session = await hello(deps, { tokenHash: sha256("token"), epoch, sessionHash: sha256("session"), redisPasswordHash: "" });
});
afterAll(() => opened.close());

/** A call that a human is asked about; nobody runs it here. */
async function ask(args: Record<string, unknown>): Promise<ApprovalView> {
  const call = { tool: "publish_text", schemaVersion: "v", arguments: args, files: [], contents: [], inputSchema };
  const gated = await useGate(
    opened.deps,
    session,
    {
      ...call,
      risk: "dangerous",
      dataClass: "public",
      argumentsDigest: "",
      amountMicroUsd: 0n,
      decisionId: null,
      summary: `publish "${String(args["title"])}"`,
      receiptId: null,
      runId: null,
      outsideLeaseMs: null,
    },
    () => Promise.reject(new Error("it must not run")),
  );
  expect(gated.did).toBe("asked");
  return (await opened.ask<Page<ApprovalView>>("/api/v1/approvals?status=waiting")).items[0]!;
}
const inputSchema = {
  type: "object",
  properties: { title: { type: "string" } },
  required: ["title"],
  additionalProperties: false,
};

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
