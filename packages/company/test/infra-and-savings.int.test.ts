import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  attachContainer,
  costForecast,
  createTask,
  incarnationLost,
  infraCosts,
  listEvents,
  listIdeas,
  listSavings,
  registerFleet,
  suggestSaving,
  suggestSavings,
  transact,
} from "../src/index.ts";
import { openCompany, type TestCompany, testFleet } from "./open-company.ts";

const hour = 3_600_000;
let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
  const fleet = testFleet();
  fleet.file.infra = { containerHourUsd: 0.012 };
  await registerFleet(company.deps, fleet);
});
afterEach(() => company.close());

const begin = async (agent: string): Promise<number> => {
  const { epoch } = await company.enter(agent);
  expect(await attachContainer(company.deps, { agent, epoch, containerId: `container ${agent} ${epoch}` })).toBe(true);
  return epoch;
};
const end = (agent: string, epoch: number): Promise<void> =>
  incarnationLost(company.deps, { agent, epoch, reason: "over", retryAt: null, failures: 0, wanted: false });
const rows = async (by: Parameters<typeof infraCosts>[1]["by"], more: object = {}) =>
  Object.fromEntries(
    (await infraCosts(company.deps, { by, ...more })).items.map((row) => [row.name, [row.containers, row.seconds, row.microUsd]]),
  );

test("C09 containers are counted from when they began until they ended, at the operator's price, by every cut", async () => {
  const { deps, clock } = company;
  const cmo = await company.enter("cmo");
  const top = await createTask(deps, cmo, { title: "Campaign" });
  const below = await createTask(deps, cmo, { title: "Write it", parentTaskId: top.id, workerType: "content-writer" });
  await attachContainer(deps, { agent: "cmo", epoch: cmo.epoch, containerId: "first" });
  clock.advance(hour);
  const worker = await begin(below.workerAgent!);
  clock.advance(hour / 2);
  await end("cmo", cmo.epoch);
  // A second that began stands on; the one that ended counts no more.
  const again = await begin("cmo");
  clock.advance(hour);
  await end(below.workerAgent!, worker);
  clock.advance(hour);
  // cmo stood 1.5 and 2 hours, its worker 1.5.
  expect(await rows("agent")).toEqual({ cmo: [3, 18_000, "60000"] });
  expect(await rows("department")).toEqual({ CMO: [3, 18_000, "60000"] });
  expect(await rows("task")).toEqual({ [top.id]: [1, 5_400, "18000"], null: [2, 12_600, "42000"] });
  const now = clock.now();
  expect(await rows("agent", { since: new Date(now.getTime() - hour) })).toEqual({ cmo: [1, 3_600, "12000"] });
  expect(await rows("agent", { until: new Date(now.getTime() - 3 * hour) })).toEqual({ cmo: [1, 1_800, "6000"] });
  const whole = await infraCosts(deps, { by: "agent" });
  expect(whole.total).toEqual({ containers: 3, seconds: 18_000, microUsd: "60000" });
  await end("cmo", again);
  clock.advance(hour);
  expect(await rows("agent")).toEqual({ cmo: [3, 18_000, "60000"] });
});

test("C09 a container that stands over midnight is paid for on both days, and the month is estimated with the models'", async () => {
  const { deps, clock } = company;
  const epoch = await begin("cto");
  clock.advance(36 * hour);
  // From 09:00: 15 hours of the first day, 21 of the second.
  expect(await rows("day")).toEqual({ "2026-03-03": [1, 75_600, "252000"], "2026-03-02": [1, 54_000, "180000"] });
  const forecast = await costForecast(deps);
  expect(forecast).toMatchObject({
    soFarMicroUsd: "0",
    infra: { soFarMicroUsd: "432000", monthMicroUsd: String(432_000 + 180_000 * 28) },
    together: { soFarMicroUsd: "432000", monthMicroUsd: String(432_000 + 180_000 * 28) },
  });
  await end("cto", epoch);
});

test("C09 a day that is asked for begins at midnight in the time zone of the budgets, where UTC is nine hours behind", async () => {
  const { deps, clock } = company;
  const fleet = testFleet();
  fleet.file.budgets = { ...fleet.file.budgets, timeZone: "Asia/Tokyo" };
  await registerFleet(deps, fleet);
  const epoch = await begin("cto");
  clock.advance(36 * hour);
  // It began at 18:00 there, on the second; now it is six in the morning of the fourth.
  const of = async (span: object) => (await rows("agent", span))["cto"]?.[1];
  expect(await of({ since: "2026-03-02" })).toBe(36 * 3_600);
  expect(await of({ since: "2026-03-03" })).toBe(30 * 3_600);
  expect(await of({ since: "2026-03-03", until: "2026-03-04" })).toBe(24 * 3_600);
  await end("cto", epoch);
});

