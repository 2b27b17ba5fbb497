import { makeNewId } from "@aito/base";
import { expect, test } from "vitest";
import { idsOf } from "./event-cut.ts";

const at = new Date("2026-11-22T04:00:00.000Z");
const idAt = (ms: number): string => makeNewId(() => new Date(at.getTime() + ms))();

test("C14 the ids of a time's events lie between its bounds, and those of another day do not", () => {
  const { least, beyond } = idsOf({ since: at, until: at });
  for (const near of [-60_000, 0, 60_000]) {
    expect(idAt(near) >= least!).toBe(true);
    expect(idAt(near) < beyond!).toBe(true);
  }
  const day = 86_400_000;
  expect(idAt(-day) < least!).toBe(true);
  expect(idAt(day) < beyond!).toBe(false);
});

test("times before and after all ids bound them, too", () => {
  const { least, beyond } = idsOf({ since: new Date(-1e15), until: new Date(8.64e15) });
  expect(least).toBe("00000000-0000-0000-0000-000000000000");
  expect(beyond).toBe("ffffffff-ffff-0000-0000-000000000000");
  expect(idsOf({})).toEqual({});
});
