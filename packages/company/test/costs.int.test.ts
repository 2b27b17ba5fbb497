import { afterAll, beforeAll, expect, test } from "vitest";
import {
  answerStatusRequests,
  checkAnomalies,
  costForecast,
  createTask,
  listBudgets,
  listCalls,
  listCosts,
  listMessages,
  listSuccess,
  openStatusQuery,
  registerFleet,
  reserveCalls,
  settleCalls,
  tellBudgets,
  transact,
} from "../src/index.ts";
import { openCompany, type TestCompany, testFleet } from "./open-company.ts";

let company: TestCompany;
beforeAll(async () => {
  company = await openCompany();
  const fleet = testFleet();
  fleet.file.clients = { shop: { name: "A shop" } };
  fleet.file.budgets = { ...fleet.file.budgets, agents: { cto: { day: 1 } } };
  await registerFleet(company.deps, fleet);
});
afterAll(() => company.close());

interface Spent {
  agent: string;
  micro: bigint | null;
  task?: string;
  action?: string;
  status?: number;
  durationMs?: number;
}

async function spend({ agent, micro, task, action, status = 200, durationMs = 100 }: Spent): Promise<string> {
  const { deps } = company;
  const { agentId, epoch } = await agentOf(agent);
  const id = deps.newId();
  const who = { session: null, agent: agentId, epoch, key: null, run: null, task: task ?? null, action: action ?? null };
  const call = {
    id: deps.newId(),
    ...who,
    model: "claude-sonnet-5-5",
    upstream: "anthropic",
    amountMicroUsd: (micro ?? 500n) + 100n,
  };
  expect(await reserveCalls(deps, "g", [call])).toMatchObject([{ ok: true }]);
  const tokens = { inputTokens: 10, outputTokens: 5, cacheWriteTokens: 0, cacheWrite1hTokens: 0, cacheReadTokens: 0 };
  const how = { cut: false, attempts: 1, firstByteMs: 1, durationMs, startedAt: deps.clock.now() };
  const cost = { chargedMicroUsd: micro, costMicroUsd: micro, model: "claude-sonnet-5-5", upstream: "anthropic" };
  const held = { id, block: call.id, heldMicroUsd: call.amountMicroUsd };
  await settleCalls(
    deps,
    [{ id: call.id, seq: 1, giveMicroUsd: 0n, close: true }],
    [{ ...held, ...cost, status, ...tokens, ...how }],
  );
  return id;
}
const agentOf = async (name: string): Promise<{ agentId: string; epoch: number }> => {
  const rows = await transact(company.deps, (unit) =>
    unit.queries.selectFrom("agents").select(["id", "epoch"]).where("name", "=", name).execute(),
  );
  return { agentId: rows[0]!["id"] as string, epoch: rows[0]!["epoch"] as number };
};
const named = async (by: Parameters<typeof listCosts>[1]["by"]) =>
  Object.fromEntries((await listCosts(company.deps, { by })).map((row) => [row.name, row]));

test("B01 costs by every cut: a worker's roll up to who started it and to the task above, and unknown is said", async () => {
  const { deps } = company;
  const cmo = await company.enter("cmo");
  const top = await createTask(deps, cmo, { title: "Campaign" });
  const below = await createTask(deps, cmo, { title: "Write it", parentTaskId: top.id, workerType: "content-writer" });
  const worker = below.workerAgent!;
  await spend({ agent: "cmo", micro: 1_000n, task: top.id, action: "task" });
  await spend({ agent: worker, micro: 200n, task: below.id, action: "task" });
  await spend({ agent: "cto", micro: null, action: "vote" });
  const byAgent = await named("agent");
  expect(byAgent["cmo"]).toMatchObject({ calls: 2, costMicroUsd: "1200", unknownCalls: 0, inputTokens: "20" });
  expect(byAgent["cto"]).toMatchObject({ calls: 1, costMicroUsd: null, unknownCalls: 1, chargedMicroUsd: "600" });
  expect(await named("worker")).toMatchObject({ [worker]: { costMicroUsd: "200" }, cmo: { costMicroUsd: "1000" } });
  expect(await named("task")).toMatchObject({ [top.id]: { costMicroUsd: "1200" }, null: { calls: 1 } });
  expect(await named("department")).toMatchObject({ CMO: { calls: 2 } });
  expect(await named("action")).toMatchObject({ task: { calls: 2 }, vote: { calls: 1 } });
  expect(await named("model")).toMatchObject({ "claude-sonnet-5-5": { calls: 3 } });
  expect(await named("epoch")).toMatchObject({ "cmo #1": { calls: 1 } });
  expect(await named("day")).toMatchObject({ "2026-03-02": { calls: 3 } });
  expect(await named("key")).toEqual({});
  for (const by of ["run", "client", "upstream"] as const) expect((await listCosts(deps, { by })).length).toBe(1);
});

