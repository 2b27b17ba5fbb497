import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AgentSession,
  ask,
  briefing,
  briefingText,
  claimRun,
  createTask,
  finishRun,
  finishTask,
  listEvents,
  makeDueBriefing,
  readNumbers,
  recordReceipt,
  registerFleet,
  runContext,
  searchByOperator,
  sendMessage,
  submitReport,
  taskView,
} from "../src/index.ts";
import { openCompany, report, type TestCompany, testFleet, worked } from "./open-company.ts";

let company: TestCompany;
let cfo: AgentSession;
let coo: AgentSession;
let receipt = "";
const period = { from: "2026-02-01T00:00:00.000Z", to: "2026-03-01T00:00:00.000Z" };
const said = { metric: "shop_revenue", value: "12345.67", unit: "USD", period, entity: "shop" };

beforeAll(async () => {
  company = await openCompany();
  [cfo, coo] = [await company.enter("cfo"), await company.enter("coo")];
  const call = { tool: "read_books", argumentsDigest: "d", ok: true, result: {}, durationMs: 1, run: null, source: "books" };
  const facts = [{ ...said, observedAt: company.clock.now().toISOString() }];
  receipt = (await recordReceipt(company.deps, cfo, { ...call, facts }, "k".repeat(32))).id;
  const common = { task: null, run: null, receiptId: null };
  await submitReport(company.deps, cfo, { ...common, text: "Revenue.", claims: [{ ...said, receipts: [receipt] }] });
  await submitReport(company.deps, cfo, {
    ...common,
    text: "Signups.",
    claims: [{ metric: "signups", value: "900", unit: "count", period: null, entity: "shop", receipts: [] }],
  });
});
afterAll(() => company.close());

test("S10 what a run is shown names the numbers that no verified claim says, in messages, history and what is found of it", async () => {
  const { deps } = company;
  const text = "Shop revenue was $12,345.67, with 4,711 new visitors.";
  const sent = await sendMessage(deps, cfo, { type: "direct", to: "coo", payload: { text } });
  const first = await claimRun(deps, coo);
  const context = await runContext(deps, coo, { run: first!.run.id });
  expect(context.messages).toMatchObject([{ unverifiedNumbers: ["4,711"] }]);
  const summary = "Read that shop revenue was $12,345.67 and that 4,711 visitors came";
  await finishRun(deps, coo, report(first!.run.id, { summary, acknowledged: [sent.id] }));
  await sendMessage(deps, cfo, { type: "direct", to: "coo", payload: { text: "Thanks." } });
  const second = await claimRun(deps, coo);
  const later = await runContext(deps, coo, { run: second!.run.id });
  expect(later.messages[0]).not.toHaveProperty("unverifiedNumbers");
  const remembered = later.history.filter((line) => line.summary.includes("12,345.67"));
  expect(remembered.length).toBeGreaterThan(0);
  for (const line of remembered) expect(line.unverifiedNumbers).toEqual(["4,711"]);
  await finishRun(deps, coo, report(second!.run.id, { summary: "nothing else" }));
});

test("C20 S08 an answer gives the figures that the question names, unverified ones apart, and each number its receipt or none", async () => {
  const { deps } = company;
  const revenue = await ask(deps, "What was the shop revenue?");
  expect(revenue.figures).toMatchObject({ verified: [{ value: "12345.67" }], unverified: [] });
  expect(revenue.evidence[0]).toMatchObject({ kind: "receipt", id: receipt });
  expect(revenue.evidence[0]!.numbers!.map((number) => [number.text, number.receipt])).toContainEqual(["12345.67 USD", receipt]);
  const signups = await ask(deps, "How many signups did we get?");
  expect(signups.figures).toMatchObject({ verified: [], unverified: [{ metric: "signups", value: "900" }] });
  const { items } = await searchByOperator(deps, { text: "", quarantined: false, limit: 30 });
  const memory = items.find((item) => item.text.startsWith("Read that shop revenue"))!;
  expect(memory.numbers!.map((number) => [number.text, number.receipt])).toEqual([
    ["$12,345.67", receipt],
    ["4,711", null],
  ]);
  const [numbers] = await readNumbers(deps, [{ text: "Revenue: €12,345.67" }]);
  expect(numbers).toMatchObject([{ receipt: null }]);
});

test("S07 S10 a claim that another agent's contradicts is verified nowhere while that is open", async () => {
  const { deps } = company;
  const facts = [{ ...said, value: "99999.00", observedAt: company.clock.now().toISOString() }];
  const call = { tool: "read_shop", argumentsDigest: "d", ok: true, result: {}, durationMs: 1, run: null, source: "till" };
  const task = await createTask(deps, "operator", { title: "Count the till", assignTo: "coo" });
  await worked(deps, coo, task.id);
  const { id } = await recordReceipt(deps, coo, { ...call, task: task.id, facts }, "k".repeat(32));
  const result = { summary: "Shop revenue is $99,999.", text: null, receipts: [] };
  await finishTask(deps, coo, { id: task.id, status: "done", result, claims: [{ ...said, value: "99999.00", receipts: [id] }] });
  expect((await taskView(deps, task.id)).result!.claims).toMatchObject([
    { verified: false, why: expect.stringContaining("contradicts") },
  ]);
  const [numbers] = await readNumbers(deps, [{ text: "Shop revenue was $12,345.67 or $99,999." }]);
  expect(numbers!.map((number) => number.receipt)).toEqual([null, null]);
  expect((await ask(deps, "shop revenue?")).figures!.verified).toEqual([]);
});

test("C18 C22 a briefing tells what happened and what needs a human from records; each figure has its receipt, unverified ones stand apart", async () => {
  const { deps, clock } = company;
  clock.advance(1_000);
  const view = await briefing(deps);
  expect(view.tasks).toMatchObject([
    { title: "Count the till", status: "done", by: "coo", numbers: [{ text: "$99,999", receipt: null }] },
  ]);
  expect(view.counts).toMatchObject({ tasks: 1 });
  expect(view.figures).toEqual([]);
  expect(view.unverified.map(({ metric }) => metric)).toEqual(expect.arrayContaining(["signups", "shop_revenue"]));
  expect(view.money).toMatchObject({ budgetMicroUsd: "20000000000" });
  const { detail } = briefingText(view);
  expect(detail).toContain("UNVERIFIED: signups of shop: 900 count");
  expect(detail).toContain("(unverified: $99,999)");
});

test("C18 the briefing of the day is made once, at the fleet file's time, and the next day's replaces it", async () => {
  const { deps, clock } = company;
  const fleet = testFleet();
  await registerFleet(deps, { ...fleet, file: { ...fleet.file, briefing: { at: "07:30", timeZone: "Europe/Berlin" } } });
  const told = async () =>
    (await listEvents(deps, { types: ["alert.opened"], limit: 50 })).filter(({ payload }) => payload["kind"] === "briefing");
  // 2 March, 10:00 in Berlin: today's time is past, and made up for.
  expect(await Promise.all([makeDueBriefing(deps), makeDueBriefing(deps)]).then((made) => made.filter(Boolean))).toHaveLength(1);
  expect(await makeDueBriefing(deps)).toBe(false);
  clock.advance(20 * 3_600_000);
  // 06:00 of the next day.
  expect(await makeDueBriefing(deps)).toBe(false);
  clock.advance(2 * 3_600_000);
  expect(await makeDueBriefing(deps)).toBe(true);
  expect((await told()).map(({ payload }) => payload["subject"])).toEqual(["2026-03-03", "2026-03-02"]);
});
