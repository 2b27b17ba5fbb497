import type { EscalationRule, Fleet } from "@aito/protocol";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import {
  type AgentSession,
  beginIncarnation,
  castVote,
  checkTriggers,
  decisionView,
  incarnationLost,
  listContradictions,
  listDecisions,
  listEvents,
  listMessages,
  openWork,
  overrideDecision,
  propose,
  recordMetric,
  recordReceipt,
  restartAgent,
  settleContradiction,
  submitReport,
} from "../src/index.ts";
import { parseTrigger } from "../src/fleet/parse-trigger.ts";
import { addUsage, openCompany, type TestCompany, testFleet } from "./open-company.ts";

const rule = (when: string, then: string): z.infer<typeof EscalationRule> => ({ when, then, trigger: parseTrigger(when, then) });

/** The seed's four rules, in the profile that has them; two of them in a second profile as well. */
function ruledFleet(): Fleet {
  const fleet = testFleet();
  const all = [
    rule("Negative sentiment spike (> 20%)", "Immediate CEO alert"),
    rule("PR crisis", "CEO + DAO emergency session"),
    rule("Budget overrun", "CFO notification"),
    rule("Technical issues", "CTO handoff"),
    rule("Suspected fraud", "CCO handoff"),
  ];
  fleet.profiles["cmo"]!.profile = { ...fleet.profiles["cmo"]!.profile, escalationRules: all };
  fleet.profiles["coo"]!.profile = { ...fleet.profiles["coo"]!.profile, escalationRules: all.slice(1, 3) };
  return fleet;
}

let company: TestCompany;
let cmo: AgentSession;
beforeAll(async () => {
  company = await openCompany({ fleet: ruledFleet() });
  cmo = await company.enter("cmo");
});
afterAll(() => company.close());

const measure = (name: string, value: string, entity?: string): Promise<unknown> =>
  recordMetric(company.deps, cmo, { name, value, unit: "percent", entity, receiptId: null });
const check = (): Promise<number> => checkTriggers(company.deps);
const hours = (count: number): void => company.clock.advance(count * 3_600_000);
const alerts = async (to: string): Promise<string[]> =>
  (await listMessages(company.deps))
    .filter((each) => each.type === "alert" && each.to === to)
    .map(({ payload }) => String(payload["title"]));
const isWoken = async (agent: string): Promise<boolean> => (await openWork(company.deps)).some((work) => work.agent === agent);

test("P08 negative sentiment 20 % above its baseline alerts the CEO, once a crossing", async () => {
  await company.enter("ceo");
  for (let day = 0; day < 4; day += 1) {
    await measure("negative_sentiment", "10", "twitter");
    hours(24);
  }
  await measure("negative_sentiment", "12", "twitter");
  expect(await check()).toBe(0);
  await measure("negative_sentiment", "13.5", "twitter");
  expect(await check()).toBe(1);
  expect(await check()).toBe(0);
  expect(await alerts("ceo")).toEqual(["Negative sentiment spike (> 20%): twitter"]);
  expect(await isWoken("ceo")).toBe(true);
  // It calms down and comes back within the cool-down: still one alarm; after that, a second one.
  await measure("negative_sentiment", "4", "twitter");
  expect(await check()).toBe(0);
  await measure("negative_sentiment", "40", "twitter");
  expect(await check()).toBe(0);
  hours(2);
  expect(await check()).toBe(1);
  expect(await alerts("ceo")).toHaveLength(2);
});

test("P08 a PR crisis calls the CEO and the DAO to one emergency session, though two profiles have the rule", async () => {
  const heads = { ceo: await company.enter("ceo"), dao: await company.enter("dao") };
  expect(await check()).toBe(0);
  await measure("pr_crisis", "1", "newspaper");
  const fired = await Promise.all([check(), check(), check()]);
  expect(fired.reduce((sum, each) => sum + each, 0)).toBe(1);
  const sessions = await listDecisions(company.deps);
  expect(sessions).toMatchObject([{ title: "Emergency: PR crisis, newspaper", emergency: true, type: "major", phase: "heads" }]);
  const { id, deadlineAt } = sessions[0]!;
  expect(Date.parse(deadlineAt!) - company.clock.now().getTime()).toBe(120_000);
  expect(await isWoken("dao")).toBe(true);
  for (const head of [heads.ceo, heads.dao])
    await castVote(company.deps, head, { decisionId: id, vote: "approve", reason: "act" });
  expect((await decisionView(company.deps, id)).status).toBe("approved");
  const [event] = await listEvents(company.deps, { types: ["trigger.fired"] });
  expect(event!.payload).toMatchObject({ kind: "pr_crisis", subject: "newspaper", decision: id });
});

