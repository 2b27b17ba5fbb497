import { expect, test } from "vitest";
import { disputes, sidesOf } from "./disputes.ts";

const pair = (id: string, first: string, second: string, between = id) => ({ id, first, second, between });

test("S07 pairs that share a claim are one dispute, whichever came first; others stand by themselves", () => {
  const found = disputes([pair("p4", "b", "c"), pair("p1", "a", "b"), pair("p2", "c", "d"), pair("p3", "x", "y")]);
  expect(found.map(({ id, claims }) => [id, claims])).toEqual([
    ["p1", ["a", "b", "c", "d"]],
    ["p3", ["x", "y"]],
  ]);
  expect(found[0]!.pairs.map(({ id }) => id).toSorted()).toEqual(["p1", "p2", "p4"]);
  expect(disputes([])).toEqual([]);
});

test("S07 as many pairs as are read at once are put together, all apart or all one", { timeout: 6_000 }, () => {
  const pairsMax = 10_000;
  const id = (at: number): string => String(at).padStart(8, "0");
  const apart = Array.from({ length: pairsMax }, (_, at) => pair(id(at), `a${id(at)}`, `b${id(at)}`));
  expect(disputes(apart).map(({ id: of, claims }) => [of, claims.length])).toEqual(apart.map(({ id: of }) => [of, 2]));
  // Every second one first, so that each of the others joins two.
  const order = (at: number): number => (at % 2 === 0 ? at / 2 : pairsMax / 2 + (at - 1) / 2);
  const chain = Array.from({ length: pairsMax }, (_, at) => pair(id(order(at)), id(at), id(at + 1)));
  const [one, ...others] = disputes(chain);
  expect([one!.id, one!.pairs.length, one!.claims, others]).toEqual([
    id(0),
    pairsMax,
    Array.from({ length: pairsMax + 1 }, (_, at) => id(at)),
    [],
  ]);
});

test("S07 two agents have one dispute about a figure at a time, whatever values it is between", () => {
  const found = disputes([pair("p1", "a", "b", "cmo cto"), pair("p2", "x", "y", "cmo cfo"), pair("p3", "c", "d", "cmo cto")]);
  expect(found.map(({ id, claims }) => [id, claims])).toEqual([
    ["p1", ["a", "b", "c", "d"]],
    ["p2", ["x", "y"]],
  ]);
});

test("S07 a side is an agent with a value: what it repeats is the same side, what another says of it is not", () => {
  const claim = (id: string, agent: string, value: string, unit = "count") => ({ id, agent, value, unit });
  const sides = sidesOf([
    claim("1", "cmo", "1204"),
    claim("2", "cto", "1300"),
    claim("3", "cmo", "1204"),
    claim("4", "cfo", "1204"),
    claim("5", "cmo", "1204", "ratio"),
  ]);
  expect(sides.map(({ id }) => id)).toEqual(["1", "2", "4", "5"]);
});

test("S07 one quantity of one agent is one side, however it is written and in whatever unit of its kind", () => {
  const claim = (id: string, value: string, unit: string, agent = "cmo") => ({ id, agent, value, unit });
  const sides = sidesOf([
    claim("1", "5", "count"),
    claim("2", "05", "count"),
    claim("3", "5.00", "count"),
    claim("4", "0.125", "ratio"),
    claim("5", "12.5", "percent"),
    claim("6", "5", "EUR"),
    claim("7", "5.0", "count", "cto"),
    claim("8", "5.01", "count"),
  ]);
  expect(sides.map(({ id }) => id)).toEqual(["1", "4", "6", "7", "8"]);
});
