import { expect, test } from "vitest";
import { parseQuietHours, quietUntil } from "./quiet-hours.ts";

const night = parseQuietHours("22:00-07:00 Europe/Berlin");
const until = (iso: string) => quietUntil(night, new Date(iso))?.toISOString() ?? null;

test("O16 a night over midnight is quiet until its end in the local time of its zone, and the day is not", () => {
  expect(until("2026-01-15T20:59:00Z")).toBeNull();
  expect(until("2026-01-15T21:00:00Z")).toBe("2026-01-16T06:00:00.000Z");
  expect(until("2026-01-16T03:30:20Z")).toBe("2026-01-16T06:00:00.000Z");
  expect(until("2026-01-16T06:00:00Z")).toBeNull();
  expect(until("2026-07-15T04:59:00Z")).toBe("2026-07-15T05:00:00.000Z");
});

test("O16 in the nights when clocks change it still ends at seven", () => {
  expect(until("2026-03-28T22:00:00Z")).toBe("2026-03-29T05:00:00.000Z");
  expect(until("2026-10-24T21:00:00Z")).toBe("2026-10-25T06:00:00.000Z");
});

test("O16 a window within one day, and no zone is UTC", () => {
  const noon = parseQuietHours("12:00-13:30");
  expect(quietUntil(noon, new Date("2026-01-01T12:10:00Z"))?.toISOString()).toBe("2026-01-01T13:30:00.000Z");
  expect(quietUntil(noon, new Date("2026-01-01T13:30:00Z"))).toBeNull();
});

test.each(["", "22-7", "25:00-07:00", "22:61-07:00", "22:00-22:00", "22:00-07:00 Mars/Olympus"])(
  "O16 %j is refused with how to write it",
  (text) => {
    expect(() => parseQuietHours(text)).toThrowError(expect.objectContaining({ code: "AITO_CONFIG_INVALID" }));
  },
);
