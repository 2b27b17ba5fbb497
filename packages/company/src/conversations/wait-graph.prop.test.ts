import fc from "fast-check";
import { expect, test } from "vitest";
import { circleClosedBy, type Wait } from "./wait-graph.ts";

const names = ["ceo", "dao", "cmo", "cto", "cfo", "coo"];
const wait = fc.record({ waiter: fc.constantFrom(...names), on: fc.constantFrom(...names) });
/** A wait is asked for, answered, given up at its deadline, or everyone's who is gone ends. */
const step = fc.oneof(
  { weight: 5, arbitrary: wait.map((asked) => ({ do: "ask" as const, asked })) },
  { weight: 2, arbitrary: fc.nat(20).map((which) => ({ do: "end" as const, which })) },
  { weight: 1, arbitrary: fc.constantFrom(...names).map((name) => ({ do: "gone" as const, name })) },
);

/** Takes away who waits for nobody until none is left to take away: what stays waits in a circle. Another way than the search's. */
function hasCircle(waits: readonly Wait[]): boolean {
  let left = [...waits];
  for (;;) {
    const waiting = new Set(left.map(({ waiter }) => waiter));
    const next = left.filter(({ on }) => waiting.has(on));
    if (next.length === left.length) return left.length > 0;
    left = next;
  }
}

test("Y13 whatever is asked, answered, overdue or gone: no circle of waiting ever stands, and only closers are refused", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let waits: Wait[] = [];
      for (const each of steps) {
        if (each.do === "end") waits = waits.filter((_, index) => index !== each.which);
        else if (each.do === "gone") waits = waits.filter(({ waiter, on }) => waiter !== each.name && on !== each.name);
        else {
          const circle = circleClosedBy(waits, each.asked);
          expect(circle !== null).toBe(hasCircle([...waits, each.asked]));
          if (circle === null) waits.push(each.asked);
          else checkNamed(circle, waits, each.asked);
        }
        expect(hasCircle(waits)).toBe(false);
      }
    }),
    { numRuns: 2_000 },
  );
});

/** The circle that is named is really there: each step is a wait, the first one the refused. */
function checkNamed(circle: string[], waits: readonly Wait[], asked: Wait): void {
  expect(circle.slice(0, 2)).toEqual([asked.waiter, asked.on]);
  expect(circle.at(-1)).toBe(asked.waiter);
  for (let index = 1; index + 1 < circle.length; index += 1) {
    expect(waits).toContainEqual({ waiter: circle[index]!, on: circle[index + 1]! });
  }
  expect(new Set(circle).size).toBe(circle.length - 1);
}

test("Y13 the shortest circle is named, also in a dense graph", () => {
  const many = Array.from({ length: 60 }, (_, index) => `a${index}`);
  const dense = many.flatMap((waiter, index) => many.slice(index + 1).map((on) => ({ waiter, on })));
  expect(circleClosedBy(dense, { waiter: "a59", on: "a0" })).toEqual(["a59", "a0", "a59"]);
  expect(circleClosedBy(dense, { waiter: "a0", on: "a59" })).toBeNull();
});