test("B02 success and failure by agent, tool and kind of task", async () => {
  expect(await listSuccess(company.deps, { by: "agent" })).toEqual([]);
  await transact(company.deps, async (unit) => {
    await unit.queries.updateTable("tasks").set({ status: "failed" }).where("worker_type", "=", "content-writer").execute();
  });
  expect(await listSuccess(company.deps, { by: "task" })).toEqual([{ name: "content-writer", succeeded: 0, failed: 1 }]);
  expect(await listSuccess(company.deps, { by: "tool" })).toEqual([]);
});

const alertsTo = async (agent: string) =>
  (await listMessages(company.deps, { limit: 50 }))
    .filter((message) => message.to === agent && message.type === "alert")
    .map((message) => (message.payload as { title: string }).title)
    .toReversed();

test("S19 the soft share and the stop of a budget are told to the CFO once each, and the operator is told of the stop", async () => {
  expect(await tellBudgets(company.deps)).toBe(0);
  await spend({ agent: "cto", micro: 850_000n });
  expect(await tellBudgets(company.deps)).toBe(1);
  expect(await tellBudgets(company.deps)).toBe(0);
  const { agentId, epoch } = await agentOf("cto");
  const who = { session: null, agent: agentId, epoch, key: null, run: null, task: null, action: null };
  const refused = await reserveCalls(company.deps, "g", [
    { id: company.deps.newId(), ...who, model: "m", upstream: "u", amountMicroUsd: 200_000n },
  ]);
  expect(refused).toMatchObject([{ ok: false, why: "budget" }]);
  expect(await tellBudgets(company.deps)).toBe(1);
  expect(await tellBudgets(company.deps)).toBe(0);
  expect(await alertsTo("cfo")).toEqual(["Budget of agent cto: 80 % is reached", "Budget of agent cto: calls are refused"]);
  const open = () =>
    transact(company.deps, (unit) =>
      unit.queries.selectFrom("alerts").select(["subject"]).where("closed_at", "is", null).execute(),
    );
  expect(await open()).toMatchObject([{ subject: expect.stringContaining("agent cto day") }]);
  expect((await listBudgets(company.deps)).find((row) => row.target === "cto")).toMatchObject({
    spentMicroUsd: "850600",
    refusedAt: expect.any(String),
  });
  company.clock.advance(86_400_000);
  await tellBudgets(company.deps);
  expect(await open()).toEqual([]);
});

test("B04 what is far off an agent's own history is told to the CFO once while it lasts", async () => {
  for (let hour = 0; hour < 12; hour += 1) {
    await spend({ agent: "coo", micro: 20_000n + BigInt(hour * 100), durationMs: 1_000 });
    company.clock.advance(3_600_000);
  }
  expect(await checkAnomalies(company.deps)).toBe(0);
  await spend({ agent: "coo", micro: 900_000n, durationMs: 1_000 });
  company.clock.advance(60_000);
  expect(await checkAnomalies(company.deps)).toBe(1);
  expect(await checkAnomalies(company.deps)).toBe(0);
  expect((await alertsTo("cfo")).at(-1)).toBe("Unusual cost of coo");
  company.clock.advance(3_600_000);
  expect(await checkAnomalies(company.deps)).toBe(0);
  await spend({ agent: "coo", micro: 900_000n, durationMs: 1_000 });
  company.clock.advance(60_000);
  expect(await checkAnomalies(company.deps)).toBe(1);
});

const alerts = () =>
  transact(company.deps, (unit) =>
    unit.queries
      .selectFrom("alerts")
      .select(["kind", "subject", "closed_at"])
      .where("kind", "=", "anomaly")
      .orderBy("opened_at")
      .execute(),
  );

test("B04 failures and latency far off an agent's own history are told to the CFO and the operator, and over when they are", async () => {
  for (let hour = 0; hour < 12; hour += 1) {
    for (let call = 0; call < 4; call += 1) await spend({ agent: "cco", micro: 20_000n, durationMs: 900 + call * 50 });
    company.clock.advance(3_600_000);
  }
  await checkAnomalies(company.deps);
  for (let call = 0; call < 4; call += 1) await spend({ agent: "cco", micro: 5_000n, status: 529, durationMs: 30_000 });
  company.clock.advance(60_000);
  expect(await checkAnomalies(company.deps)).toBe(2);
  expect((await alertsTo("cfo")).slice(-2)).toEqual(["Unusual failures of cco", "Unusual latency of cco"]);
  const open = (await alerts()).filter((row) => row["closed_at"] === null).map((row) => String(row["subject"]));
  expect(open.toSorted()).toEqual(["cco failures", "cco latency"]);
  company.clock.advance(2 * 3_600_000);
  expect(await checkAnomalies(company.deps)).toBe(0);
  expect((await alerts()).filter((row) => row["closed_at"] === null)).toEqual([]);
});

