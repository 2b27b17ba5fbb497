import { Proposal } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listLessons, overrideDecision, propose } from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

let company: TestCompany;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(async () => company.close());

test("C10 what went wrong for a role is told with the humans' reasons, an override's too, however much others do", async () => {
  const { deps } = company;
  const { id } = await propose(deps, "cmo", Proposal.parse({ title: "Double the advertising", type: "major", usd: 500 }));
  await overrideDecision(deps, { id, operator: "operator", reason: "the quarter is not over" });
  for (let n = 0; n < 60; n += 1) await propose(deps, "cto", Proposal.parse({ title: `Server ${n}`, type: "minor", usd: 0 }));
  const lessons = await listLessons(deps, "cmo");
  expect(lessons).toMatchObject([{ kind: "decision", id, title: "Double the advertising", outcome: "overridden" }]);
  expect(lessons[0]!.said).toContain("the quarter is not over");
  expect(await listLessons(deps, "cto")).toEqual([]);
  expect(await listLessons(deps, "nobody")).toEqual([]);
});
