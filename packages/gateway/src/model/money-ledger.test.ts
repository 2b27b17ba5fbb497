import { makeNewId, silentLogger, systemClock } from "@aito/base";
import type { CompanyDeps } from "@aito/company";
import type { Database } from "@aito/db";
import { afterEach, expect, test } from "vitest";
import { type CallEnd, type CallToReserve, type Held, makeMoneyLedger, type MoneyLedger } from "./money-ledger.ts";
import { aheadMicroUsdMax } from "./purse.ts";

type Row = Record<string, string | number | boolean | null>;

/** The two functions of the record over one budget: what they answer, without a database. */
function fakeRecord(capMicroUsd: number) {
  const blocks = new Map<string, { amount: number; seq: number; holder: string }>();
  const record = {
    spent: 0,
    asks: 0,
    settles: 0,
    stopped: false,
    mostAhead: 0,
    breaks: 0,
    calls: [] as Row[],
    blocks,
    poison: "",
    refusesAll: false,
  };
  const reserved = (): number => [...blocks.values()].reduce((sum, { amount }) => sum + amount, 0);
  const reserve = (ask: Row): object => {
    record.asks += 1;
    if (record.stopped && ask["checked"] !== true) return { ok: false };
    const amount = Number(ask["amount"]);
    const left = capMicroUsd - record.spent - reserved();
    if (amount > 0 && amount > left) {
      const budget = { id: "b", scope: "company", target: "", period: "day", cap: "0", spent: "0", reserved: "0", promised: "0" };
      return { ok: false, budget };
    }
    const ahead = amount + 9 * Number(ask["ahead"]) <= left ? Number(ask["ahead"]) : 0;
    record.mostAhead = Math.max(record.mostAhead, ahead);
    const into = blocks.get(ask["block"] as string);
    if (into) into.amount += amount + ahead;
    else blocks.set(ask["id"] as string, { amount: amount + ahead, seq: 0, holder: ask["holder"] as string });
    return { ok: true, block: into ? ask["block"] : ask["id"], ahead: String(ahead) };
  };
  const settle = (ended: { blocks: Row[]; calls: Row[] }): number => {
    record.settles += 1;
    // As a database does with a row that breaks one of its rules: nothing of the statement is done.
    const bad = ended.calls.filter(({ id }) => id === record.poison);
    if (bad.some(({ cost }) => cost !== null || record.refusesAll)) throw new Error("the row is refused");
    let count = 0;
    for (const { id, seq, give, close } of ended.blocks) {
      const block = blocks.get(id as string);
      if (!block || block.seq >= Number(seq)) continue;
      const own = ended.calls.filter((call) => call["block"] === id);
      const taken = own.reduce((sum, one) => sum + Math.min(Number(one["charged"] ?? one["held"]), Number(one["held"])), 0);
      const freed = close ? block.amount : taken + Number(give);
      expect(freed, "a reservation never gives more than it holds").toBeLessThanOrEqual(block.amount);
      record.spent += own.reduce((sum, one) => sum + Number(one["charged"] ?? one["held"]), 0);
      record.calls.push(...own);
      block.amount -= freed;
      block.seq = Number(seq);
      if (close) blocks.delete(id as string);
      count += 1;
    }
    return count;
  };
  const call = async (_company: string, name: string, argument: unknown): Promise<unknown> => {
    await new Promise((done) => setImmediate(done));
    const answer =
      name === "aito_reserve" ? (argument as Row[]).map(reserve) : settle(argument as { blocks: Row[]; calls: Row[] });
    expect(record.spent + reserved(), "never over the cap").toBeLessThanOrEqual(capMicroUsd);
    if (record.breaks > 0) {
      record.breaks -= 1;
      throw new Error("the answer was lost");
    }
    return answer;
  };
  return { record, reserved, call };
}

const newId = makeNewId(systemClock.now);
const opened: MoneyLedger[] = [];
afterEach(async () => {
  for (const ledger of opened.splice(0)) await ledger.close();
});

function open(capMicroUsd: number) {
  const fake = fakeRecord(capMicroUsd);
  const db = { call: fake.call, ping: async () => undefined } as unknown as Database;
  const deps = { db, companyId: "c", clock: systemClock, newId } as unknown as CompanyDeps;
  const ledger = makeMoneyLedger({ deps, holder: "g", clock: systemClock, log: silentLogger });
  opened.push(ledger);
  return { ...fake, ledger };
}

