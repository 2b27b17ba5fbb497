import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines } from "./diff-lines.ts";

const text = fc.array(fc.constantFrom("a", "b", "c", "d", ""), { maxLength: 30 }).map((lines) => lines.join("\n"));

test("a diff holds exactly what left and what came, and nothing when nothing did", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      const count = (of: string) => of.split("\n").length;
      const signed = (sign: string) => lines.filter((line) => line.sign === sign).length;
      expect(signed("added") - signed("removed")).toBe(lines.length === 0 ? 0 : count(after) - count(before));
      if (before === after) expect(lines).toEqual([]);
      else expect(signed("added") + signed("removed")).toBeGreaterThan(0);
      // What came stands in the new text in that order, what left in the old one.
      for (const [sign, whole] of [
        ["added", after],
        ["removed", before],
      ] as const) {
        const all = whole.split("\n");
        let at = 0;
        for (const line of lines.filter((each) => each.sign === sign)) {
          at = all.indexOf(line.text, at) + 1;
          expect(at).toBeGreaterThan(0);
        }
      }
    }),
  );
});

test("what is the same far from a change is left out", () => {
  const far = Array.from({ length: 40 }, (_, at) => `line ${at}`);
  const lines = diffLines(far.join("\n"), far.with(20, "new").join("\n"));
  expect(lines.map(({ sign }) => sign).join(" ")).toBe("gap same same same removed added same same same gap");
});
