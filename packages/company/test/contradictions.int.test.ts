import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AgentSession,
  companyNumbers,
  finishTask,
  listMessages,
  listTasks,
  recordReceipt,
  submitReport,
} from "../src/index.ts";
import { openCompany, type TestCompany, worked } from "./open-company.ts";

let company: TestCompany;
const sessions = new Map<string, AgentSession>();
beforeAll(async () => {
  company = await openCompany();
  for (const agent of ["cmo", "cfo", "cto"]) sessions.set(agent, await company.enter(agent));
});
afterAll(() => company.close());

const period = { from: "2026-02-01T00:00:00.000Z", to: "2026-03-01T00:00:00.000Z" };
/** An agent reads a value from a system of its own and reports it. */
async function states(
  agent: string,
  value: string,
  more: { metric?: string; unit?: string; source?: string } = {},
): Promise<void> {
  company.clock.advance(1_000);
  const session = sessions.get(agent)!;
  const { metric = "visits", unit = "count", source = agent } = more;
  const said = { metric, value, unit, period, entity: "shop" };
  const fact = { ...said, observedAt: company.clock.now().toISOString() };
  const call = {
    tool: "read_visits",
    argumentsDigest: "d",
    ok: true,
    result: {},
    durationMs: 1,
    run: null,
    facts: [fact],
    source,
  };
  const { id } = await recordReceipt(company.deps, session, call, "k".repeat(32));
  const stored = await submitReport(company.deps, session, {
    task: null,
    text: `${value} of them`,
    run: null,
    receiptId: null,
    claims: [{ ...said, receipts: [id] }],
  });
  expect(stored.claims).toMatchObject([{ verified: true, why: null }]);
}
const open = async () =>
  (await listTasks(company.deps, { status: ["pending", "running"] })).filter(({ title }) => title.startsWith("Settle"));

test("S07 two agents that state different values of one metric, period and entity get one task for both, once", async () => {
  await states("cmo", "1204");
  await states("cfo", "1204");
  expect(await open()).toEqual([]);
  await states("cto", "1300");
  expect(await open()).toMatchObject([
    { assignedTo: "cto", title: "Settle a contradiction: visits of shop (2026-02-01 to 2026-03-01)" },
  ]);
  const [task] = await open();
  expect(task!.description).toContain("1204");
  expect(task!.description).toContain("1300");
  const told = (await listMessages(company.deps, { limit: 20 })).filter(
    ({ from, payload }) => from === "system" && payload["task_id"] === task!.id,
  );
  expect(told.map(({ to }) => to)).toHaveLength(1);
  expect(["cmo", "cfo"]).toContain(told[0]!.to);
  // The same again, and a third opinion, add no second task; none of them counts as verified.
  await states("cto", "1300");
  await states("cfo", "1250");
  expect(await open()).toHaveLength(1);
  const { verified, unverified } = await companyNumbers(company.deps);
  expect(verified.filter(({ metric }) => metric === "visits")).toEqual([]);
  expect(unverified.filter(({ metric, why }) => metric === "visits" && why?.includes(task!.id)).length).toBeGreaterThanOrEqual(4);
  await worked(company.deps, sessions.get("cto")!, task!.id);
  const result = { summary: "The shop counts robots.", text: null, receipts: [] };
  await finishTask(company.deps, sessions.get("cto")!, { id: task!.id, status: "done", result });
  expect((await companyNumbers(company.deps)).verified.some(({ metric }) => metric === "visits")).toBe(true);
});

test("S07 a rounding, another unit of the same kind, and another currency contradict nothing", async () => {
  await states("cmo", "0.125", { metric: "margin", unit: "ratio" });
  await states("cfo", "12.5", { metric: "margin", unit: "percent" });
  await states("cto", "13", { metric: "margin", unit: "percent" });
  await states("cmo", "1204.00", { metric: "revenue", unit: "EUR" });
  await states("cfo", "1400.00", { metric: "revenue", unit: "USD" });
  expect(await open()).toEqual([]);
});