const call = (amountMicroUsd: bigint, more: Partial<CallToReserve> = {}): CallToReserve => ({
  id: newId(),
  session: "s",
  agent: "a",
  epoch: 1,
  key: null,
  run: null,
  task: null,
  action: null,
  model: "m",
  upstream: "u",
  amountMicroUsd,
  ...more,
});
const end = (micro: bigint | null): CallEnd => ({
  chargedMicroUsd: micro,
  costMicroUsd: micro,
  model: "m",
  upstream: "u",
  status: 200,
  inputTokens: 1,
  outputTokens: 1,
  cacheWriteTokens: null,
  cacheWrite1hTokens: null,
  cacheReadTokens: null,
  cut: false,
  attempts: 1,
  firstByteMs: 1,
  durationMs: 1,
});
async function held(ledger: MoneyLedger, asked: CallToReserve): Promise<Held> {
  const answer = await ledger.reserve(asked);
  if (!answer.ok) throw new Error(`refused: ${answer.why}`);
  return answer.held;
}
async function until(isDone: () => boolean, what: string): Promise<void> {
  for (let look = 0; !isDone(); look += 1) {
    if (look > 4_000) throw new Error(`not within 20 s: ${what}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

test("Y02 a call that comes alone has exactly its worst case set aside, and nothing after it", async () => {
  const { ledger, record, reserved } = open(1_000_000);
  const one = await held(ledger, call(10_000n));
  expect([record.asks, reserved(), record.mostAhead]).toEqual([1, 10_000, 0]);
  ledger.settle(one, end(3_000n));
  await until(() => record.blocks.size === 0, "the reservation has ended");
  expect([record.spent, record.calls.length]).toEqual([3_000, 1]);
});

test("Y02 a caller that calls often is asked about now and then, covered for each call, and holds nothing when it stops", async () => {
  const { ledger, record, reserved } = open(100_000_000);
  const calls = 600;
  for (let index = 0; index < calls; index += 10) {
    const some = await Promise.all(Array.from({ length: 10 }, () => held(ledger, call(9_000n))));
    expect(reserved(), "what is at the model is set aside in the record").toBeGreaterThanOrEqual(90_000);
    for (const one of some) ledger.settle(one, end(1_000n));
  }
  expect(record.asks).toBeLessThan(calls / 4);
  expect(record.mostAhead).toBeGreaterThan(0);
  expect(record.mostAhead).toBeLessThanOrEqual(Number(aheadMicroUsdMax));
  await until(() => record.blocks.size === 0, "all was given back");
  expect([record.spent, record.calls.length]).toEqual([calls * 1_000, calls]);
});

test("Y02 what is set aside ahead keeps no other caller from the last of a budget", async () => {
  const { ledger, record } = open(2_000_000);
  for (let index = 0; index < 100; index += 1) {
    const one = await held(ledger, call(9_000n));
    ledger.settle(one, end(1_000n));
  }
  const left = 2_000_000 - 100_000;
  const other = await held(ledger, call(BigInt(left), { agent: "b", session: "t" }));
  ledger.settle(other, end(0n));
  await until(() => record.calls.length === 101, "all calls are written");
});

test("S13 after a doubt the record is asked before the next call, and its no is heard", async () => {
  const { ledger, record } = open(100_000_000);
  for (let index = 0; index < 50; index += 1) ledger.settle(await held(ledger, call(9_000n)), end(1_000n));
  record.stopped = true;
  ledger.doubt();
  expect(await ledger.reserve(call(9_000n))).toEqual({ ok: false, why: "ask" });
  const checked = await held(ledger, call(9_000n, { checked: true }));
  expect(await ledger.reserve(call(9_000n)), "being checked holds for that call alone").toEqual({ ok: false, why: "ask" });
  ledger.settle(checked, end(1_000n));
});

test("F11 answers that are lost leave nothing set aside, and nothing is charged twice", async () => {
  const { ledger, record } = open(100_000_000);
  let refused = 0;
  for (let index = 0; index < 60; index += 1) {
    if (index % 10 === 5) record.breaks = 1;
    const one = await held(ledger, call(9_000n, { model: `m${index % 3}` })).catch(() => null);
    if (one) ledger.settle(one, end(1_000n));
    else refused += 1;
  }
  await until(() => record.blocks.size === 0, "all was given back");
  expect([record.calls.length, record.spent]).toEqual([60 - refused, (60 - refused) * 1_000]);
  expect(new Set(record.calls.map(({ id }) => id)).size).toBe(60 - refused);
});

test("Y02 one call that the record refuses holds up no other: it is written as unknown, or its reservation left to the sweeper", async () => {
  const { ledger, record, reserved } = open(100_000_000);
  const settled = async (poisonous: boolean): Promise<void> => {
    const some: Held[] = [];
    for (let index = 0; index < 6; index += 1)
      some.push(await held(ledger, call(9_000n, { agent: `a${index}`, session: `s${index}` })));
    const known = record.calls.length;
    if (poisonous) record.poison = some[2]!.id;
    for (const one of some) ledger.settle(one, end(1_000n));
    await until(() => record.calls.length >= known + (record.refusesAll ? 5 : 6), "the others are written");
  };
  await settled(true);
  const bad = record.calls.filter(({ id }) => id === record.poison);
  expect(bad).toMatchObject([{ cost: null, charged: null, input: null, model: null, held: "9000" }]);
  expect(record.spent).toBe(5 * 1_000 + 9_000);
  expect(reserved()).toBe(0);
  record.refusesAll = true;
  await settled(true);
  expect(record.calls.some(({ id }) => id === record.poison)).toBe(false);
  // What it holds stays set aside, as nobody renews it the sweeper charges it; and life goes on.
  await until(() => reserved() === 9_000, "only its reservation is left");
  await settled(false);
  expect(reserved()).toBe(9_000);
});
