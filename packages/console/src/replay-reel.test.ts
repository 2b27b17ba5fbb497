import { expect, test } from "vitest";
import { emptyReel, isOver, keptMax, pauseMs, type Reel, shownOf, stepped, wantsMore, withPage } from "./replay-reel.ts";

const said = (number: number, seconds = number) => ({ id: `m${number}`, timestamp: new Date(seconds * 1_000).toISOString() });
const pageOf = (from: number, count: number, next: string | null) => ({
  items: Array.from({ length: count }, (_, index) => said(from + index)),
  next,
});
const played = (reel: Reel<ReturnType<typeof said>>, times: number) => {
  let now = reel;
  for (let time = 0; time < times; time += 1) now = stepped(now, 1);
  return now;
};

test("a replay begins with nothing, shows one after another, and can be stepped back", () => {
  const reel = withPage(emptyReel, pageOf(1, 3, null));
  expect(shownOf(reel)).toEqual([]);
  expect(shownOf(played(reel, 2)).map(({ id }) => id)).toEqual(["m1", "m2"]);
  expect(shownOf(stepped(played(reel, 2), -1)).map(({ id }) => id)).toEqual(["m1"]);
  expect(stepped(reel, -1).at).toBe(-1);
  expect(played(reel, 9).at).toBe(2);
  expect([isOver(played(reel, 2)), isOver(played(reel, 3))]).toEqual([false, true]);
});

test("the next page is fetched before the end is reached, and what is far behind is let go", () => {
  let reel = withPage(emptyReel, pageOf(1, 100, "m100"));
  expect([wantsMore(played(reel, 50)), wantsMore(played(reel, 81))]).toEqual([false, true]);
  for (let page = 1; page < 50; page += 1) {
    reel = withPage(played(reel, 100), pageOf(page * 100 + 1, 100, `m${page * 100 + 100}`));
    expect(reel.items.length).toBeLessThanOrEqual(keptMax + 200);
  }
  expect(shownOf(reel).at(-1)!.id).toBe("m4900");
  expect(wantsMore({ ...reel, next: null })).toBe(false);
});

test("a page that comes twice shows nothing twice", () => {
  const twice = withPage(withPage(emptyReel, pageOf(1, 3, "m3")), pageOf(2, 3, null));
  expect(twice.items.map(({ id }) => id)).toEqual(["m1", "m2", "m3", "m4"]);
});

test("the wait is the gap at that speed; a burst stays readable, a long silence is shortened", () => {
  const reel = stepped(withPage(emptyReel, { items: [said(1, 0), said(2, 1), said(3, 90_000)], next: null }), 1);
  expect(pauseMs(reel, 1)).toBe(1_000);
  expect(pauseMs(reel, 60)).toBe(120);
  expect(pauseMs(stepped(reel, 1), 60)).toBe(2_500);
  expect(pauseMs(played(reel, 5), 1)).toBeNull();
  expect(pauseMs(emptyReel, 1)).toBeNull();
});