test("C09 without a price the time is told and no money; a stale epoch's container is none", async () => {
  const { deps, clock } = company;
  await registerFleet(deps, testFleet());
  const epoch = await begin("cto");
  expect(await attachContainer(deps, { agent: "cto", epoch: epoch - 1, containerId: "of the dead" })).toBe(false);
  clock.advance(hour);
  expect(await rows("agent")).toEqual({ cto: [1, 3_600, null] });
  expect(await costForecast(deps)).toMatchObject({ infra: null, together: { soFarMicroUsd: "0" } });
});

test("C09 what could be saved becomes an idea of who keeps the money, once and not again within the month", async () => {
  const { deps, clock } = company;
  const fleet = testFleet();
  fleet.file.infra = { containerHourUsd: 0.5 };
  await registerFleet(deps, fleet);
  expect(await suggestSavings(deps)).toBe(0);
  await begin("cto");
  clock.advance(7 * 24 * hour);
  expect((await listSavings(deps)).items).toMatchObject([
    { kind: "idle-container", subject: "cto", monthMicroUsd: "360000000", idea: null },
  ]);
  const [first, second] = await Promise.all([suggestSavings(deps), suggestSavings(deps)]);
  expect(first + second).toBe(1);
  const ideas = await listIdeas(deps);
  expect(ideas).toMatchObject([{ agent: "cfo", kind: "saving", status: "kept", title: "Stop cto while nothing is for it" }]);
  expect((await listSavings(deps)).items).toMatchObject([{ idea: { id: ideas[0]!.id, status: "kept" } }]);
  clock.advance(24 * hour);
  expect(await suggestSavings(deps)).toBe(0);
  await expect(suggestSaving(deps, { kind: "idle-container", subject: "cto" })).rejects.toMatchObject({
    code: "AITO_SAVING_SUGGESTED",
  });
  await expect(suggestSaving(deps, { kind: "idle-loop", subject: "cto" })).rejects.toMatchObject({ code: "AITO_SAVING_UNKNOWN" });
  clock.advance(31 * 24 * hour);
  expect(await suggestSavings(deps)).toBe(1);
  const told = await listEvents(deps, { limit: 20, types: ["idea.kept"] });
  expect(told).toHaveLength(2);
});

test("C09 the queries read what runs, calls and recordings say", async () => {
  const { deps, clock } = company;
  const { agentId, epoch } = await company.enter("cto");
  const cheap = await company.enter("cco");
  await transact(deps, async (unit) => {
    for (const letter of ["a", "b"])
      await sql`insert into recording_texts (company_id, sha256, gzip, stored_bytes, created_at)
        values (${deps.companyId}, ${letter.repeat(64)}, '', 0, ${unit.now})`.execute(unit.queries);
    for (let number = 0; number < 30; number += 1) {
      const run = unit.newId();
      await sql`insert into runs (id, company_id, agent_id, epoch, reasons, status, started_at, ended_at)
        values (${run}, ${deps.companyId}, ${agentId}, ${epoch}, '[]', 'nothing_new', ${unit.now}, ${unit.now})`.execute(
        unit.queries,
      );
      for (const [agent, model, cost] of [
        [agentId, "claude-sonnet-5-5", 100_000],
        [cheap.agentId, "claude-haiku-5-5", 10_000],
      ] as const) {
        const id = unit.newId();
        await sql`insert into usage (id, company_id, agent_id, run_id, epoch, model, upstream, status, input_tokens, output_tokens,
            cost_micro_usd, charged_micro_usd, duration_ms, created_at)
          values (${id}, ${deps.companyId}, ${agent}, ${agent === agentId ? run : null}, 1, ${model}, 'anthropic', 200, 900, 100,
            ${cost}, ${cost}, 5, ${unit.now})`.execute(unit.queries);
        if (agent === agentId)
          await sql`insert into recordings (id, company_id, request_sha256, response_sha256, whole, created_at)
            values (${id}, ${deps.companyId}, ${"a".repeat(64)}, ${"b".repeat(64)}, true, ${unit.now})`.execute(unit.queries);
      }
    }
  });
  clock.advance(1_000);
  const found = (await listSavings(deps)).items.map(({ kind, subject, monthMicroUsd }) => [kind, subject, monthMicroUsd]);
  // 3 dollars: a tenth of it on the cheap model; three quarters of its empty runs; 29 of 30 requests were asked before.
  expect(found).toEqual([
    ["repeated-input", "cto", "12428571"],
    ["cheaper-model", "cto", "11571428"],
    ["idle-loop", "cto", "9642857"],
  ]);
});
