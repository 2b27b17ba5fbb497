import fc from "fast-check";
import { expect, test } from "vitest";
import { type PlaceHolder, type PlaceSeeker, queueForPlaces } from "./place-queue.ts";

const roots = ["ceo", "cmo", "cto"];
const holder = fc.record<PlaceHolder>({ root: fc.constantFrom(...roots), depth: fc.integer({ min: 1, max: 3 }) });
const seekers = fc
  .array(
    fc.record({
      root: fc.constantFrom(...roots),
      depth: fc.integer({ min: 1, max: 3 }),
      priority: fc.integer({ min: 1, max: 10 }),
      since: fc.nat(1_000).map((ms) => new Date(ms)),
    }),
    { maxLength: 30 },
  )
  .map((list) => list.map((each, index): PlaceSeeker => ({ ...each, name: `w${index}` })));
const places = fc.record({ max: fc.integer({ min: 3, max: 16 }), depthMax: fc.constantFrom(1, 2, 3) });

test("L09 everybody who asks either starts or waits, never more than there are places, and no place is kept back for nobody", () => {
  fc.assert(
    fc.property(fc.array(holder, { maxLength: 20 }), seekers, places, (held, asking, limits) => {
      const { starts, waits } = queueForPlaces(held, asking, limits);
      expect([...starts, ...waits].toSorted()).toEqual(asking.map(({ name }) => name).toSorted());
      expect(starts.length).toBeLessThanOrEqual(Math.max(0, limits.max - held.length));
      const deepest = asking.filter(({ depth }) => depth >= limits.depthMax);
      // Only the last places are kept, and only for those who work deeper.
      if (deepest.some(({ name }) => waits.includes(name)))
        expect(held.length + starts.length).toBeGreaterThanOrEqual(limits.max);
    }),
    { numRuns: 2_000 },
  );
});

test("L09 whatever the parents ask for, nobody's workers hold two places more than another's whose worker waits", () => {
  fc.assert(
    fc.property(seekers, fc.integer({ min: 1, max: 16 }), (asking, max) => {
      const flat = asking.map((each) => ({ ...each, depth: 1 }));
      const { starts, waits } = queueForPlaces([], flat, { max, depthMax: 1 });
      const of = (names: string[], root: string) => flat.filter((each) => each.root === root && names.includes(each.name));
      for (const waiting of roots.filter((root) => of(waits, root).length > 0))
        for (const other of roots) expect(of(starts, other).length - of(starts, waiting).length).toBeLessThanOrEqual(1);
      // Among one parent's, nobody waits for a less urgent one.
      for (const root of roots)
        for (const late of of(waits, root))
          for (const early of of(starts, root)) expect(early.priority).toBeGreaterThanOrEqual(late.priority);
    }),
    { numRuns: 2_000 },
  );
});

test("L09 workers that all wait for workers of their own cannot take every place: the deepest always get one", () => {
  fc.assert(
    fc.property(places, fc.integer({ min: 1, max: 40 }), ({ max, depthMax }, asking) => {
      let held: PlaceHolder[] = [];
      for (let depth = 1; depth <= depthMax; depth += 1) {
        const seeking = Array.from({ length: asking }, (_, index): PlaceSeeker => {
          return { name: `d${depth}-${index}`, root: roots[index % 3]!, depth, priority: 5, since: new Date(index) };
        });
        const { starts } = queueForPlaces(held, seeking, { max, depthMax });
        expect(starts.length).toBeGreaterThan(0);
        held = [...held, ...seeking.filter(({ name }) => starts.includes(name))];
      }
    }),
  );
});
