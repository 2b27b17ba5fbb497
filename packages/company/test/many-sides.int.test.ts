import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AgentSession,
  companyNumbers,
  listContradictions,
  listSettlements,
  reopenContradiction,
  settleContradiction,
} from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";
import { reportFigure } from "./report-figure.ts";

let company: TestCompany;
const sessions = new Map<string, AgentSession>();
beforeAll(async () => {
  company = await openCompany();
  for (const agent of ["cmo", "cfo", "cto"]) sessions.set(agent, await company.enter(agent));
});
afterAll(() => company.close());

const minutes = (count: number): void => company.clock.advance(count * 60_000);

/** What was found of what an agent states of this moment. */
const measures = async (agent: string, metric: string, value: string) =>
  (await reportFigure(company, sessions.get(agent)!, { metric, values: [value], period: null }))[0]!;
/** As if its agent had measured these, too, each a second after the other. */
async function copies(claim: string, values: readonly string[]): Promise<void> {
  const rows = JSON.stringify(values.map((value, at) => ({ id: company.deps.newId(), value, at })));
  await company.deps.db.transaction({ companyId: company.deps.companyId }, (tx) =>
    sql`insert into claims select (jsonb_populate_record(c, jsonb_build_object('id', n.id, 'value', n.value, 'observed_at',
        c.observed_at + make_interval(secs => n.at)))).* from claims c, jsonb_to_recordset(${rows}::jsonb) as n(id uuid, value text, at int)
      where c.id = ${claim}`.execute(tx.queries),
  );
}
const pairsOf = async (metric: string): Promise<number> =>
  await company.deps.db.transaction(
    { companyId: company.deps.companyId },
    async (tx) =>
      (
        await sql<{ n: number }>`select count(*)::int as n from contradictions x join claims c on c.id = x.first_claim
          where c.metric = ${metric}`.execute(tx.queries)
      ).rows[0]!.n,
  );
const standing = async (metric: string): Promise<number> =>
  await company.deps.db.transaction(
    { companyId: company.deps.companyId },
    async (tx) =>
      (
        await sql<{ n: number }>`select count(*)::int as n from claims where metric = ${metric}
          and withdrawn_by is null and refuted_at is null`.execute(tx.queries)
      ).rows[0]!.n,
  );
const open = async (metric: string) =>
  (await listContradictions(company.deps)).filter(({ sides }) => sides.some((side) => side.metric === metric));
const verified = async (metric: string) =>
  (await companyNumbers(company.deps)).verified.filter((each) => each.metric === metric).map(({ agent }) => agent);
async function settle(metric: string, of: string | null) {
  const [found, ...more] = await open(metric);
  expect(more).toEqual([]);
  const sides = found!.sides.map((side) => side.id);
  const holds = found!.sides.find(({ agent }) => agent === of)?.id ?? null;
  return await settleContradiction(company.deps, { id: found!.id, by: "@ada", settle: { holds, sides, reason: "Counted." } });
}

const many = Array.from({ length: 1_100 }, (_, at) => String(1_000 + at));

test("S07 more than a thousand values that contradict one are all settled with it, and stay refuted", async () => {
  await copies((await measures("cmo", "stock", "999")).id, many);
  minutes(20);
  expect(await measures("cto", "stock", "7")).toMatchObject({ verified: true });
  // The oldest, too: none of them counts.
  expect(await verified("stock")).toEqual([]);
  const settled = await settle("stock", "cto");
  expect(settled.refuted).toHaveLength(many.length + 1);
  expect(await open("stock")).toEqual([]);
  expect(await standing("stock")).toBe(1);
  expect(await verified("stock")).toEqual(["cto"]);
  for (const value of ["999", many[0]!, many.at(-1)!]) {
    expect(await measures("cfo", "stock", value)).toMatchObject({ verified: false });
  }
});

test("S07 that none of more than a thousand values holds settles all of them, and ends their task", async () => {
  await copies((await measures("cmo", "parcels", "999")).id, many);
  minutes(20);
  await measures("cto", "parcels", "7");
  const settled = await settle("parcels", null);
  expect(settled.refuted).toHaveLength(many.length + 2);
  expect(settled.tasks).toHaveLength(1);
  expect(await standing("parcels")).toBe(0);
  expect(await open("parcels")).toEqual([]);
  // And all of it can be taken back.
  const pairs = await pairsOf("parcels");
  const [settlement] = await listSettlements(company.deps);
  await reopenContradiction(company.deps, { id: settlement!.id, by: "@ada", reason: "Counted anew." });
  expect(await standing("parcels")).toBe(many.length + 2);
  expect(await open("parcels")).toHaveLength(1);
  expect(await verified("parcels")).toEqual([]);
  expect(await pairsOf("parcels")).toBe(pairs);
});

test("S07 two agents who go on measuring have one contradiction, not one for each two moments, and each falls with it", async () => {
  const rounds = 12;
  for (let round = 0; round < rounds; round += 1) {
    await measures("cmo", "queue", "5");
    await measures("cto", "queue", "9");
    minutes(2);
  }
  expect(await standing("queue")).toBe(2 * rounds);
  expect(await pairsOf("queue")).toBe(1);
  expect(await verified("queue")).toEqual([]);
  // Later, too, and of values that are a moment apart.
  minutes(180);
  await measures("cto", "queue", "9.0");
  await measures("cmo", "queue", "5.0");
  expect(await open("queue")).toHaveLength(1);
  // A third one is against both.
  await measures("cfo", "queue", "70");
  expect((await open("queue"))[0]!.sides.map(({ agent }) => agent)).toEqual(["cmo", "cto", "cfo"]);
  await settle("queue", "cmo");
  expect(await open("queue")).toEqual([]);
  expect(await verified("queue")).toEqual(["cmo"]);
  expect(await standing("queue")).toBe(rounds + 1);
});

test("S07 who takes back what it went on measuring takes back all of it", async () => {
  for (let round = 0; round < 4; round += 1) {
    await measures("cmo", "visitors", "5");
    await measures("cto", "visitors", "9");
  }
  await measures("cto", "visitors", "5");
  expect(await open("visitors")).toEqual([]);
  expect(await standing("visitors")).toBe(5);
  expect(await verified("visitors")).toEqual(["cto"]);
});