test("P08 more approved and spent than the month's budget notifies the CFO", async () => {
  await company.enter("cfo");
  const proposal = {
    title: "All of it",
    description: "",
    type: "critical",
    kind: null,
    usd: 20_000,
    task: null,
    validUntil: null,
  } as const;
  const { id } = await propose(company.deps, "cmo", proposal);
  for (const head of ["ceo", "dao"]) {
    await castVote(company.deps, await company.enter(head), { decisionId: id, vote: "approve", reason: "yes" });
  }
  expect(await check()).toBe(0);
  const { agentId, epoch } = cmo;
  await addUsage(company.deps, { agentId, epoch, runId: null, status: 200, costMicroUsd: 12_345n });
  expect(await check()).toBe(1);
  expect(await alerts("cfo")).toEqual(["Budget overrun: 2026-03"]);
  const firings = (): Promise<{ detail: string; cleared: boolean }[]> =>
    company.deps.db.transaction(
      { companyId: company.deps.companyId },
      async (tx) =>
        (
          await sql<{
            detail: string;
            cleared: boolean;
          }>`select detail, cleared_at is not null as cleared from trigger_firings
        where kind = 'budget_overrun'`.execute(tx.queries)
        ).rows,
    );
  expect(await firings()).toEqual([
    { detail: expect.stringContaining("$0.012345 above the budget of $20000.00"), cleared: false },
  ]);
  await overrideDecision(company.deps, { id, operator: "operator", reason: "too much" });
  expect(await check()).toBe(0);
  expect(await firings()).toMatchObject([{ cleared: true }]);
});

test("P08 incidents and an agent that is given up are handed to the CTO", async () => {
  await company.enter("cto");
  await measure("incidents", "0", "website");
  expect(await check()).toBe(0);
  await measure("incidents", "2", "website");
  expect(await check()).toBe(1);
  const { epoch } = await beginIncarnation(company.deps, { agent: "cco", tokenHash: "hash" });
  const lost = { agent: "cco", epoch, reason: "quarantined after 5 failures in a row", retryAt: null, wanted: true, failures: 5 };
  await incarnationLost(company.deps, lost);
  expect(await check()).toBe(1);
  expect((await alerts("cto")).toSorted()).toEqual(["Technical issues: cco", "Technical issues: website"]);
  await restartAgent(company.deps, { agent: "cco", by: "operator" });
  await measure("incidents", "0", "website");
  expect(await check()).toBe(0);
});

test("P08 an agent that records a hundred incidents sets off five alarms, not a hundred", async () => {
  const before = (await alerts("cto")).length;
  company.clock.advance(2 * 3_600_000);
  for (let index = 0; index < 100; index += 1) await measure("incidents", "1", `server ${index}`);
  for (let tick = 0; tick < 3; tick += 1) await check();
  expect((await alerts("cto")).length - before).toBe(5);
});

test("P08 S10 an alarm on a value that no receipt states says so, in the alert and to who decides; one on a verified value does not", async () => {
  hours(3);
  const fact = { metric: "pr_crisis", value: "2", unit: "percent", period: null, entity: "radio" };
  const observedAt = company.clock.now().toISOString();
  const { id } = await recordReceipt(
    company.deps,
    cmo,
    { tool: "listen", argumentsDigest: "d", ok: true, result: {}, durationMs: 1, run: null, facts: [{ ...fact, observedAt }] },
    "k".repeat(32),
  );
  await recordMetric(company.deps, cmo, {
    name: "pr_crisis",
    value: "2",
    unit: "percent",
    entity: "radio",
    receiptId: null,
    receipts: [id],
  });
  await measure("pr_crisis", "2", "television");
  expect(await check()).toBe(2);
  const sessions = (await listDecisions(company.deps)).filter(({ title }) => /radio|television/.test(title));
  const told = new Map(sessions.map(({ title, description }) => [title.split(", ")[1], description]));
  expect(told.get("radio")).not.toContain("UNVERIFIED");
  expect(told.get("television")).toContain("UNVERIFIED: an agent says so, and no receipt states it");
});

