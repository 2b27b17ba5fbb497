import { expect, test } from "vitest";
import { callSearch } from "./call-search.ts";

test("B01 an address says whose calls are shown and since when, and what is no cut in it is left out", () => {
  const cut = { agent: "cmo", client: "shop", department: "CMO", model: "tool:search", key: "laptop", since: "2026-10-23" };
  expect(callSearch({ ...cut, view: "x" })).toEqual(cut);
  expect(callSearch({ decision: "d" })).toEqual({ decision: "d" });
  expect(callSearch({ agent: 7, task: "", model: ["a"], since: null })).toEqual({});
});
