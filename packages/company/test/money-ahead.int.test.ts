import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AgentSession,
  type EndedCall,
  registerFleet,
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
  const base = testFleet();
  const budgets = { ...base.file.budgets, company: { total: 1 }, agents: { cmo: { day: 0.5 } } };
  await registerFleet(company.deps, { ...base, file: { ...base.file, budgets } });
});
afterAll(() => company.close());

const ask = (amountMicroUsd: bigint, more: Partial<ReserveCall> = {}): ReserveCall => ({
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
const ended = (block: string, heldMicroUsd: bigint, costMicroUsd: bigint | null): EndedCall => ({
  id: company.deps.newId(),
  block,
  heldMicroUsd,
  startedAt: company.clock.now(),
  chargedMicroUsd: costMicroUsd,
  costMicroUsd,
  model: null,
  upstream: null,
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
});
const part = (id: string, seq: number, giveMicroUsd = 0n, close = false) => ({ id, seq, giveMicroUsd, close });
const read = async (table: string) =>
  await company.deps.db.transaction({ companyId: company.deps.companyId }, (tx) =>
    tx.queries.selectFrom(table).selectAll().execute(),
  );
/** Of the company's one window: spent, set aside. */
async function ofCompany(): Promise<[bigint, bigint]> {
  const budget = (await read("budgets")).find((row) => row["scope"] === "company" && row["ended_at"] === null)!;
  const window = (await read("budget_windows")).find((row) => row["budget_id"] === budget["id"])!;
  return [window["spent_micro_usd"] as bigint, window["reserved_micro_usd"] as bigint];
}

test("Y02 a reservation grows for its caller, is settled call by call, gives back, and a settlement that is sent twice counts once", async () => {
  const { deps } = company;
  const first = ask(10_000n, { aheadMicroUsd: 20_000n });
  expect(await reserveCalls(deps, "g", [first])).toEqual([{ ok: true, block: first.id, aheadMicroUsd: 20_000n }]);
  const grow = ask(5_000n, { block: first.id });
  const other = ask(5_000n, { block: first.id });
  expect(await reserveCalls(deps, "g", [grow, other])).toEqual([
    { ok: true, block: first.id, aheadMicroUsd: 0n },
    { ok: true, block: first.id, aheadMicroUsd: 0n },
  ]);
  expect(await ofCompany()).toEqual([0n, 40_000n]);
  const foreign = ask(1_000n, { block: first.id });
  expect(await reserveCalls(deps, "another", [foreign])).toMatchObject([{ ok: true, block: foreign.id }]);
  await settleCalls(deps, [part(foreign.id, 1, 0n, true)], []);
  const calls = [ended(first.id, 10_000n, 3_000n), ended(first.id, 5_000n, null)];
  for (let sent = 0; sent < 2; sent += 1) {
    expect(await settleCalls(deps, [part(first.id, 1, 15_000n)], calls)).toBe(1 - sent);
    expect(await ofCompany()).toEqual([8_000n, 17_000n]);
  }
  const last = ended(first.id, 5_000n, 9_000n);
  await settleCalls(deps, [part(first.id, 2, 0n, true)], [last]);
  await settleCalls(deps, [part(first.id, 2, 0n, true)], [last]);
  expect(await ofCompany()).toEqual([17_000n, 0n]);
  expect(await read("reservations")).toEqual([]);
  expect((await read("usage")).map((row) => row["charged_micro_usd"] as bigint).toSorted((a, b) => Number(a - b))).toEqual([
    3_000n,
    5_000n,
    9_000n,
  ]);
});

test("Y02 nothing is set aside ahead where a budget has not eight times as much left, and calls that fit are let through", async () => {
  const { deps } = company;
  const [spent] = await ofCompany();
  const left = 500_000n - spent;
  const near = ask(left - 90_000n, { aheadMicroUsd: 10_001n });
  expect(await reserveCalls(deps, "g", [near])).toEqual([{ ok: true, block: near.id, aheadMicroUsd: 0n }]);
  const fits = ask(90_000n, { block: near.id, aheadMicroUsd: 1n });
  expect(await reserveCalls(deps, "g", [ask(90_001n), fits, ask(1n)])).toMatchObject([
    { ok: false, why: "budget", budget: { scope: "agent", target: "cmo" } },
    { ok: true, block: near.id, aheadMicroUsd: 0n },
    { ok: false, why: "budget" },
  ]);
  await settleCalls(deps, [part(near.id, 1, 0n, true)], []);
  expect(await ofCompany()).toEqual([spent, 0n]);
});

test("S12 what is asked for after midnight goes into a reservation of the new day", async () => {
  const { deps } = company;
  const before = ask(1_000n);
  await reserveCalls(deps, "g", [before]);
  company.clock.advance(24 * 3_600_000);
  const after = ask(1_000n, { block: before.id });
  expect(await reserveCalls(deps, "g", [after])).toMatchObject([{ ok: true, block: after.id }]);
  await settleCalls(deps, [part(before.id, 1, 0n, true), part(after.id, 1, 0n, true)], []);
});

test("F11 of a gateway that died all that it held is charged, once, and shown as one call of unknown cost", async () => {
  const { deps } = company;
  const [spent] = await ofCompany();
  const held = ask(4_000n, { aheadMicroUsd: 6_000n });
  await reserveCalls(deps, "gone", [held]);
  await settleCalls(deps, [part(held.id, 1)], [ended(held.id, 1_000n, 500n)]);
  company.clock.advance(31_000);
  expect([await sweepReservations(deps), await sweepReservations(deps)]).toEqual([1, 0]);
  expect(await ofCompany()).toEqual([spent + 10_000n, 0n]);
  const unknown = async () => (await read("usage")).filter((row) => row["swept"] === true);
  expect(await unknown()).toMatchObject([{ id: held.id, cost_micro_usd: null, charged_micro_usd: 9_500n, status: 598 }]);
  // It was only slow: its calls get their rows, and when it has no more nothing is unknown.
  await settleCalls(deps, [part(held.id, 2)], [ended(held.id, 3_000n, 700n)]);
  await settleCalls(deps, [part(held.id, 3, 0n, true)], []);
  expect(await ofCompany()).toEqual([spent + 10_000n, 0n]);
  const rows = (await unknown()).map((row) => [row["cost_micro_usd"] as bigint, row["charged_micro_usd"] as bigint] as const);
  expect(rows.toSorted(([a], [b]) => Number(a - b))).toEqual([
    [0n, 9_500n],
    [700n, 0n],
  ]);
});
