import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeCall } from "./gate.ts";

const tools = fc.constantFrom("publish_text", "send_mail", "pay");
const digests = fc.constantFrom("one", "two");
const calls = fc.record({ tool: tools, argumentsDigest: digests, amountMicroUsd: fc.bigInt(0n, 200n) });
const autonomies = fc.record({ mode: fc.constantFrom("shadow", "supervised", "autonomous"), releases: fc.uniqueArray(tools) });
const permits = fc.record({
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
});

test("S21 nothing runs but what the mode, the operator's list and an approved decision of its own release, within its amount", () => {
  fc.assert(
    fc.property(calls, autonomies, fc.option(permits), (call, autonomy, permit) => {
      const may =
        autonomy.mode === "autonomous" &&
        autonomy.releases.includes(call.tool) &&
        permit?.status === "approved" &&
        permit.isOwn &&
        permit.action?.tool === call.tool &&
        [null, call.argumentsDigest].includes(permit.action.argumentsDigest) &&
        permit.action.timesLeft > 0 &&
        call.amountMicroUsd <= permit.action.leftMicroUsd;
      expect(judgeCall(call, autonomy, permit).do === "run").toBe(may);
    }),
    { numRuns: 5_000 },
  );
});