test("B04 an agent that is silent for far longer than it ever is, is told to the CFO and the operator", async () => {
  const { deps, clock } = company;
  await company.enter("coo");
  const { agentId, epoch } = await agentOf("coo");
  for (let run = 0; run < 12; run += 1) {
    const at = { status: "done", reasons: "[]", started_at: clock.now(), company_id: deps.companyId };
    await transact(deps, (unit) =>
      unit.queries
        .insertInto("runs")
        .values({ id: deps.newId(), agent_id: agentId, epoch, ...at })
        .execute(),
    );
    clock.advance(3_600_000);
  }
  expect(await checkAnomalies(deps)).toBe(0);
  clock.advance(8 * 3_600_000);
  expect(await checkAnomalies(deps)).toBe(1);
  expect((await alertsTo("cfo")).at(-1)).toBe("Unusual silence of coo");
  expect((await alerts()).at(-1)).toMatchObject({ subject: "coo silence", closed_at: null });
});

test("B06 the CFO's status says what model calls cost within a day, and of how many that is not known; nobody else's does", async () => {
  const { deps, clock } = company;
  await company.enter("cfo");
  await company.enter("cmo");
  clock.advance(2 * 86_400_000);
  await spend({ agent: "cmo", micro: 1_250_000n });
  await spend({ agent: "cmo", micro: null });
  expect(await openStatusQuery(deps)).not.toBeNull();
  await answerStatusRequests(deps);
  const metrics = Object.fromEntries(
    (await listMessages(deps, { limit: 50 }))
      .filter((message) => message.type === "status_response")
      .map((message) => [message.from, (message.payload as { metrics: Record<string, number> }).metrics]),
  );
  expect(metrics["cfo"]).toMatchObject({ model_usd_24h: 1.25, model_calls_of_unknown_cost_24h: 1 });
  expect(metrics["cmo"]).not.toHaveProperty("model_usd_24h");
});

test("B01 a day is the company's own: what was called after midnight there is the next day's, also where a span begins and ends within a day", async () => {
  const { deps, clock } = company;
  const fleet = testFleet();
  fleet.file.budgets = { ...fleet.file.budgets, timeZone: "Asia/Tokyo" };
  await registerFleet(deps, fleet);
  const noon = clock.now();
  const days = async (span: { since?: Date; until?: Date } = {}) =>
    Object.fromEntries((await listCosts(deps, { by: "day", ...span })).map(({ name, calls }) => [name, calls]));
  const before = await days();
  // 23:59:59 and 00:00:00 in Tokyo, nine hours ahead.
  const midnight = Date.UTC(noon.getUTCFullYear(), noon.getUTCMonth(), noon.getUTCDate() + 3, 15);
  clock.advance(midnight - 1_000 - noon.getTime());
  await spend({ agent: "cmo", micro: 10n });
  clock.advance(1_000);
  const split = clock.now();
  await spend({ agent: "cmo", micro: 10n });
  const [day, next] = [0, 86_400_000].map((ms) => new Date(midnight - 43_200_000 + ms).toISOString().slice(0, 10)) as [
    string,
    string,
  ];
  expect(await days()).toEqual({ ...before, [day]: 1, [next]: 1 });
  expect(await days({ since: split })).toEqual({ [next]: 1 });
  expect(await days({ since: new Date(split.getTime() - 1_000), until: split })).toEqual({ [day]: 1 });
  expect(await days({ since: new Date(split.getTime() + 1) })).toEqual({});
  // A day as an edge is the company's too, whatever the cut: its midnight is not that of UTC.
  const calls = async (span: { since?: string; until?: string }) =>
    Object.fromEntries((await listCosts(deps, { by: "agent", ...span })).map((row) => [row.name, row.calls]));
  expect([await calls({ since: day }), await calls({ since: next })]).toEqual([{ cmo: 2 }, { cmo: 1 }]);
  expect(await calls({ since: day, until: next })).toEqual({ cmo: 1 });
  expect(await costForecast(deps)).toMatchObject({ today: next, timeZone: "Asia/Tokyo" });
});

test("B01 each sum of a cut leads to exactly the calls that it is made of, of the same time", async () => {
  const { deps, clock } = company;
  const cmo = await company.enter("cmo");
  const top = await createTask(deps, cmo, { title: "Campaign for a shop", client: "shop" });
  const below = await createTask(deps, cmo, { title: "Draw it", parentTaskId: top.id, workerType: "content-writer" });
  clock.advance(60_000);
  const since = clock.now();
  await spend({ agent: "cmo", micro: 1_000n, task: top.id });
  await spend({ agent: below.workerAgent!, micro: 200n, task: below.id });
  await spend({ agent: "cfo", micro: 300n });
  const found: Record<string, number> = {};
  for (const by of ["agent", "task", "client", "department", "model", "key"] as const) {
    for (const { name, calls } of await listCosts(deps, { by, since })) {
      if (name === null) continue;
      const led = await listCalls(deps, { [by]: name, since, limit: 100 });
      expect([by, name, led.length]).toEqual([by, name, calls]);
      found[by] = (found[by] ?? 0) + calls;
    }
  }
  expect(found).toEqual({ agent: 3, task: 2, client: 2, department: 3, model: 3 });
  expect(await listCalls(deps, { task: below.id, limit: 100 })).toHaveLength(1);
  expect(await listCalls(deps, { key: "laptop", limit: 100 })).toEqual([]);
  expect((await listCalls(deps, { limit: 100 })).length).toBeGreaterThan(3);
});
