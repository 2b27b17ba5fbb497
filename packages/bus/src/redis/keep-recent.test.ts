import { expect, test } from "vitest";
import { keepRecent } from "./keep-recent.ts";

function world(max: number) {
  let now = 0;
  const gone: string[] = [];
  let opened = 0;
  const recent = keepRecent<string>({
    max,
    idleMs: 600,
    clock: { now: () => new Date(now) },
    letGo: (thing) => void gone.push(thing),
  });
  const of = (key: string): string => recent.of(key, () => `${key}${(opened += 1)}`);
  return { recent, of, gone, go: (ms: number) => void (now += ms) };
}

test("Y15 what nobody asked for in a while is let go when another is opened, what was asked for stays", () => {
  const { of, gone, go } = world(10);
  expect([of("worker"), of("cmo")]).toEqual(["worker1", "cmo2"]);
  go(500);
  expect(of("cmo")).toBe("cmo2");
  go(100);
  expect(of("cmo")).toBe("cmo2");
  expect(gone).toEqual([]);
  expect(of("next")).toBe("next3");
  expect(gone).toEqual(["worker1"]);
  expect(of("cmo")).toBe("cmo2");
});

test("more than the most are never kept: the longest unused goes", () => {
  const { of, gone } = world(2);
  for (const key of ["a", "b", "a", "c"]) of(key);
  expect(gone).toEqual(["b2"]);
  expect([of("a"), of("b")]).toEqual(["a1", "b4"]);
});

test("what is taken is nobody's any more, and opened anew", () => {
  const { recent, of, gone } = world(10);
  of("a");
  of("b");
  expect([recent.take("a"), recent.take("a"), of("a")]).toEqual(["a1", undefined, "a3"]);
  expect(recent.takeAll()).toEqual(["b2", "a3"]);
  expect([recent.takeAll(), gone]).toEqual([[], []]);
});
