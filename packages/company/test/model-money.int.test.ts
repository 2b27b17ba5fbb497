import { Proposal } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AgentSession,
  createTask,
  type EndedCall,
  propose,
  registerFleet,
  renewReservations,
  reserveCalls,
  type ReserveCall,
  settleCalls,
  sweepReservations,
} from "../src/index.ts";
import { openCompany, type TestCompany, testFleet } from "./open-company.ts";

let company: TestCompany;
let cmo: AgentSession;
beforeAll(async () => {
  company = await openCompany();
  cmo = await company.enter("cmo");
});
afterAll(() => company.close());

const call = (amountMicroUsd: bigint, more: Partial<ReserveCall> = {}): ReserveCall => ({
  id: company.deps.newId(),
  session: null,
  agent: cmo.agentId,
  epoch: cmo.epoch,
  key: null,
  run: null,
  task: null,
  action: null,
  model: "claude-sonnet-5-5",
  upstream: "anthropic",
  amountMicroUsd,
  ...more,
});
const ended = (of: ReserveCall, costMicroUsd: bigint | null, more: Partial<EndedCall> = {}): EndedCall => ({
  id: company.deps.newId(),
  block: of.id,
  heldMicroUsd: of.amountMicroUsd,
  startedAt: company.clock.now(),
  chargedMicroUsd: costMicroUsd,
  costMicroUsd,
  model: "claude-sonnet-5-5",
  upstream: "anthropic",
  status: 200,
  inputTokens: 1,
  outputTokens: 1,
  cacheWriteTokens: null,
  cacheWrite1hTokens: null,
  cacheReadTokens: null,
  cut: false,
  attempts: 1,
  firstByteMs: 1,
  durationMs: 2,
  ...more,
});
/** Each call with a reservation of its own, which it ends. */
const settle = (...calls: EndedCall[]): Promise<number> =>
  settleCalls(
    company.deps,
    calls.map(({ block }) => ({ id: block, seq: 1, giveMicroUsd: 0n, close: true })),
    calls,
  );
const granted = { ok: true, block: expect.any(String), aheadMicroUsd: 0n };
const budgets = async (fleet: object): Promise<void> => {
  const base = testFleet();
  await registerFleet(company.deps, { ...base, file: { ...base.file, budgets: { ...base.file.budgets, ...fleet } } });
};
const windows = () =>
  company.deps.db.transaction({ companyId: company.deps.companyId }, (tx) =>
    tx.queries
      .selectFrom("budget_windows")
      .innerJoin("budgets", "budgets.id", "budget_windows.budget_id")
      .select(["scope", "target", "period", "starts_at", "spent_micro_usd", "reserved_micro_usd"])
      .orderBy("scope")
      .orderBy("starts_at")
      .execute(),
  );
const sums = async (scope: string) =>
  (await windows()).filter((row) => row["scope"] === scope).map((row) => [row["spent_micro_usd"], row["reserved_micro_usd"]]);

test("Y02 the worst case is set aside in every enclosing budget, and the narrowest that has too little refuses", async () => {
  await budgets({ company: { month: 1 }, departments: { CMO: { day: 0.5 } }, agents: { cmo: { total: 0.2 } } });
  const first = call(150_000n);
  expect(await reserveCalls(company.deps, "g1", [first, call(60_000n), call(50_000n)])).toEqual([
    { ok: true, block: first.id, aheadMicroUsd: 0n },
    {
      ok: false,
      why: "budget",
      budget: expect.objectContaining({ scope: "agent", target: "cmo", capMicroUsd: 200_000n, reservedMicroUsd: 150_000n }),
    },
    granted,
  ]);
  expect(await sums("company")).toEqual([[0n, 200_000n]]);
  expect(await sums("department")).toEqual([[0n, 200_000n]]);
  expect(await settle(ended(first, 40_000n))).toBe(1);
  expect(await sums("agent")).toEqual([[40_000n, 50_000n]]);
  expect(await settle(ended(first, 40_000n))).toBe(0);
  expect(await sums("company")).toEqual([[40_000n, 50_000n]]);
});

