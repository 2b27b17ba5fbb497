import { expect, test } from "vitest";
import { scoreAbroad } from "./abroad-cases.ts";
import { claimFloors } from "./score-claims.ts";

test("Y07 S10 in seven other languages, too: days, quarters, units and millions are read, and wrong numbers and units caught", () => {
  const { honest, lying, caught, falseAlarms, missed } = scoreAbroad();
  process.stdout.write(
    `claims, abroad: ${honest + lying} sentences, caught ${caught} of ${lying}, false alarms ${falseAlarms.length}\n`,
  );
  expect(honest).toBeGreaterThan(500);
  expect(caught / lying, missed.slice(0, 5).join("\n")).toBeGreaterThanOrEqual(claimFloors.catchRate);
  expect(falseAlarms.length / honest, falseAlarms.slice(0, 5).join("\n")).toBeLessThanOrEqual(claimFloors.falseAlarms);
});
