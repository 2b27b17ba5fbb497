import type { Clock } from "@aito/base";
import { expect, test } from "vitest";
import { inFlightMax, makeAdmission, priorities } from "./admission.ts";

/** Time that moves when it is told to; what is due runs in order. */
function handClock() {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  const clock: Clock = {
    now: () => new Date(now),
    sleep: () => Promise.reject(new Error("nobody sleeps here")),
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
  };
  const advance = async (ms: number): Promise<void> => {
    const until = now + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = timers.filter((timer) => timer.at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      now = Math.max(now, next.at);
      next.run();
    }
    now = until;
  };
  return { clock, advance, now: () => now };
}

const signal = new AbortController().signal;

test("R08 a head's ballot goes before a worker's draft, and callers of one rank take turns", async () => {
  const { clock } = handClock();
  const admission = makeAdmission({ clock, random: () => 0.5 });
  const enter = (caller: string, priority: number) => admission.enter({ caller, priority, signal, waitMsMax: 60_000 });
  const held = await Promise.all(Array.from({ length: inFlightMax }, () => enter("somebody", priorities.agent)));
  const order: string[] = [];
  const come = (caller: string, priority: number) =>
    enter(caller, priority).then((ticket) => {
      order.push(caller);
      held.push(ticket);
    });
  const waiting = [
    ...Array.from({ length: 3 }, () => come("writer-1", priorities.worker)),
    come("writer-2", priorities.worker),
    ...Array.from({ length: 3 }, () => come("cmo", priorities.agent)),
    come("cto", priorities.agent),
    come("ceo", priorities.ballot),
  ];
  for (let index = 0; index < waiting.length; index += 1) {
    held[index]!.leave();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(waiting);
  expect(order).toEqual(["ceo", "cmo", "cto", "cmo", "cmo", "writer-1", "writer-2", "writer-1", "writer-1"]);
});

test("who waited long enough goes before a better rank, and who waits too long or goes away is told", async () => {
  const { clock, advance } = handClock();
  const admission = makeAdmission({ clock, random: () => 0.5 });
  const held = await Promise.all(
    Array.from({ length: inFlightMax }, () => admission.enter({ caller: "x", priority: 2, signal, waitMsMax: 1 })),
  );
  const order: string[] = [];
  const old = admission.enter({ caller: "writer", priority: 3, signal, waitMsMax: 60_000 }).then(() => order.push("writer"));
  const late = admission.enter({ caller: "late", priority: 3, signal, waitMsMax: 5_000 });
  const refused = expect(late).rejects.toMatchObject({ code: "AITO_MODEL_RATE", status: 429 });
  const gone = new AbortController();
  const left = expect(admission.enter({ caller: "y", priority: 1, signal: gone.signal, waitMsMax: 60_000 })).rejects.toThrow(
    "gone",
  );
  gone.abort(new Error("gone"));
  await advance(11_000);
  await Promise.all([refused, left]);
  const vote = admission.enter({ caller: "ceo", priority: 0, signal, waitMsMax: 60_000 }).then(() => order.push("ceo"));
  held[0]!.leave();
  held[1]!.leave();
  await Promise.all([old, vote]);
  expect(order).toEqual(["writer", "ceo"]);
});

test.each([200, 1_500])(
  "F14 after a storm %i that waited come down evenly: the peak of a second is at most twice the mean, and the pace comes back",
  async (waiting) => {
    const { clock, advance, now } = handClock();
    let seed = 1;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const admission = makeAdmission({ clock, random });
    const enter = (caller: string) => admission.enter({ caller, priority: 2, signal, waitMsMax: 600_000 });
    // Twenty calls a second before it.
    for (let call = 0; call < 400; call += 1) {
      (await enter(`a${call % 20}`)).leave();
      await advance(50);
    }
    // The storm: everything is refused, and meanwhile a backlog comes together.
    const stormed = await enter("a0");
    stormed.overloaded();
    const times: number[] = [];
    const backlog = Array.from({ length: waiting }, (_, index) =>
      enter(`a${index % 20}`).then((ticket) => {
        times.push(now());
        ticket.leave();
      }),
    );
    stormed.leave();
    await advance(60_000);
    await Promise.all(backlog);
    const seconds = new Map<number, number>();
    for (const at of times) seconds.set(Math.floor(at / 1_000), (seconds.get(Math.floor(at / 1_000)) ?? 0) + 1);
    const span = (times.at(-1)! - times[0]!) / 1_000;
    expect(Math.max(...seconds.values()) / (times.length / span)).toBeLessThanOrEqual(2);
    expect(span).toBeGreaterThan(5);
    // Long after it nobody waits any more.
    for (let call = 0; call < 300; call += 1) {
      void enter("a1").then((ticket) => ticket.leave());
      await advance(100);
    }
    const at = now();
    await Promise.all(Array.from({ length: 20 }, () => enter("a2").then((ticket) => ticket.leave())));
    expect(now()).toBe(at);
  },
);