test("P08 S10 an alarm on a value that a human has refuted, or that its agent has taken back, says that it is unverified", async () => {
  hours(3);
  const cfo = await company.enter("cfo");
  /** From a receipt of a system of its own. */
  const states = async (session: typeof cmo, source: string, value: string, entity: string) => {
    const fact = { metric: "pr_crisis", value, unit: "percent", period: null, entity };
    const facts = [{ ...fact, observedAt: company.clock.now().toISOString() }];
    const call = { tool: "listen", argumentsDigest: "d", ok: true, result: {}, durationMs: 1, run: null, facts, source };
    return (await recordReceipt(company.deps, session, call, "k".repeat(32))).id;
  };
  for (const entity of ["cinema", "theatre"]) {
    const receipts = [await states(cmo, "press", "2", entity)];
    await recordMetric(company.deps, cmo, { name: "pr_crisis", value: "2", unit: "percent", entity, receiptId: null, receipts });
    const claim = { metric: "pr_crisis", value: "3", unit: "percent", period: null, entity };
    const claims = [{ ...claim, receipts: [await states(cfo, "clippings", "3", entity)] }];
    await submitReport(company.deps, cfo, { task: null, text: "3", run: null, receiptId: null, claims });
  }
  const disputed = (await listContradictions(company.deps)).find(({ sides }) => sides[0]!.entity === "cinema")!;
  const sides = disputed.sides.map((side) => side.id);
  const settle = { holds: sides[1]!, sides, reason: "The press counts itself." };
  await settleContradiction(company.deps, { id: disputed.id, by: "@ada", settle });
  const claim = { metric: "pr_crisis", value: "3", unit: "percent", period: null, entity: "theatre" };
  const claims = [{ ...claim, receipts: [await states(cmo, "press", "3", "theatre")] }];
  await submitReport(company.deps, cmo, { task: null, text: "3", run: null, receiptId: null, claims });
  expect(await check()).toBe(2);
  const told = (await listDecisions(company.deps)).filter(({ title }) => /cinema|theatre/.test(title));
  const words = new Map(told.map(({ title, description }) => [title.split(", ")[1], description]));
  expect(words.get("cinema")).toContain(
    "UNVERIFIED: an agent says so, but: @ada has settled that 3 percent holds: The press counts",
  );
  expect(words.get("theatre")).toContain("UNVERIFIED: an agent says so, but: its agent states another value since then");
});

test("P08 S10 an alarm on a value of which the receipt states another says what it states", async () => {
  hours(25);
  await check();
  const observedAt = company.clock.now().toISOString();
  const facts = [{ metric: "pr_crisis", value: "2", unit: "percent", period: null, entity: "newspaper", observedAt }];
  const call = { tool: "listen", argumentsDigest: "d", ok: true, result: {}, durationMs: 1, run: null, facts };
  const receipts = [(await recordReceipt(company.deps, cmo, call, "k".repeat(32))).id];
  const said = { name: "pr_crisis", value: "9", unit: "percent", entity: "newspaper", receiptId: null, receipts };
  expect((await recordMetric(company.deps, cmo, said)).verified).toBe(false);
  expect(await check()).toBe(1);
  const told = (await listDecisions(company.deps)).find(({ title }) => title.includes("newspaper"))!;
  expect(told.description).toContain("UNVERIFIED: an agent says so, but: the receipt states 2 percent, not 9 percent");
});

test("P08 what a value may look like is checked before it is stored", async () => {
  await expect(measure("negative_sentiment", "1e3")).rejects.toMatchObject({ code: "AITO_METRIC_INVALID" });
  await expect(measure("negative_sentiment", "0.1234567")).rejects.toMatchObject({ code: "AITO_METRIC_INVALID" });
  await expect(measure("no such name!", "1")).rejects.toMatchObject({ code: "AITO_METRIC_INVALID" });
});
