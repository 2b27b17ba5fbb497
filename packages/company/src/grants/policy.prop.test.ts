import fc from "fast-check";
import { expect, test } from "vitest";
import { decideCall, isOutward, type PolicyCall, type PolicyFacts, type PolicyVerdict } from "./policy.ts";

const tools = fc.constantFrom("publish_text", "send_mail", "read_page");
const classes = fc.constantFrom("public", "internal", "personal", "payment", "web");
const list = fc.uniqueArray(fc.oneof(tools, classes), { maxLength: 5 });
const digests = fc.constantFrom("one", "two");
const calls: fc.Arbitrary<PolicyCall> = fc.record({
  tool: tools,
  risk: fc.constantFrom("read", "write", "dangerous"),
  dataClass: classes,
  arguments: fc.constant({}),
  argumentsDigest: digests,
  amountMicroUsd: fc.bigInt(0n, 200n),
});
const standing = fc.record({
  id: fc.constant("s"),
  name: fc.constant("standing"),
  tool: tools,
  constraints: fc.constant([]),
  timesLeft: fc.integer({ min: -1, max: 2 }),
  leftMicroUsd: fc.bigInt(-10n, 200n),
});
const someFacts: fc.Arbitrary<PolicyFacts> = fc.record({
  layers: fc.record({
    company: fc.option(list),
    role: list,
    client: fc.option(list),
    task: fc.option(list),
    holder: fc.constantFrom("scout", "cmo"),
    exclusive: fc.constantFrom({}, { web: ["scout"] }, { public: ["cmo"] }),
  }),
  sees: fc.uniqueArray(classes),
  autonomy: fc.record({ mode: fc.constantFrom("shadow", "supervised", "autonomous"), releases: fc.uniqueArray(tools) }),
  taint: fc.option(fc.constant("a page")),
  permit: fc.option(
    fc.record({
      id: fc.constant("decision"),
      status: fc.constantFrom("pending", "approved", "vetoed", "escalated", "withdrawn", "overridden"),
      isOwn: fc.boolean(),
      action: fc.option(
        fc.record({
          tool: tools,
          argumentsDigest: fc.option(digests),
          timesLeft: fc.integer({ min: -1, max: 2 }),
          leftMicroUsd: fc.bigInt(-10n, 200n),
        }),
      ),
    }),
  ),
  standing: fc.array(standing, { maxLength: 2 }),
  rate: fc.option(fc.record({ used: fc.integer({ min: 0, max: 3 }), times: fc.constant(2), per: fc.constant("hour") })),
  waiting: fc.record({ now: fc.integer({ min: 0, max: 3 }), max: fc.constant(2) }),
});

/** The more of a company a verdict lets happen, the higher. */
const freedom = (verdict: PolicyVerdict): number => ({ deny: 0, record: 0, ask: 1, allow: 2 })[verdict.do];

test("S01 S21 nothing outward runs unasked but what grants, mode, operator and a decision or standing permission allow, untainted", () => {
  fc.assert(
    fc.property(calls, someFacts, (call, facts) => {
      if (call.risk !== "dangerous" || decideCall(call, facts).do !== "allow") return;
      const { layers, permit } = facts;
      for (const layer of [layers.company, layers.role, layers.client, layers.task])
        expect(layer === null || layer.includes(call.tool) || layer.includes(call.dataClass)).toBe(true);
      expect(facts.taint).toBeNull();
      expect(facts.autonomy.mode).not.toBe("shadow");
      expect(facts.rate === null || facts.rate.used < facts.rate.times).toBe(true);
      const byOperator = facts.standing.some(
        (each) => each.tool === call.tool && each.timesLeft > 0 && each.leftMicroUsd >= call.amountMicroUsd,
      );
      const byDecision =
        facts.autonomy.mode === "autonomous" &&
        facts.autonomy.releases.includes(call.tool) &&
        permit?.status === "approved" &&
        permit.isOwn &&
        permit.action?.tool === call.tool &&
        [null, call.argumentsDigest].includes(permit.action.argumentsDigest) &&
        permit.action.timesLeft > 0 &&
        call.amountMicroUsd <= permit.action.leftMicroUsd;
      expect(byOperator || byDecision).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

test("S01 S18 less granted, tainted, used up or dearer never frees a call", () => {
  fc.assert(
    fc.property(calls, someFacts, fc.constantFrom("company", "role", "client", "task"), list, (call, facts, layer, narrower) => {
      const before = freedom(decideCall(call, facts));
      const had = facts.layers[layer];
      const cut = {
        ...facts,
        layers: {
          ...facts.layers,
          [layer]: had === null ? narrower : had.filter((item) => (narrower as string[]).includes(item)),
        },
      };
      expect(freedom(decideCall(call, cut))).toBeLessThanOrEqual(before);
      expect(freedom(decideCall(call, { ...facts, standing: [] }))).toBeLessThanOrEqual(before);
      // Taint turns a decision's refusal into a question to a human, and never lets anything run.
      const tainted = decideCall(call, { ...facts, taint: "a page" });
      if (isOutward(call)) expect(tainted.do).not.toBe("allow");
      else expect(freedom(tainted)).toBe(before);
    }),
    { numRuns: 5_000 },
  );
});

test("every verdict names its rule, and the same question has the same answer", () => {
  fc.assert(
    fc.property(calls, someFacts, (call, facts) => {
      const verdict = decideCall(call, facts);
      expect(verdict.rule).toMatch(/^[a-z_]+\.?[\w.-]*$/);
      expect(decideCall(call, facts)).toEqual(verdict);
    }),
  );
});
