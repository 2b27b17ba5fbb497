import type { Fleet } from "@aito/protocol";
import { expect, test } from "vitest";
import { seatsOf } from "./org-chart.ts";

const fleet = (reports: Record<string, string>): Fleet =>
  ({
    file: { roles: Object.fromEntries(Object.keys(reports).map((role) => [role, {}])), heads: ["ceo"], council: ["cmo"] },
    profiles: Object.fromEntries(
      Object.entries(reports).map(([role, reportsTo]) => [
        role,
        { profile: { name: `The ${role}`, department: "D", reportsTo } },
      ]),
    ),
  }) as unknown as Fleet;
const above = (reports: Record<string, string>) =>
  Object.fromEntries(seatsOf(fleet(reports)).map((seat) => [seat.role, seat.reportsTo]));

test("C04 each role stands under the one that its profile names, in whatever words", () => {
  expect(
    above({ ceo: "The Board", dao: "DAO members", cmo: "CEO", "social-lead": "CMO, CEO for budget", intern: "The social-lead" }),
  ).toEqual({
    ceo: null,
    dao: null,
    cmo: "ceo",
    "social-lead": "cmo",
    intern: "social-lead",
  });
});

test("C04 a circle is opened, so that everyone is on the chart", () => {
  const seats = above({ ceo: "cmo", cmo: "cto", cto: "ceo" });
  expect(Object.values(seats).filter((up) => up === null).length).toBeGreaterThan(0);
  for (const start of Object.keys(seats)) {
    let [at, steps]: [string | null, number] = [start, 0];
    while (at !== null && steps < 9) [at, steps] = [seats[at] ?? null, steps + 1];
    expect(at).toBeNull();
  }
});
