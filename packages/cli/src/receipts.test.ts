import type { ReceiptDetail, ReceiptsReport } from "@aito/protocol";
import { afterEach, expect, test } from "vitest";
import { aito, fakeConsole, folderFor } from "./testing/fake-console.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function company(table: Record<string, unknown>) {
  const console_ = await fakeConsole(table);
  open.push(console_);
  const folder = folderFor(console_.url);
  return (...args: string[]) => aito([...args, "--folder", folder]);
}

const id = "0190b0a0-0000-7000-8000-000000000001";
const receipt = (change: Partial<ReceiptDetail> = {}): ReceiptDetail => ({
  id,
  agent: "cfo",
  task: null,
  run: null,
  tool: "read_visits",
  status: "succeeded",
  source: "shop",
  argumentsDigest: "d".repeat(64),
  durationMs: 12,
  at: "2026-11-01T06:00:00.000Z",
  facts: [
    { metric: "visits", value: "1204", unit: "count", period: null, entity: "shop", observedAt: "2026-11-01T06:00:00.000Z" },
  ],
  signedBy: "0123456789abcdef",
  epoch: 3,
  result: '{"visits":1204}',
  resultCharacters: 15,
  resultSha256: "e".repeat(64),
  full: null,
  signature: "s",
  check: { verdict: "valid", problem: null },
  approval: null,
  claims: [],
  ...change,
});

test("S08 a receipt is shown with what it states and whether it is what was signed", async () => {
  const run = await company({ [`GET /api/v1/receipts/${id}`]: receipt() });
  const shown = await run("receipts", "show", id);
  expect(shown.code).toBe(0);
  expect(shown.out).toContain("read_visits by cfo: succeeded");
  expect(shown.out).not.toContain("approval");
  expect(shown.out).toContain("signature valid, key 0123456789abcdef");
  expect(shown.out).toContain("states visits of shop: 1204 count");
  expect(JSON.parse((await run("receipts", "show", id, "--json")).out)).toEqual(receipt());
});

test("S08 one that was changed is said to be not valid, and the check of all exits 1 and names it", async () => {
  const problem = "its facts was changed after it was signed";
  const report: ReceiptsReport = { ok: false, checked: 2, unsigned: 0, keys: [], problems: [{ id, problem }] };
  const run = await company({
    [`GET /api/v1/receipts/${id}`]: receipt({ check: { verdict: "invalid", problem } }),
    "GET /api/v1/receipts/verify": report,
    "GET /api/v1/receipts": { items: [receipt()], next: null },
  });
  expect((await run("receipts", "show", id)).out).toContain(`NOT VALID: ${problem}`);
  const checked = await run("receipts", "verify");
  expect([checked.code, checked.err]).toEqual([1, expect.stringContaining(`${id}: ${problem}`)]);
  expect((await run("receipts")).out).toContain("read_visits");
});
