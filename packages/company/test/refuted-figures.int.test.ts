import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "kysely";
import { type AgentSession, companyNumbers, listContradictions, settleContradiction } from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";
import { february, reportFigure } from "./report-figure.ts";

let company: TestCompany;
const sessions = new Map<string, AgentSession>();
beforeAll(async () => {
  company = await openCompany();
  for (const agent of ["cmo", "cfo", "cto"]) sessions.set(agent, await company.enter(agent));
});
afterAll(() => company.close());

/** An agent states a value as often and in the writing of `texts`; what was found of each. */
const states = (agent: string, metric: string, texts: string | string[], period = february) =>
  reportFigure(company, sessions.get(agent)!, { metric, values: [texts].flat() as [string], period });
const isVerified = async (agent: string, metric: string, value: string) =>
  (await states(agent, metric, value)).map(({ verified }) => verified);
const open = async (metric: string) =>
  (await listContradictions(company.deps)).filter(({ sides }) => sides.some((side) => side.metric === metric));
const valuesOf = async (kind: "verified" | "unverified", metric: string) =>
  (await companyNumbers(company.deps))[kind]
    .filter((each) => each.metric === metric)
    .map(({ agent, value }) => `${agent} ${value}`);
async function settle(metric: string, value: string) {
  const [found, ...more] = await open(metric);
  expect(more).toEqual([]);
  const sides = found!.sides.map((side) => side.id);
  const holds = found!.sides.find((side) => side.value === value)!.id;
  return await settleContradiction(company.deps, { id: found!.id, by: "@ada", settle: { holds, sides, reason: "Counted." } });
}

test("S07 a rounding of both values brings the refuted one not back, and what is upheld may be rounded by whoever states it", async () => {
  await states("cmo", "rate", "4.23");
  await states("cto", "rate", "4.18");
  await states("cfo", "rate", "4.2");
  await settle("rate", "4.23");
  expect(await isVerified("cto", "rate", "4.18")).toEqual([false]);
  expect(await open("rate")).toEqual([]);
  for (const agent of ["cmo", "cfo", "cto"]) expect(await isVerified(agent, "rate", "4.2")).toEqual([true]);
  expect(await isVerified("cto", "rate", "4.18")).toEqual([false]);
  expect(await open("rate")).toEqual([]);
});

test("S07 however often one refuted value is stated again, the others stay refuted, and what is near only to a repetition is not", async () => {
  await states("cmo", "leads", "1250");
  await states("cto", "leads", "1300.44");
  await states("cfo", "leads", "1290");
  await settle("leads", "1250");
  expect((await states("cto", "leads", Array<string>(110).fill("1300.44"))).some(({ verified }) => verified)).toBe(false);
  expect(await isVerified("cfo", "leads", "1290")).toEqual([false]);
  expect(await isVerified("cto", "leads", "1300")).toEqual([false]);
  expect(await open("leads")).toEqual([]);
  await states("cto", "leads", "1300.3");
  expect((await open("leads"))[0]!.sides.map(({ value }) => value)).toContain("1300.3");
});

test("S07 what is repeated makes no more pairs, hides no older contradiction, and is settled with what it repeats", async () => {
  await states("cmo", "older", "10");
  await states("cto", "older", "12");
  await states("cmo", "visits", Array<string>(34).fill("1204"));
  await states("cto", "visits", Array<string>(34).fill("1300"));
  await states("cmo", "visits", "1204");
  const pairs = await company.deps.db.transaction(
    { companyId: company.deps.companyId },
    async (tx) =>
      (
        await sql<{ n: number }>`select count(*)::int as n from contradictions x join claims c on c.id = x.first_claim
          where c.metric = 'visits'`.execute(tx.queries)
      ).rows[0]!.n,
  );
  expect(pairs).toBe(1);
  expect(await open("older")).toHaveLength(1);
  expect(await valuesOf("verified", "visits")).toEqual([]);
  expect(await valuesOf("unverified", "visits")).toHaveLength(69);
  const settled = await settle("visits", "1204");
  expect(settled.refuted.map(({ agent, value }) => `${agent} ${value}`)).toEqual(["cto 1300"]);
  expect(await valuesOf("verified", "visits")).toEqual(["cmo 1204"]);
  expect(await valuesOf("unverified", "visits")).toEqual(Array(34).fill("cto 1300"));
  expect(await open("visits")).toEqual([]);
  expect((await settle("older", "10")).refuted).toHaveLength(1);
});

test("S07 what is settled refutes each figure that stands against it, of the dispute or not", async () => {
  await states("cfo", "share", "4.18");
  await states("cfo", "share", "4.2");
  await states("cmo", "share", "4.23");
  await states("cto", "share", "4.17");
  expect((await open("share"))[0]!.sides.map(({ agent }) => agent)).toEqual(["cmo", "cto"]);
  await settle("share", "4.23");
  expect((await valuesOf("unverified", "share")).toSorted()).toEqual(["cfo 4.18", "cto 4.17"]);
});

test("S07 one number written in two hundred ways is one side, and can be settled", async () => {
  const written = Array.from({ length: 18 * 13 }, (_, at) => {
    const digits = Math.floor(at / 18);
    return "5".padStart(1 + (at % 18), "0") + (digits > 0 ? `.${"0".repeat(digits)}` : "");
  });
  for (let at = 0; at < written.length; at += 50) await states("cmo", "stores", written.slice(at, at + 50));
  await states("cto", "stores", "7");
  expect((await open("stores"))[0]!.sides.map(({ agent, value }) => `${agent} ${value}`)).toEqual(["cmo 5", "cto 7"]);
  await settle("stores", "7");
  expect(await valuesOf("verified", "stores")).toEqual(["cto 7"]);
});

test("S07 a period that ends within a millisecond is the same figure, and can be settled", async () => {
  const precise = { from: february.from, to: "2026-02-28T23:59:59.999999Z" };
  await states("cmo", "orders", "10", precise);
  await states("cto", "orders", "12", { ...precise, to: "2026-02-28T23:59:59.999Z" });
  await settle("orders", "10");
  expect(await valuesOf("verified", "orders")).toEqual(["cmo 10"]);
});
