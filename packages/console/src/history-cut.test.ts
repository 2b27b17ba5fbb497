import { expect, test, vi } from "vitest";
import { historySearch, isInCut, localTime, timeOf } from "./history-cut.ts";

const event = { type: "task.done", source: "cmo", at: "2026-11-22T04:00:00.000Z" };

test("C14 an address says which events are shown, and what is no cut in it is left out", () => {
  const cut = { types: ["task.done", "decision.opened"], by: "cmo", since: "2026-11-22T03:00:00.000Z" };
  expect(historySearch({ ...cut, until: "2026-11-22T06:00:00+01:00", view: "x" })).toEqual({
    ...cut,
    until: "2026-11-22T05:00:00.000Z",
  });
  const wrong = { types: "task.done", by: 7, since: "yesterday", until: "2026-13-41T00:00:00Z" };
  expect(historySearch(wrong)).toEqual({});
  expect(historySearch({ types: ["a b", "<img>", 5, "x".repeat(51)], by: "y".repeat(101) })).toEqual({});
  expect(historySearch({ types: Array.from({ length: 30 }, (_, at) => `t${at}`) }).types).toHaveLength(20);
});

test("C14 what comes by the stream is shown where it belongs to the cut: the first instant does, the last one does not", () => {
  expect(isInCut({}, event)).toBe(true);
  expect(isInCut({ types: ["task.done"], by: "cmo", since: event.at, until: "2026-11-22T04:00:00.001Z" }, event)).toBe(true);
  expect(isInCut({ types: ["task.failed"] }, event)).toBe(false);
  expect(isInCut({ by: "ceo" }, event)).toBe(false);
  expect(isInCut({ since: "2026-11-22T04:00:00.001Z" }, event)).toBe(false);
  expect(isInCut({ until: event.at }, event)).toBe(false);
});

test("a time of a field is the reader's own, and an empty field is no time", () => {
  expect(timeOf(localTime(event.at))).toBe(event.at);
  expect([localTime(undefined), timeOf(""), timeOf("soon")]).toEqual(["", undefined, undefined]);
});

test("C14 a time that was typed stays what it was, in any zone and year", () => {
  // While a year is typed, its field has it as 0002, 0020 and 0202: in zones that then were off by seconds, too.
  const typed = [
    "0002-01-01T00:00",
    "0020-06-30T23:59",
    "0202-12-31T12:30",
    "1890-05-05T05:05",
    "2026-11-22T04:00",
    "9999-12-31T09:59",
  ];
  try {
    for (const zone of ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"]) {
      vi.stubEnv("TZ", zone);
      expect(
        typed.map((local) => localTime(timeOf(local))),
        zone,
      ).toEqual(typed);
    }
    vi.stubEnv("TZ", "Asia/Kathmandu");
    expect(timeOf("2026-11-22T04:00")).toBe("2026-11-21T22:15:00.000Z");
  } finally {
    vi.unstubAllEnvs();
  }
});
