import type { CostRow } from "@aito/protocol";
import { expect, test } from "vitest";
import { forecast, wholeForecast } from "./forecast.ts";

const day = (name: string, chargedMicroUsd: string): CostRow => ({
  name,
  calls: 1,
  failedCalls: 0,
  costMicroUsd: null,
  unknownCalls: 1,
  chargedMicroUsd,
  inputTokens: "0",
  outputTokens: "0",
  cacheReadTokens: "0",
  cacheWriteTokens: "0",
});

test("B01 the month is what was spent plus the mean of the last seven whole days for each day that is left", () => {
  const rows = [
    day("2026-10-31", "999"),
    day("2026-11-01", "1000000"),
    ...["14", "15", "16", "17", "18", "19", "20"].map((one) => day(`2026-11-${one}`, "2000000")),
    day("2026-11-21", "500000"),
  ];
  // 1 + 7 x 2 + 0.5 dollars so far; nine days are left at two dollars each.
  expect(forecast(rows, "2026-11-21")).toEqual({
    today: "2026-11-21",
    soFarMicroUsd: "15500000",
    monthMicroUsd: "33500000",
    meanOfDays: 7,
    daysLeft: 9,
  });
});

test("B01 days without a call since the first one count as nothing spent; days before it do not count", () => {
  const rows = [day("2026-11-18", "3000000"), day("2026-11-21", "1000000")];
  expect(forecast(rows, "2026-11-21")).toMatchObject({ meanOfDays: 3, soFarMicroUsd: "4000000", monthMicroUsd: "13000000" });
});

test("B01 before a whole day has passed nothing is estimated, and the last day of a month adds nothing", () => {
  expect(forecast([day("2026-11-21", "5")], "2026-11-21")).toMatchObject({ monthMicroUsd: null, meanOfDays: 0 });
  expect(forecast([], "2026-02-28")).toMatchObject({ monthMicroUsd: null, soFarMicroUsd: "0", daysLeft: 0 });
  expect(forecast([day("2026-11-29", "4"), day("2026-11-30", "5")], "2026-11-30")).toMatchObject({ monthMicroUsd: "9" });
  expect(forecast([day("2026-11-30", "7"), day("2026-12-01", "1")], "2026-12-01")).toMatchObject({
    soFarMicroUsd: "1",
    monthMicroUsd: "211",
  });
});

test("B01 the days that it was made from come with it, models and containers apart; containers without a price are left out", () => {
  const stood = (microUsd: string | null) => ({ name: "2026-11-19", containers: 1, seconds: 60, microUsd });
  const infra = (microUsd: string | null) => ({
    pricePerHourMicroUsd: microUsd,
    items: [stood(microUsd)],
    total: { containers: 1, seconds: 60, microUsd },
  });
  const rows = [day("2026-11-21", "7"), day("2026-11-20", "5")];
  const models = [
    { day: "2026-11-20", modelsMicroUsd: "5", containersMicroUsd: "0" },
    { day: "2026-11-21", modelsMicroUsd: "7", containersMicroUsd: "0" },
  ];
  expect(wholeForecast(rows, infra("3"), "2026-11-21").days).toEqual([
    { day: "2026-11-19", modelsMicroUsd: "0", containersMicroUsd: "3" },
    ...models,
  ]);
  expect(wholeForecast(rows, infra(null), "2026-11-21").days).toEqual(models);
});
