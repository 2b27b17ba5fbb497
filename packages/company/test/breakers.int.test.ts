import { afterAll, beforeAll, expect, test } from "vitest";
import {
  alertFromOpens,
  type HeldBreaker,
  heldBreakers,
  holdBreaker,
  listEvents,
  releaseBreaker,
  transact,
} from "../src/index.ts";
import { selectOpenAlerts } from "../src/alerts/queries.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

let company: TestCompany;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 21, 12, 0, seconds));
const held = (change: Partial<HeldBreaker> = {}): HeldBreaker => ({
  name: "parcels__send",
  failures: 5,
  opens: 1,
  openSince: at(0),
  openUntil: at(2),
  lastError: "it answers 500",
  ...change,
});
const alerts = async (): Promise<string[]> =>
  (await transact(company.deps, (unit) => selectOpenAlerts(unit, 100))).map(({ title }) => title);
const events = async (): Promise<string[]> =>
  (await listEvents(company.deps, { limit: 20, types: ["tool.breaker.opened", "tool.breaker.closed"] })).map(({ type }) => type);

test("S03 what gateways leave alone is on record for the longest that one of them says, since the first of them did", async () => {
  const { deps } = company;
  await holdBreaker(deps, held({ openUntil: at(9), openSince: at(1) }));
  await holdBreaker(deps, held({ openUntil: at(4), openSince: at(0), lastError: "no\ud800 answer" }));
  expect(await heldBreakers(deps)).toEqual([held({ openUntil: at(9), openSince: at(0), lastError: "no\ufffd answer" })]);
  expect(await events()).toEqual(["tool.breaker.opened"]);
  await releaseBreaker(deps, "parcels__send");
  await releaseBreaker(deps, "parcels__send");
  expect(await heldBreakers(deps)).toEqual([]);
  expect((await events()).toSorted()).toEqual(["tool.breaker.closed", "tool.breaker.opened"]);
});

test("S03 a human is told once that something does not answer after several tries, and not that it was away for a moment", async () => {
  const { deps } = company;
  for (let opens = 1; opens <= alertFromOpens + 2; opens += 1) {
    expect((await alerts()).length).toBe(opens > alertFromOpens ? 1 : 0);
    await holdBreaker(deps, held({ opens, openUntil: at(2 ** opens) }));
  }
  expect(await alerts()).toEqual(["parcels__send does not answer"]);
  await releaseBreaker(deps, "parcels__send");
  expect(await alerts()).toEqual([]);
  // It only asked to be left alone for a while: nobody needs to know.
  await holdBreaker(deps, held({ openSince: null, opens: 0 }));
  expect(await alerts()).toEqual([]);
});
