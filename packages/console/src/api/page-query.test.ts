import { expect, test } from "vitest";
import { Instant, SpanEdge } from "./page-query.ts";

test.each(["0000-01-01", "0000-12-31T23:59:59Z"])("a time before all that Postgres can hold is refused: %s", (text) => {
  expect(SpanEdge.safeParse(text).error?.issues).toBeDefined();
  expect(Instant.safeParse(text).success).toBe(false);
});

test("a day and a point of time begin a span", () => {
  expect(SpanEdge.parse("2026-11-21")).toBe("2026-11-21");
  expect(SpanEdge.parse("0001-01-01")).toBe("0001-01-01");
  expect(SpanEdge.parse("2026-11-21T10:00:00+02:00")).toEqual(new Date("2026-11-21T08:00:00Z"));
});
