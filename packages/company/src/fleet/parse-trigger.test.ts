import { expect, test } from "vitest";
import { loadPack } from "./load-pack.ts";
import { packWarnings, parseTrigger } from "./parse-trigger.ts";

test("P08 the seed's four rules are typed triggers", () => {
  expect(parseTrigger("Negative sentiment spike (> 20%)", "Immediate CEO alert")).toEqual({
    kind: "sentiment_drop",
    threshold: "20",
    notify: ["ceo"],
    emergency: false,
  });
  expect(parseTrigger("PR crisis", "CEO + DAO emergency session")).toEqual({
    kind: "pr_crisis",
    threshold: "0",
    notify: ["ceo", "dao"],
    emergency: true,
  });
  expect(parseTrigger("Budget overrun", "CFO notification")).toMatchObject({ kind: "budget_overrun", notify: ["cfo"] });
  expect(parseTrigger("Technical issues", "CTO handoff")).toMatchObject({ kind: "technical_issue", notify: ["cto"] });
});

test("P08 a threshold with a fraction is kept exactly, and sentiment without a threshold is prose", () => {
  expect(parseTrigger("Budget overrun (> 2.5%)", "CFO notification")?.threshold).toBe("2.5");
  expect(parseTrigger("Negative sentiment", "CEO alert")).toBeUndefined();
});

test("P08 what the platform cannot watch, or what names nobody, stays prose", () => {
  expect(parseTrigger("Suspected fraud", "CCO handoff and human alert")).toBeUndefined();
  expect(parseTrigger("Technical issues", "somebody should look")).toBeUndefined();
});

test("P08 rules that nothing watches are listed for the operator", async () => {
  const fleet = await loadPack(new URL("../../../../profiles/aito/fleet.yaml", import.meta.url).pathname);
  const warnings = packWarnings(fleet);
  expect(warnings.some((line) => line.startsWith('cco.md: the rule "') || line.startsWith('cfo.md: the rule "'))).toBe(true);
  expect(warnings.some((line) => line.startsWith("cmo.md"))).toBe(false);
  const without = structuredClone(fleet);
  delete without.file.roles["cto"];
  expect(packWarnings(without)).toContain(
    'cmo.md: the rule "Technical issues → CTO handoff" tells cto, a role that this fleet does not have',
  );
});
