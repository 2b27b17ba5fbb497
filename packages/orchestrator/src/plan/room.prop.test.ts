import fc from "fast-check";
import { expect, test } from "vitest";
import { hasRoom, roomMax, type Step } from "./room.ts";

const step = fc.record({ begins: fc.boolean(), kind: fc.constantFrom("agent" as const, "worker" as const) });

/** Lets in what has room, in this order, while nothing ends. */
const letIn = (asked: Step[], underWay: Step[] = []): Step[] => {
  for (const next of asked) if (hasRoom(next, underWay)) underWay.push(next);
  return underWay;
};

test("F01 whatever workers have under way, a standing agent that was lost may be ended and begun at once", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (asked) => {
      const workers = letIn(asked.map(({ begins }) => ({ begins, kind: "worker" as const })));
      expect(hasRoom({ begins: true, kind: "agent" }, workers)).toBe(true);
      const standing = letIn(asked);
      expect(standing.length).toBeLessThanOrEqual(roomMax.agent.all);
      // An end waits for no beginning.
      const begun = standing.filter(({ begins }) => begins);
      expect(begun.length).toBeLessThanOrEqual(roomMax.agent.begin);
      expect(hasRoom({ begins: false, kind: "agent" }, begun)).toBe(true);
      expect(hasRoom({ begins: false, kind: "worker" }, begun)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
