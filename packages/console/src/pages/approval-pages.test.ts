import type { ApprovalView } from "@aito/protocol";
import { expect, test } from "vitest";
import { approvalFormPage, approvalResultPage } from "./approval-pages.ts";

const expired: ApprovalView = {
  id: "01890000-0000-7000-8000-000000000001",
  status: "expired",
  agent: "cmo",
  role: "cmo",
  epoch: 1,
  taskId: null,
  tool: "publish_text",
  summary: 'publish "News"',
  rule: "mode.supervised",
  reason: "publish_text needs a human's approval",
  digest: "d".repeat(64),
  callDigest: "c".repeat(64),
  arguments: { title: "News" },
  files: [],
  amountMicroUsd: "0",
  asked: 1,
  editedFrom: null,
  expiresAt: "2026-11-21T12:00:00.000Z",
  createdAt: "2026-11-20T12:00:00.000Z",
  answeredAt: null,
  answeredBy: null,
  comment: null,
  endedAt: "2026-11-21T12:00:01.000Z",
  result: null,
  error: null,
  receipt: null,
  url: null,
};
const told = (approval: ApprovalView): string =>
  /<h1>(.*?)<\/h1>/.exec(approvalResultPage({ approval, rehearsal: false }, { first: false, posted: false }))?.[1] ?? "";

test("S01 the page of an approval that ended in silence says that nobody answered, that of one which could not begin in time who had", () => {
  expect(told(expired)).toBe("Nobody answered in time, which is a denial. It did not run.");
  expect(told({ ...expired, answeredBy: "ada", answeredAt: "2026-11-20T13:00:00.000Z" })).toBe(
    "ada approved it, but it could not begin in time. It did not run.",
  );
  const receipt = "0190b0a0-0000-7000-8000-0000000000aa";
  const page = approvalResultPage({ approval: { ...expired, receipt }, rehearsal: false }, { first: false, posted: false });
  expect(page).toContain(`Receipt ${receipt}`);
});

test("S01 the form reads a long text with its line breaks, names what its name hides, and holds the JSON that the digest is of", () => {
  const text = `Dear members,\n\nThe <b>price</b> stays.`;
  const approval = { ...expired, arguments: { title: "News", "bo\u200bdy": text }, taint: null, receipts: [] };
  const form = approvalFormPage({ approval, rehearsal: false });
  expect(form).toContain(`<p class="foreign whole" dir="ltr">Dear members,\n\nThe &lt;b&gt;price&lt;/b&gt; stays.</p>`);
  expect(form).toContain(`<h3 class="foreign-inline" dir="ltr">bo<span class="hidden-character">U+200B</span>dy</h3>`);
  expect(form).toContain("Dear members,\\n\\nThe &lt;b&gt;");
  expect(form).not.toContain("characters in all");
});

test("S01 the form says how long a call is of which empty lines may hide the end", () => {
  const approval = { ...expired, arguments: { body: `Dear members,${"\n".repeat(30)}pay twice.` }, taint: null, receipts: [] };
  expect(approvalFormPage({ approval, rehearsal: false })).toMatch(/<p class="problem">\s+\d+ characters in all/);
});
