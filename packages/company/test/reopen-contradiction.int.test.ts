import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AgentSession,
  companyNumbers,
  listContradictions,
  listEvents,
  listMessages,
  listSettlements,
  reopenContradiction,
  settleContradiction,
} from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";
import { february, reportFigure } from "./report-figure.ts";

let company: TestCompany;
const sessions = new Map<string, AgentSession>();
beforeAll(async () => {
  company = await openCompany();
  for (const agent of ["cmo", "cfo", "cto"]) sessions.set(agent, await company.enter(agent));
});
afterAll(() => company.close());

const states = async (agent: string, metric: string, value: string, period: typeof february | null = february) =>
  (await reportFigure(company, sessions.get(agent)!, { metric, values: [value], period }))[0]!;
const open = async (metric: string) =>
  (await listContradictions(company.deps)).filter(({ sides }) => sides.some((side) => side.metric === metric));
const sidesOf = async (metric: string) =>
  (await open(metric)).map(({ sides }) => sides.map(({ agent, value }) => `${agent} ${value}`));
const verified = async (metric: string) =>
  (await companyNumbers(company.deps)).verified
    .filter((each) => each.metric === metric)
    .map(({ agent, value }) => `${agent} ${value}`);
async function settle(metric: string, value: string | null): Promise<string> {
  company.clock.advance(1_000);
  const { id, sides } = (await open(metric))[0]!;
  const holds = sides.find((side) => side.value === value)?.id ?? null;
  const answer = { holds, sides: sides.map((side) => side.id), reason: "The shop counts robots." };
  await settleContradiction(company.deps, { id, by: "@ada", settle: answer });
  return id;
}
const reopen = (id: string) => reopenContradiction(company.deps, { id, by: "@bob", reason: "They were ours." });
const settled = async (metric: string) =>
  (await listSettlements(company.deps)).filter(({ refuted }) => refuted[0]!.metric === metric);

test("S07 a settlement that is taken back: what it refuted contradicts again, whoever has stated it since, and who did so is told and audited", async () => {
  await states("cmo", "visits", "10");
  await states("cto", "visits", "12");
  const id = await settle("visits", "10");
  for (const agent of ["cto", "cfo"]) expect(await states(agent, "visits", "12")).toMatchObject({ verified: false });
  expect(await settled("visits")).toMatchObject([
    { id, by: "@ada", reason: "The shop counts robots.", holds: { agent: "cmo", value: "10" }, refuted: [{ agent: "cto" }] },
  ]);
  const { figures, told } = await reopen(id);
  expect(figures.map(({ agent, value }) => `${agent} ${value}`)).toEqual(["cto 12", "cfo 12"]);
  expect(told.toSorted()).toEqual(["cfo", "cmo", "cto"]);
  expect(await sidesOf("visits")).toEqual([["cmo 10", "cto 12", "cfo 12"]]);
  expect(await verified("visits")).toEqual([]);
  expect(await settled("visits")).toEqual([]);
  expect(await listEvents(company.deps, { types: ["claims.reopened"], limit: 5 })).toMatchObject([
    { source: "@bob", payload: { contradiction: id, metric: "visits", reason: "They were ours.", settled: { by: "@ada" } } },
  ]);
  const letters = (await listMessages(company.deps, { limit: 10 })).filter(({ payload }) =>
    String(payload["text"]).startsWith("@bob has taken back what was settled of visits of shop (2026-02-01 to 2026-03-01)"),
  );
  expect(letters.map(({ to }) => to).toSorted()).toEqual(["cfo", "cmo", "cto"]);
  await expect(reopen(id)).rejects.toMatchObject({ code: "AITO_CONTRADICTION_OPEN", status: 409 });
  await expect(reopen(company.deps.newId())).rejects.toMatchObject({ code: "AITO_CONTRADICTION_UNKNOWN", status: 404 });
  // And it can be settled otherwise.
  await settle("visits", "12");
  expect((await verified("visits"))[0]).toMatch(/ 12$/);
  expect(await states("cmo", "visits", "10")).toMatchObject({ verified: false });
});

test("S07 who has said otherwise since a settlement stays with that when it is taken back", async () => {
  await states("cmo", "orders", "10");
  await states("cto", "orders", "12");
  const id = await settle("orders", "10");
  await states("cto", "orders", "10");
  await reopen(id);
  expect(await open("orders")).toEqual([]);
  expect(await verified("orders")).toEqual(["cto 10"]);
});

test("S07 who has said one and then the other since a settlement has said the last when it is taken back", async () => {
  await states("cmo", "leads", "10");
  await states("cto", "leads", "12");
  const id = await settle("leads", "10");
  await states("cto", "leads", "10");
  await states("cto", "leads", "12");
  await reopen(id);
  expect(await sidesOf("leads")).toEqual([["cmo 10", "cto 12"]]);
  expect(await verified("leads")).toEqual([]);
});

test("S07 that none holds is taken back: what was stated since is against the others", async () => {
  for (const [agent, value] of [
    ["cmo", "1"],
    ["cto", "2"],
    ["cfo", "3"],
  ] as const)
    await states(agent, "returns", value);
  const id = await settle("returns", null);
  expect(await states("cmo", "returns", "4")).toMatchObject({ verified: true });
  expect(await verified("returns")).toEqual(["cmo 4"]);
  await reopen(id);
  expect(await sidesOf("returns")).toEqual([["cto 2", "cfo 3", "cmo 4"]]);
  expect(await verified("returns")).toEqual([]);
});

test("S07 of values at a moment, too, all that was refuted is disputed again, and what was measured since", async () => {
  await states("cmo", "queue", "5", null);
  await states("cto", "queue", "9", null);
  const id = await settle("queue", "5");
  await states("cmo", "queue", "5", null);
  await states("cto", "queue", "9", null);
  expect(await verified("queue")).toEqual(["cmo 5"]);
  await reopen(id);
  expect(await sidesOf("queue")).toEqual([["cmo 5", "cto 9"]]);
  expect(await verified("queue")).toEqual([]);
});

test("S07 another company's settlement is none of ours", async () => {
  await states("cmo", "calls", "10");
  await states("cto", "calls", "12");
  const id = await settle("calls", "10");
  const other = await company.another("globex");
  expect(await listSettlements(other)).toEqual([]);
  await expect(reopenContradiction(other, { id, by: "@bob", reason: "x" })).rejects.toMatchObject({
    code: "AITO_CONTRADICTION_UNKNOWN",
  });
});