test("F11 a call whose gateway is gone is settled by the sweeper: all that was set aside is charged, its cost is unknown", async () => {
  const held = call(10_000n);
  const lost = call(20_000n);
  await reserveCalls(company.deps, "alive", [held]);
  await reserveCalls(company.deps, "gone", [lost]);
  expect(await sweepReservations(company.deps)).toBe(0);
  company.clock.advance(20_000);
  await renewReservations(company.deps, "alive", [held.id]);
  company.clock.advance(15_000);
  // The other two tests' leftover of g1 runs out as well.
  expect(await sweepReservations(company.deps)).toBe(2);
  const rows = await company.deps.db.transaction({ companyId: company.deps.companyId }, (tx) =>
    tx.queries.selectFrom("usage").selectAll().where("id", "=", lost.id).execute(),
  );
  expect(rows).toMatchObject([{ cost_micro_usd: null, charged_micro_usd: 20_000n, swept: true, input_tokens: null }]);
  expect(await sums("agent")).toEqual([[40_000n + 50_000n + 20_000n, 10_000n]]);
  // It was not gone but slow: what it says now is written down, and nothing is charged twice.
  await settle(ended(lost, 5_000n), ended(held, 0n));
  const late = await company.deps.db.transaction({ companyId: company.deps.companyId }, (tx) =>
    tx.queries.selectFrom("usage").selectAll().where("swept", "=", true).orderBy("charged_micro_usd").execute(),
  );
  expect(late).toMatchObject([
    { cost_micro_usd: 5_000n, charged_micro_usd: 0n, input_tokens: 1 },
    { cost_micro_usd: 0n, charged_micro_usd: 20_000n, id: lost.id },
    { cost_micro_usd: null, charged_micro_usd: 50_000n },
  ]);
  expect(await sums("agent")).toEqual([[110_000n, 0n]]);
});

test("S12 a day ends at midnight of the fleet's time zone, and a call is settled in the window that it was taken from", async () => {
  await budgets({ timeZone: "Asia/Tokyo", agents: { cto: { day: 1 } } });
  const cto = await company.enter("cto");
  const at = { agent: cto.agentId, epoch: cto.epoch };
  const late = call(900_000n, at);
  expect(await reserveCalls(company.deps, "g1", [late])).toEqual([granted]);
  expect(await reserveCalls(company.deps, "g1", [call(900_000n, at)])).toMatchObject([{ ok: false }]);
  const midnight = new Date("2026-03-02T15:00:00.000Z").getTime();
  company.clock.advance(midnight - company.clock.now().getTime());
  expect(await reserveCalls(company.deps, "g1", [call(900_000n, at)])).toEqual([granted]);
  await settle(ended(late, 1_000n));
  const ofCto = (await windows()).filter((row) => row["target"] === "cto");
  expect(ofCto).toMatchObject([
    { starts_at: new Date("2026-03-01T15:00:00.000Z"), spent_micro_usd: 1_000n, reserved_micro_usd: 0n },
    { starts_at: new Date("2026-03-02T15:00:00.000Z"), spent_micro_usd: 0n, reserved_micro_usd: 900_000n },
  ]);
});

test("Y02 a task's approved amount holds its calls and those of the tasks below it, beside what was promised from it", async () => {
  const { deps } = company;
  const proposal = Proposal.parse({ title: "A survey", type: "minor", usd: 0.5, task: { title: "Ask them" } });
  const decision = await propose(deps, "cmo", proposal);
  const below = await createTask(deps, cmo, { title: "Part", parentTaskId: decision.taskId! });
  const part = await createTask(deps, cmo, { title: "Paid part", parentTaskId: decision.taskId!, budgetMicroUsd: 300_000n });
  const answers = await reserveCalls(deps, "g1", [call(150_000n, { task: below.id }), call(60_000n, { task: below.id })]);
  expect(answers).toMatchObject([granted, { ok: false, budget: { scope: "task", promisedMicroUsd: 300_000n } }]);
  await expect(
    createTask(deps, cmo, { title: "More", parentTaskId: decision.taskId!, budgetMicroUsd: 60_000n }),
  ).rejects.toMatchObject({
    code: "AITO_TASK_BUDGET",
  });
  expect(part.budgetMicroUsd).toBe("300000");
});

test("Y06 a session that is not the agent's current one is refused with the reservation", async () => {
  expect(await reserveCalls(company.deps, "g1", [call(1n, { session: "no-such-hash" })])).toEqual([{ ok: false, why: "ask" }]);
});
