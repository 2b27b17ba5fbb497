import { readFileSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AgentSession,
  companyNumbers,
  finishTask,
  listMessages,
  listTasks,
  registerFleet,
  submitReport,
} from "../src/index.ts";
import { openCompany, type TestCompany, testFleet, worked } from "./open-company.ts";
import { february, reportFigure } from "./report-figure.ts";

let company: TestCompany;
const sessions = new Map<string, AgentSession>();
beforeAll(async () => {
  company = await openCompany();
  for (const agent of ["cmo", "cfo", "cto"]) sessions.set(agent, await company.enter(agent));
});
afterAll(() => company.close());

async function states(
  agent: string,
  value: string,
  more: { metric?: string; entity?: string; unit?: string; source?: string; period?: typeof february | null } = {},
): Promise<void> {
  const figure = { metric: "visits", values: [value] as [string], period: february, text: `${value} of them`, ...more };
  expect(await reportFigure(company, sessions.get(agent)!, figure)).toMatchObject([{ verified: true, why: null }]);
}
const open = async (metric = "visits") =>
  (await listTasks(company.deps, { status: ["pending", "running"] })).filter(({ title }) =>
    title.includes(`contradiction: ${metric} of`),
  );

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
  // That its task is over says nothing of who was right; that those who were wrong state the right value, from a receipt, does.
  const visits = async () => {
    const { verified: now, unverified: rest } = await companyNumbers(company.deps);
    return [now, rest].map((claims) => claims.filter(({ metric }) => metric === "visits").map(({ value }) => value));
  };
  expect((await visits())[0]).toEqual([]);
  await states("cto", "1204");
  expect((await visits())[0]).toEqual([]);
  await states("cfo", "1204");
  expect((await visits())[0]).toEqual(["1204"]);
  expect((await visits())[1]).toEqual(expect.arrayContaining(["1300", "1250"]));
  // Stated once more, the settled value contradicts nobody's word of now; another one does.
  const before = (await open()).length;
  await states("cmo", "1204");
  expect(await open()).toHaveLength(before);
  expect((await visits())[0]).toEqual(["1204"]);
  await states("cmo", "1300");
  expect((await visits())[0]).toEqual([]);
  expect(await open()).toHaveLength(1);
});

test("S07 one period that is written in several ways is one finding: no second task is made while one is open", async () => {
  await states("cmo", "10", { metric: "orders" });
  await states("cto", "12", { metric: "orders" });
  await states("cfo", "14", { metric: "orders", period: { from: "2026-02-01T00:00:00Z", to: "2026-03-01T00:00:00Z" } });
  await states("cmo", "16", { metric: "orders", period: { from: "2026-02-01T00:00:00.0Z", to: "2026-03-01T00:00:00.000000Z" } });
  expect(await open("orders")).toHaveLength(1);
});

test("S07 two figures whose names run together differently are two findings", async () => {
  const ofShops = { metric: "sales:gross", entity: "north" };
  const ofGross = { metric: "sales", entity: "gross:north" };
  for (const figure of [ofShops, ofGross]) {
    await states("cmo", "10", figure);
    await states("cto", "12", figure);
  }
  expect([await open("sales:gross"), await open("sales")].map((tasks) => tasks.length)).toEqual([1, 1]);
  // Of what is verified both are shown, too.
  const [two, split] = [
    { metric: "credits\nnet", entity: "south" },
    { metric: "credits", entity: "net\nsouth" },
  ];
  await states("cmo", "3", two);
  await states("cmo", "3", split);
  const { verified } = await companyNumbers(company.deps);
  expect(verified.filter(({ metric }) => metric.startsWith("credits"))).toHaveLength(2);
});

