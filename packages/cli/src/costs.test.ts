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
  // A day goes as it is: the console knows when the company's began.
  expect(seen.at(-1)!.path).toBe("/api/v1/costs?by=task&since=2026-11-01");
  await run("costs", "--since", "2026-11-01T08:00:00+01:00");
  expect(seen.at(-1)!.path).toBe("/api/v1/costs?by=agent&since=2026-11-01T07%3A00%3A00.000Z");
  expect(JSON.parse((await run("costs", "--json")).out)).toEqual(items);
  expect((await run("costs", "--by", "weather")).code).toBe(2);
  expect((await run("costs", "--since", "yesterday")).code).toBe(2);
  expect((await run("costs", "--since", "2026-13-01")).code).toBe(2);
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

test("C09 containers are shown with their time and price, savings with what they are worth; the total is told", async () => {
  const stood = { name: "cmo", containers: 2, seconds: 5_400, microUsd: "18000" };
  const infra = { pricePerHourMicroUsd: "12000", items: [stood], total: { containers: 2, seconds: 5_400, microUsd: "18000" } };
  const saving = {
    kind: "idle-loop",
    subject: "cfo",
    title: "Let cfo look less often",
    text: "151 of its 168 runs found nothing new.\u001b[31m",
    monthMicroUsd: "3857142",
    idea: null,
  };
  const { run, seen } = await company({
    "GET /api/v1/costs/infra": infra,
    "GET /api/v1/costs/savings": { days: 7, items: [saving, { ...saving, monthMicroUsd: null }] },
  });
  const shown = (await run("infra", "--by", "day")).out;
  expect(shown).toMatch(/cmo +2 +1\.5 h +\$0\.018/);
  expect(shown).toMatch(/together +2 +1\.5 h +\$0\.018/);
  expect(seen.at(-1)!.path).toBe("/api/v1/costs/infra?by=day");
  expect((await run("infra")).err).toBe("");
  expect((await run("infra", "--by", "model")).code).toBe(2);
  const unpriced = { ...stood, microUsd: null };
  const without = await company({
    "GET /api/v1/costs/infra": { pricePerHourMicroUsd: null, items: [unpriced], total: unpriced },
  });
  expect(await without.run("infra")).toMatchObject({
    out: expect.stringContaining("no price"),
    err: expect.stringContaining("infra.containerHourUsd"),
  });
  const savings = (await run("savings")).out;
  expect(savings).toContain("Let cfo look less often, about $3.85 a month\n");
  expect(savings).not.toContain("\u001b");
  expect(JSON.parse((await run("savings", "--json")).out)).toMatchObject({ days: 7 });
});

test("C10 an agent is paused, stopped and started by its name", async () => {
  const accepted = { accepted: true };
  const { run, seen } = await company({
    "POST /api/v1/agents/cmo/pause": accepted,
    "POST /api/v1/agents/cmo/stop": accepted,
    "POST /api/v1/agents/cmo/start": accepted,
  });
  expect((await run("agents", "pause", "cmo")).out).toContain("aito agents start cmo");
  expect((await run("agents", "stop", "cmo")).code).toBe(0);
  expect((await run("agents", "start", "cmo")).out).toContain("goes on");
  expect(seen.map(({ path }) => path)).toEqual(["pause", "stop", "start"].map((verb) => `/api/v1/agents/cmo/${verb}`));
  expect((await run("agents", "pause", "../x")).code).toBe(2);
});
