import { usdToMicro } from "@aito/protocol";
import { expect, test } from "vitest";
import { classify, type ClassifyInput } from "./classify.ts";

const authority = {
  minor: ["Daily social media posts", "Content scheduling"],
  major: ["New marketing campaigns (> $100 budget)", "Influencer partnerships"],
  critical: ["Major rebrand initiatives", "Large budget allocations (> $1000)"],
  majorAboveMicroUsd: null,
  criticalAboveMicroUsd: null,
};
const limits = { majorAboveMicroUsd: usdToMicro(100), criticalAboveMicroUsd: usdToMicro(1000) };
const judge = (changes: Partial<Omit<ClassifyInput, "amountMicroUsd">> & { usd?: number } = {}) =>
  classify({
    declared: "minor",
    kind: null,
    recent: { minorMicroUsd: 0n, majorMicroUsd: 0n },
    authority,
    limits,
    ...changes,
    amountMicroUsd: usdToMicro(changes.usd ?? 0),
  });

test("V01 a proposal without a kind keeps its declared type", () => {
  expect(judge({ usd: 50 })).toEqual({ type: "minor", reason: null });
  expect(judge({ declared: "critical", usd: 50 })).toEqual({ type: "critical", reason: null });
});

test("V02 the money limits are exclusive", () => {
  expect(judge({ usd: 100 }).type).toBe("minor");
  expect(judge({ usd: 100.000001 }).type).toBe("major");
  expect(judge({ usd: 1000 }).type).toBe("major");
  expect(judge({ usd: 1000.01 }).type).toBe("critical");
});

test("V02 a major proposal of $5000 is raised to critical, and says why", () => {
  expect(judge({ declared: "major", usd: 5000 })).toEqual({
    type: "critical",
    reason: "raised to critical: $5000.00 is above the $1000.00 limit",
  });
});

test("V02 the type is never lowered, by kind or by money", () => {
  expect(judge({ declared: "critical", kind: "Content scheduling", usd: 1 }).type).toBe("critical");
  expect(judge({ declared: "major", kind: "Content scheduling" }).type).toBe("major");
});

test("V02 a kind of the profile raises to its list; case, spacing and bracketed remarks do not count", () => {
  expect(judge({ kind: "daily  social media POSTS" }).type).toBe("minor");
  expect(judge({ kind: "New marketing campaigns" }).type).toBe("major");
  expect(judge({ kind: "Large budget allocations (any)" }).type).toBe("critical");
});

test("V02 a kind that the profile does not list is at least major", () => {
  expect(judge({ kind: "Buying a yacht" })).toMatchObject({ type: "major", reason: expect.stringContaining('"Buying a yacht"') });
  expect(judge({ kind: "  " }).type).toBe("minor");
});

test("V02 a profile's own limits stand before the fleet's", () => {
  const own = { ...authority, majorAboveMicroUsd: "20000000", criticalAboveMicroUsd: "30000000" };
  expect(judge({ authority: own, usd: 25 }).type).toBe("major");
  expect(judge({ authority: own, usd: 35 }).type).toBe("critical");
});

test("V02 a hundred times $90 for one kind is major at the second and critical by the twelfth", () => {
  const recent = { minorMicroUsd: 0n, majorMicroUsd: 0n };
  const types = Array.from({ length: 100 }, () => {
    const { type } = judge({ recent: { ...recent }, usd: 90 });
    if (type === "minor") recent.minorMicroUsd += usdToMicro(90);
    if (type === "major") recent.majorMicroUsd += usdToMicro(90);
    return type;
  });
  expect(types[0]).toBe("minor");
  expect(types[1]).toBe("major");
  expect(types.slice(0, 12).indexOf("critical")).toBe(11);
  expect(new Set(types.slice(11))).toEqual(new Set(["critical"]));
});

test("V02 what the heads have judged is not held against a small amount", () => {
  expect(judge({ recent: { minorMicroUsd: 0n, majorMicroUsd: usdToMicro(400) }, usd: 50 }).type).toBe("minor");
});

test("V02 the reason is bounded, however long the kind is", () => {
  expect(judge({ kind: "x".repeat(255) }).reason!.length).toBeLessThan(200);
});
