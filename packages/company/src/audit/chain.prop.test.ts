import fc from "fast-check";
import { expect, test } from "vitest";
import { chainStart, checkLink, sealBatch } from "./chain.ts";

type Sealed = ReturnType<typeof sealBatch>[number] & { body: string };
const seal = (bodies: string[]): Sealed[] => {
  const events = bodies.map((body, index) => ({ id: String(index), body }));
  return sealBatch(null, events).map((link, index) => ({ ...link, body: bodies[index]! }));
};
const firstProblem = (rows: Sealed[]): string | null => {
  let expected = { seq: 1n, prev: chainStart };
  for (const row of rows) {
    const problem = checkLink(expected, row);
    if (problem) return problem;
    expected = { seq: row.seq + 1n, prev: row.hash };
  }
  return null;
};

test("S17 a chain made in any batches is the same chain and verifies", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 20 }), fc.nat(20), (bodies, cut) => {
      const whole = seal(bodies);
      const first = sealBatch(null, whole.slice(0, cut));
      const last = first.at(-1);
      const second = sealBatch(last ? { seq: last.seq, hash: last.hash } : null, whole.slice(cut));
      expect([...first, ...second].map((link) => link.hash)).toEqual(whole.map((link) => link.hash));
      expect(firstProblem(whole)).toBeNull();
    }),
  );
});

test("S17 an edit, a removal or a swap anywhere is found", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string(), { minLength: 3, maxLength: 15 }),
      fc.nat(),
      fc.constantFrom("edit", "remove", "swap"),
      (bodies, seed, how) => {
        const rows = seal(bodies);
        const at = seed % (rows.length - 1);
        if (how === "edit") rows[at] = { ...rows[at]!, body: `${rows[at]!.body}!` };
        else if (how === "remove") rows.splice(at, 1);
        else [rows[at], rows[at + 1]] = [rows[at + 1]!, rows[at]!];
        expect(firstProblem(rows)).not.toBeNull();
      },
    ),
  );
});
