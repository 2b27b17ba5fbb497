import { expect, test } from "vitest";
import { dueOf, touchedBy } from "./refresh-rules.ts";

test("an open memory search is asked anew by what memories do, and by nothing else that happens", () => {
  expect(touchedBy("memory.quarantined")).toContain("memory-search");
  for (const type of ["task.done", "run.ended", "decision.opened", "message.sent", "model.call", "agent.ready", "unheard.of"]) {
    expect(touchedBy(type), type).not.toContain("memory-search");
  }
  // How far the memory is, and the newest of it, go on with the company's work.
  expect(touchedBy("task.done")).toContain("memory");
});

test("B01 the first model call refreshes the costs at once, those after it at most every five seconds, and none is lost", () => {
  const last = new Map<string, number>();
  expect(dueOf(["costs", "budgets"], last, 0)).toEqual(["costs", "budgets"]);
  last.set("costs", 1_000).set("budgets", 1_000);
  expect(dueOf(["costs", "budgets"], last, 1_400)).toEqual(["budgets"]);
  expect(dueOf(["costs"], last, 5_999)).toEqual([]);
  expect(dueOf(["costs"], last, 6_000)).toEqual(["costs"]);
});