test("S07 a finding that was open before its key was marked is still the one of its figure", async () => {
  const figure = { metric: String.raw`clicks:per\day`, entity: "a:b" };
  await states("cmo", "10", figure);
  await states("cto", "12", figure);
  const [task] = await open(figure.metric);
  const inSql = <T>(statement: ReturnType<typeof sql<T>>) =>
    company.deps.db.transaction(
      { companyId: company.deps.companyId },
      async ({ queries }) => (await statement.execute(queries)).rows,
    );
  const keys = () => inSql(sql<{ finding_key: string }>`select finding_key from tasks where finding_key is not null order by id`);
  const now = await keys();
  const before = `contradiction:${figure.metric}:a:b:2026-02-01T00:00:00.000Z/2026-03-01T00:00:00.000Z`;
  await inSql(sql`update tasks set finding_key = ${before} where id = ${task!.id}`);
  expect(await keys()).not.toEqual(now);
  await inSql(sql.raw(readFileSync(new URL("../../../migrations/0058_finding_keys.sql", import.meta.url), "utf8")));
  expect(await keys()).toEqual(now);
  await states("cfo", "14", figure);
  expect(await open(figure.metric)).toHaveLength(1);
});

test("S07 what an agent says otherwise without a dispute is its word from then on, and a value of a moment takes back a disputed one only", async () => {
  const figures = async (metric: string) =>
    (await companyNumbers(company.deps)).verified
      .filter((each) => each.metric === metric)
      .map(({ value, agent }) => [agent, value]);
  await states("cmo", "10", { metric: "refunds" });
  await states("cmo", "12", { metric: "refunds" });
  await states("cfo", "12", { metric: "refunds" });
  expect(await open("refunds")).toEqual([]);
  expect(await figures("refunds")).toEqual([["cfo", "12"]]);
  const now = { metric: "queue", period: null };
  await states("cmo", "5", now);
  await states("cmo", "6", now);
  await states("cfo", "9", now);
  expect(await figures("queue")).toEqual([]);
  await states("cfo", "6", now);
  expect(await figures("queue")).toEqual([["cfo", "6"]]);
});

test("S07 a rounding, another unit of the same kind, and another currency contradict nothing", async () => {
  await states("cmo", "0.125", { metric: "margin", unit: "ratio" });
  await states("cfo", "12.5", { metric: "margin", unit: "percent" });
  await states("cto", "13", { metric: "margin", unit: "percent" });
  await states("cmo", "1204.00", { metric: "revenue", unit: "EUR" });
  await states("cfo", "1400.00", { metric: "revenue", unit: "USD" });
  for (const metric of ["margin", "revenue"]) expect(await open(metric)).toEqual([]);
});

test("S07 however many claims nothing backs, the verified ones are all there", async () => {
  await states("cmo", "77", { metric: "returns" });
  company.clock.advance(1_000);
  const claim = { metric: "returns", unit: "count", period: february, entity: "shop", receipts: [] };
  for (const part of [0, 1, 2, 3, 4, 5]) {
    await submitReport(company.deps, sessions.get("cto")!, {
      task: null,
      text: "more",
      run: null,
      receiptId: null,
      claims: Array.from({ length: 100 }, (_, at) => ({ ...claim, value: String(part * 100 + at) })),
    });
  }
  const { verified, unverified } = await companyNumbers(company.deps);
  expect(verified.filter(({ metric }) => metric === "returns")).toMatchObject([{ value: "77" }]);
  expect(unverified.length).toBeGreaterThanOrEqual(500);
});

test("S07 a role that the fleet file has no more disputes nothing that others state", async () => {
  const figures = async () => (await companyNumbers(company.deps)).verified.filter(({ metric }) => metric === "leads");
  await states("cfo", "7", { metric: "leads" });
  await states("cto", "9", { metric: "leads" });
  expect(await figures()).toEqual([]);
  const fleet = testFleet();
  delete fleet.file.roles["cto"];
  fleet.file.council = fleet.file.council.filter((role) => role !== "cto");
  await registerFleet(company.deps, fleet);
  expect(await figures()).toMatchObject([{ agent: "cfo", value: "7" }]);
  await states("cfo", "7", { metric: "leads" });
  expect(await figures()).toMatchObject([{ agent: "cfo", value: "7" }]);
});
