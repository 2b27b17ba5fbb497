import { expect, test } from "vitest";
import { makeNewId } from "./new-id.ts";

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("makes UUIDs of version 7 that hold the time", () => {
  const newId = makeNewId(() => new Date("2026-03-02T09:00:00.123Z"));
  const id = newId();
  expect(id).toMatch(uuidV7);
  expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(new Date("2026-03-02T09:00:00.123Z").getTime());
});

test("ids sort by their order, also within a millisecond and when the clock goes back", () => {
  let now = new Date("2026-03-02T09:00:00.000Z").getTime();
  const newId = makeNewId(() => new Date(now));
  const ids: string[] = [];
  for (let index = 0; index < 20_000; index += 1) {
    if (index === 5_000) now -= 3_600_000;
    if (index === 10_000) now += 1;
    if (index === 15_000) now += 7_200_000;
    ids.push(newId());
  }
  expect(ids.every((id) => uuidV7.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
});
