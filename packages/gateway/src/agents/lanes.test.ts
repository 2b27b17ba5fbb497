import type { AgentSession } from "@aito/company";
import fc from "fast-check";
import { expect, test } from "vitest";
import { endedRounds, makeLanes, type Place, refusedMs, underWayMax, waitingMax } from "./lanes.ts";
import { makeLiveAgents } from "./live-agents.ts";

/** Time that a test moves on. */
function handClock() {
  let now = 0;
  const due: { at: number; run: () => void }[] = [];
  return {
    after: (ms: number, run: () => void) => {
      due.push({ at: now + ms, run });
      return () => undefined;
    },
    pass: (ms: number) => {
      now += ms;
      for (const one of due.filter(({ at }) => at <= now)) {
        due.splice(due.indexOf(one), 1);
        one.run();
      }
    },
  };
}
const here = new AbortController().signal;
const settled = async (promise: Promise<unknown>): Promise<boolean> => {
  let is = false;
  void promise.then(
    () => (is = true),
    () => (is = true),
  );
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  return is;
};

test("F20 one session's requests beyond its places wait in their order, and no other session waits for them", async () => {
  const lanes = makeLanes(handClock(), makeLiveAgents());
  const places: Place[] = [];
  for (let at = 0; at < underWayMax; at += 1) places.push(await lanes.enter("flooder", here));
  const [first, second] = [lanes.enter("flooder", here), lanes.enter("flooder", here)];
  expect([await settled(first), await settled(second), await settled(lanes.enter("other", here))]).toEqual([false, false, true]);
  places[0]!.leave();
  expect([await settled(first), await settled(second)]).toEqual([true, false]);
  // Whoever leaves twice frees one place.
  places[0]!.leave();
  expect(await settled(second)).toBe(false);
});

test("F20 a refused request keeps its place for a while, so that a flood is answered seldom", async () => {
  const clock = handClock();
  const lanes = makeLanes(clock, makeLiveAgents());
  const places = await Promise.all(Array.from({ length: underWayMax }, () => lanes.enter("flooder", here)));
  for (const place of places) {
    place.refused();
    place.leave();
  }
  const next = lanes.enter("flooder", here);
  clock.pass(refusedMs - 1);
  expect(await settled(next)).toBe(false);
  clock.pass(1);
  expect(await settled(next)).toBe(true);
});

test("F20 whose client has gone waits no longer and takes no place, and there is an end to waiting", async () => {
  const lanes = makeLanes(handClock(), makeLiveAgents());
  const places = await Promise.all(Array.from({ length: underWayMax }, () => lanes.enter("flooder", here)));
  const gone = new AbortController();
  const left = lanes.enter("flooder", gone.signal);
  gone.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  const waiting = Array.from({ length: waitingMax }, () => lanes.enter("flooder", here));
  await expect(lanes.enter("flooder", here)).rejects.toMatchObject({ code: "AITO_AGENT_FLOOD", status: 429 });
  places[0]!.leave();
  expect([await settled(waiting[0]!), await settled(waiting[1]!)]).toEqual([true, false]);
});

test("F20 whatever comes and goes, no lane has more under way than its places, and in the end everybody was let in", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom("a", "b"), fc.boolean(), fc.boolean()), { maxLength: 80 }),
      async (comers) => {
        const clock = handClock();
        const lanes = makeLanes(clock, makeLiveAgents());
        const underWay = { a: 0, b: 0 };
        let most = 0;
        let served = 0;
        const all = comers.map(async ([lane, refused, isLong], at) => {
          const place = await lanes.enter(lane, here);
          underWay[lane] += 1;
          most = Math.max(most, underWay.a, underWay.b);
          if (isLong) await new Promise<void>((resolve) => void clock.after(at, resolve));
          underWay[lane] -= 1;
          served += 1;
          if (refused) place.refused();
          place.leave();
        });
        for (let step = 0; served < comers.length && step < 200; step += 1) {
          for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
          clock.pass(refusedMs);
        }
        await Promise.all(all);
        expect(most).toBeLessThanOrEqual(underWayMax);
      },
    ),
    { numRuns: 200 },
  );
});

test("Y15 a session that has ended is known while its container may be about to be killed, and not for ever", () => {
  const live = makeLiveAgents();
  const lanes = makeLanes(handClock(), live);
  for (const hash of ["stays", "ended", "back"]) lanes.know(hash, { agent: hash } as AgentSession);
  const round = (...sessions: string[]): void => live.seen({ agents: new Set(), sessions: new Set(sessions) });
  for (let count = 0; count < endedRounds; count += 1) round("stays");
  expect([lanes.isKnown("stays"), lanes.isKnown("ended"), lanes.isKnown("back")]).toEqual([true, true, true]);
  round("stays", "back");
  round("stays");
  expect([lanes.isKnown("stays"), lanes.sessionOf("ended"), lanes.sessionOf("back")?.agent]).toEqual([true, null, "back"]);
});
