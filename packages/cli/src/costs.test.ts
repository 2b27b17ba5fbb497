import type { BudgetView, CostRow } from "@aito/protocol";
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
  return { ...console_, run: (...args: string[]) => aito([...args, "--folder", folder]) };
}

const row = (change: Partial<CostRow>): CostRow => ({
  name: "cmo",
  calls: 3,
  failedCalls: 1,
  costMicroUsd: "1230000",
  unknownCalls: 0,
  chargedMicroUsd: "1230000",
  inputTokens: "10",
  outputTokens: "5",
  cacheReadTokens: "0",
  cacheWriteTokens: "0",
  ...change,
});

test("B01 costs are cut as asked, and a cost that is not known is never shown as 0", async () => {
  const items = [
    row({}),
    row({ name: "cto", costMicroUsd: null, unknownCalls: 2 }),
    row({ name: null, unknownCalls: 1, costMicroUsd: "500000" }),
  ];
  const { run, seen } = await company({ "GET /api/v1/costs": { items } });
  const shown = await run("costs", "--by", "task", "--since", "2026-11-01");
  expect(shown.out).toMatch(/cmo +3 +1 +\$1\.23 +10/);
  expect(shown.out).toMatch(/cto +3 +1 +unknown/);
  expect(shown.out).toMatch(/\(none\) +3 +1 +\$0\.50 \+ 1 unknown/);
  expect(seen.at(-1)!.path).toBe("/api/v1/costs?by=task&since=2026-11-01T00%3A00%3A00.000Z");
  expect(JSON.parse((await run("costs", "--json")).out)).toEqual(items);
  expect((await run("costs", "--by", "weather")).code).toBe(2);
  expect((await run("costs", "--since", "yesterday")).code).toBe(2);
});

test("S12 S19 budgets show what is spent, set aside and refused; success what worked", async () => {
  const budget: BudgetView = {
    scope: "agent",
    target: "cmo",
    period: "day",
    capMicroUsd: "5000000",
    spentMicroUsd: "4990000",
    reservedMicroUsd: "10000",
    startsAt: null,
    refusedAt: "2026-11-20T12:00:00.000Z",
  };
  const { run } = await company({
    "GET /api/v1/budgets": { items: [budget, { ...budget, scope: "company", target: "", refusedAt: null }] },
    "GET /api/v1/success": { items: [{ name: "send_message", succeeded: 7, failed: 2 }] },
  });
  const shown = (await run("budgets")).out;
  expect(shown).toMatch(/agent cmo +day +\$5\.00 +\$4\.99 +\$0\.01 +refuses calls/);
  expect(shown).toMatch(/company +day/);
  expect((await run("success", "--by", "tool")).out).toMatch(/send_message +7 +2/);
});
