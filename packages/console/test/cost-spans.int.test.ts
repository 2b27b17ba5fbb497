import { afterAll, beforeAll, expect, test } from "vitest";
import { openFixtureConsole, operatorKey } from "./open-fixture-console.ts";

let console_: Awaited<ReturnType<typeof openFixtureConsole>>;
const asked: unknown[] = [];
beforeAll(async () => {
  console_ = await openFixtureConsole({
    change: (records) => ({
      ...records,
      costs: async (cut) => (asked.push(cut.since), records.costs(cut)),
      infraCosts: async (cut) => (asked.push(cut.since), records.infraCosts(cut)),
    }),
  });
});
afterAll(() => console_.close());

const ask = async (path: string, since: string) => {
  const headers = { host: "127.0.0.1:7700", authorization: `Bearer ${operatorKey}` };
  const answer = await console_.app.inject({ url: `/api/v1/${path}?since=${encodeURIComponent(since)}`, headers });
  return [answer.statusCode, asked.splice(0)[0]];
};

test("B01 costs are asked for since a day of the company's, which only the company can place, or since a point of time", async () => {
  for (const path of ["costs", "costs/infra"]) {
    expect(await ask(path, "2026-11-22")).toEqual([200, "2026-11-22"]);
    expect(await ask(path, "2026-11-22T09:00:00+02:00")).toEqual([200, new Date("2026-11-22T07:00:00Z")]);
    for (const wrong of ["2026-13-01", "2026-02-30", "today"]) expect(await ask(path, wrong)).toEqual([400, undefined]);
  }
});
