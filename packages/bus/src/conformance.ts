import { monotonicMs, makeNewId, systemClock } from "@aito/base";
import { channels, keys } from "@aito/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bellOver } from "./bell.ts";
import type { Bus } from "./bus.ts";

/** A bus under test. What an adapter cannot do is left out, and the cases that need it must be listed as skipped. */
export interface BusUnderTest {
  bus: Bus;
  /** Ends the connections of the bus from the server's side. */
  cutConnections?: () => Promise<void>;
  close(): Promise<void>;
}

interface Case {
  name: string;
  needs?: "cutConnections";
  run(subject: BusUnderTest): Promise<void>;
}

const newId = makeNewId(systemClock.now);
/** Agents' names differ between cases, so that a shared server needs no cleaning in between. */
const someone = (): string => `agent-${newId().slice(-12)}`;
const soon = { timeout: 5_000, interval: 10 };

const status = { status: "active", epoch: 3, last_heartbeat: "2026-01-01T00:00:00.000Z", container_id: "abc" } as const;

const messages: Case[] = [
  {
    name: "delivers what is published, in order, to every subscriber of that channel only",
    run: async ({ bus }) => {
      const mine = channels.agent(someone());
      const other = channels.agent(someone());
      const [first, second, foreign]: [string[], string[], string[]] = [[], [], []];
      await bus.subscribe([mine], (_, body) => first.push(body));
      await bus.subscribe([mine, channels.broadcast], (channel, body) => channel === mine && second.push(body));
      await bus.subscribe([other], (_, body) => foreign.push(body));
      const sent = Array.from({ length: 50 }, (_, index) => `ring ${index} ✓`);
      for (const body of sent) await bus.publish(mine, body);
      await expect.poll(() => [first.length, second.length], soon).toEqual([50, 50]);
      expect([first, second, foreign]).toEqual([sent, sent, []]);
    },
  },
  {
    name: "stops delivering to a closed subscription and keeps the others on the same channel",
    run: async ({ bus }) => {
      const channel = channels.agent(someone());
      const gone: string[] = [];
      const kept: string[] = [];
      const subscription = await bus.subscribe([channel], (_, body) => gone.push(body));
      await bus.subscribe([channel], (_, body) => kept.push(body));
      await subscription.close();
      await bus.publish(channel, "after");
      await expect.poll(() => kept, soon).toEqual(["after"]);
      expect(gone).toEqual([]);
    },
  },
  {
    name: "goes on delivering when a handler throws",
    run: async ({ bus }) => {
      const channel = channels.agent(someone());
      const seen: string[] = [];
      await bus.subscribe([channel], () => {
        throw new Error("a broken handler");
      });
      await bus.subscribe([channel], (_, body) => seen.push(body));
      await bus.publish(channel, "one");
      await bus.publish(channel, "two");
      await expect.poll(() => seen, soon).toEqual(["one", "two"]);
    },
  },
  {
    name: "rings a bell that is made over the bus",
    run: async ({ bus }) => {
      const channel = channels.agent(someone());
      const bell = await bellOver(bus, [channel]);
      const heard: string[] = [];
      bell.onRing((from, body) => heard.push(`${from} ${body}`));
      await bus.publish(channel, "ring");
      await expect.poll(() => heard, soon).toEqual([`${channel} ring`]);
      await bell.close();
    },
  },
  {
    name: "subscribes again by itself after a lost connection and says so",
    needs: "cutConnections",
    run: async ({ bus, cutConnections }) => {
      const channel = channels.agent(someone());
      const seen: string[] = [];
      let reconnects = 0;
      await bus.subscribe(
        [channel],
        (_, body) => seen.push(body),
        () => (reconnects += 1),
      );
      await cutConnections!();
      await expect.poll(() => reconnects, soon).toBe(1);
      await expect
        .poll(
          () =>
            bus.publish(channel, "again").then(
              () => true,
              () => false,
            ),
          soon,
        )
        .toBe(true);
      await expect.poll(() => seen, soon).toEqual(["again"]);
    },
  },
];

const states: Case[] = [
  {
    name: "R01 keeps an agent's status for its time to live",
    run: async ({ bus }) => {
      const agent = someone();
      expect(await bus.getStatus(agent)).toBeNull();
      await bus.setStatus(agent, status, 60_000);
      expect(await bus.getStatus(agent)).toEqual(status);
      await bus.setStatus(agent, { ...status, epoch: 4 }, 100);
      expect((await bus.getStatus(agent))?.epoch).toBe(4);
      await expect.poll(() => bus.getStatus(agent), soon).toBeNull();
      await bus.setStatus(agent, status, 60_000);
      await bus.clearStatus(agent);
      expect(await bus.getStatus(agent)).toBeNull();
      const [one, other] = [someone(), someone()];
      await bus.setStatuses(new Map([]), 60_000);
      await bus.setStatuses(
        new Map([
          [one, status],
          [other, { ...status, epoch: 9, container_id: "" }],
        ]),
        60_000,
      );
      expect([await bus.getStatus(one), await bus.getStatus(other)]).toEqual([status, { ...status, epoch: 9, container_id: "" }]);
      await bus.setStatuses(new Map([[other, status]]), 100);
      await expect.poll(() => bus.getStatus(other), soon).toBeNull();
      expect(await bus.getStatus(one)).toEqual(status);
    },
  },
  {
    name: "R08 takes tokens up to the bucket's size and says when there is one again",
    run: async ({ bus }) => {
      const agent = someone();
      // Nothing comes back into it while this looks, however slow the machine is.
      const bucket = { capacity: 3, perSecond: 0.05 };
      for (let taken = 0; taken < 3; taken += 1) expect(await bus.takeToken(agent, bucket)).toEqual({ ok: true, taken: 1 });
      const refused = await bus.takeToken(agent, bucket);
      expect(refused.ok).toBe(false);
      const wait = refused.ok ? 0 : refused.retryAfterMs;
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(20_000);
      expect(await bus.takeToken(someone(), bucket)).toEqual({ ok: true, taken: 1 });
      expect(await bus.takeToken(someone(), { ...bucket, count: 2 })).toEqual({ ok: true, taken: 2 });
      expect(await bus.takeToken(someone(), { ...bucket, count: 9 })).toEqual({ ok: true, taken: 3 });
      const quick = { capacity: 1, perSecond: 10 };
      await expect.poll(() => bus.takeToken(agent, quick), soon).toEqual({ ok: true, taken: 1 });
    },
  },
  {
    name: "R10 gives a lock to one owner until it is freed or runs out",
    run: async ({ bus }) => {
      const key = keys.containerLock(someone());
      expect(await bus.tryLock(key, "first", 60_000)).toBe(true);
      expect(await bus.tryLock(key, "first", 60_000)).toBe(true);
      expect(await bus.tryLock(key, "second", 60_000)).toBe(false);
      await bus.unlock(key, "second");
      expect(await bus.tryLock(key, "second", 60_000)).toBe(false);
      await bus.unlock(key, "first");
      expect(await bus.tryLock(key, "second", 100)).toBe(true);
      await expect.poll(() => bus.tryLock(key, "first", 60_000), soon).toBe(true);
    },
  },
  {
    name: "forgets everything that it keeps for an agent",
    run: async ({ bus }) => {
      const agent = someone();
      await bus.setStatus(agent, status, 60_000);
      await bus.addHint(agent, newId(), 5);
      await bus.forgetAgent(agent);
      expect([await bus.getStatus(agent), await bus.hints(agent)]).toEqual([null, []]);
      // One of the same name may come again.
      const id = newId();
      await bus.addHint(agent, id, 5);
      expect(await bus.hints(agent)).toEqual([id]);
    },
  },
  {
    name: "makes, lists and removes the users of incarnations, and refuses any other name or channel",
    run: async ({ bus }) => {
      const agent = someone();
      const user = { name: `agent:${agent}:1`, passwordHash: "a".repeat(64), channels: [channels.agent(agent)] };
      await bus.ensureAgentUser(user);
      await bus.ensureAgentUser(user);
      expect(await bus.agentUsers()).toContain(user.name);
      await expect(bus.ensureAgentUser({ ...user, name: "default" })).rejects.toMatchObject({ code: "AITO_BUS_USER" });
      await expect(bus.ensureAgentUser({ ...user, channels: ["*"] })).rejects.toMatchObject({ code: "AITO_BUS_USER" });
      await expect(bus.ensureAgentUser({ ...user, passwordHash: "plain" })).rejects.toMatchObject({ code: "AITO_BUS_USER" });
      await bus.removeAgentUser(user.name);
      await bus.removeAgentUser("default");
      expect(await bus.agentUsers()).not.toContain(user.name);
    },
  },
  {
    name: "answers a ping and tells a steady run id",
    run: async ({ bus }) => {
      await bus.ping();
      const id = await bus.serverRunId();
      expect(id).not.toBe("");
      expect(await bus.serverRunId()).toBe(id);
    },
  },
];

const queues: Case[] = [
  {
    name: "R06 keeps hints by priority, each once, until they are removed",
    run: async ({ bus }) => {
      const agent = someone();
      const [low, high, middle] = [newId(), newId(), newId()];
      await bus.addHint(agent, low, 1);
      await bus.addHint(agent, high, 9);
      await bus.addHint(agent, middle, 5);
      await bus.addHint(agent, high, 9);
      expect(await bus.hints(agent)).toEqual([high, middle, low]);
      await bus.removeHint(agent, middle);
      await bus.removeHint(agent, middle);
      expect(await bus.hints(agent)).toEqual([high, low]);
      expect(await bus.hints(someone())).toEqual([]);
    },
  },
  {
    name: "R07 hands each urgent hint to the consumer once and drops it, also when the consumer fails",
    run: async ({ bus }) => {
      const ids = [newId(), newId(), newId()];
      const seen: string[] = [];
      const consumer = await bus.consumeUrgent(async (id) => {
        if (ids.includes(id)) seen.push(id);
        await Promise.resolve();
        if (id === ids[1]) throw new Error("could not assign it");
      });
      for (const id of ids) await bus.addHint(null, id, 5);
      await expect.poll(() => seen.toSorted(), soon).toEqual(ids.toSorted());
      await expect.poll(() => bus.hints(null), soon).toEqual([]);
      await consumer.close();
      const late = newId();
      await bus.addHint(null, late, 5);
      expect(await bus.hints(null)).toEqual([late]);
      await bus.removeHint(null, late);
      expect(seen).toHaveLength(3);
    },
  },
  {
    name: "runs a background job with its data, once while it waits, and again after a failure",
    run: async ({ bus }) => {
      const name = `notice-${newId().slice(-12)}`;
      const id = newId();
      await bus.addJob(name, id, { n: 1 });
      await bus.addJob(name, id, { n: 2 });
      const seen: unknown[] = [];
      const consumer = await bus.consumeJobs(name, async (data, jobId) => {
        seen.push([data, jobId]);
        await Promise.resolve();
        if (seen.length === 1) throw new Error("first attempt");
      });
      await expect
        .poll(() => seen, soon)
        .toEqual([
          [{ n: 1 }, id],
          [{ n: 1 }, id],
        ]);
      await consumer.close();
      // The same id may run again once the earlier job is over.
      await bus.addJob(name, id, { n: 3 });
      const again: unknown[] = [];
      const second = await bus.consumeJobs(name, (data) => Promise.resolve(void again.push(data)));
      await expect.poll(() => again, soon).toEqual([{ n: 3 }]);
      await second.close();
    },
  },
  {
    name: "gives a job up after its attempts and holds back a delayed one",
    run: async ({ bus }) => {
      const name = `notice-${newId().slice(-12)}`;
      let lateAt = 0;
      const seen: string[] = [];
      const consumer = await bus.consumeJobs(name, (_, id) => {
        seen.push(id);
        if (id === "late") lateAt = monotonicMs();
        return id.startsWith("bad") ? Promise.reject(new Error("always")) : Promise.resolve();
      });
      const addedAt = monotonicMs();
      await bus.addJob(name, "late", {}, { delayMs: 200 });
      await bus.addJob(name, "bad", {}, { attempts: 1 });
      await expect.poll(() => seen.toSorted(), soon).toEqual(["bad", "late"]);
      expect(lateAt - addedAt).toBeGreaterThan(150);
      await consumer.close();
    },
  },
  {
    name: "goes on consuming after a lost connection",
    needs: "cutConnections",
    run: async ({ bus, cutConnections }) => {
      const name = `notice-${newId().slice(-12)}`;
      const seen: string[] = [];
      const consumer = await bus.consumeJobs(name, (_, id) => Promise.resolve(void seen.push(id)));
      await cutConnections!();
      await expect
        .poll(
          () =>
            bus.addJob(name, "after", {}).then(
              () => true,
              () => false,
            ),
          soon,
        )
        .toBe(true);
      await expect.poll(() => seen, soon).toEqual(["after"]);
      await consumer.close();
    },
  },
];

/** What every bus must do. A case that cannot run fails unless `listedSkips` names it with its reason. */
export function busConformance(
  name: string,
  make: () => Promise<BusUnderTest | { missing: string }>,
  listedSkips: Record<string, string> = {},
): void {
  const cases = [...messages, ...states, ...queues];
  describe(`bus conformance: ${name}`, () => {
    let subject: BusUnderTest | { missing: string };
    beforeEach(async () => {
      subject = await make();
    });
    afterEach(async () => {
      if (!("missing" in subject)) await subject.close();
    });
    for (const item of cases) {
      test(item.name, async ({ skip }) => {
        if ("missing" in subject) return skip(subject.missing);
        const reason = listedSkips[item.name];
        const able = item.needs === undefined || subject[item.needs] !== undefined;
        if (able) {
          if (reason !== undefined) throw new Error(`listed as skipped (${reason}), but it can run`);
          await item.run(subject);
          return;
        }
        if (reason === undefined) throw new Error("cannot run here and is not listed with a reason");
        skip(reason);
      });
    }
    test("lists only cases that exist as skipped", () => {
      expect(Object.keys(listedSkips).filter((listed) => !cases.some((item) => item.name === listed))).toEqual([]);
    });
    test("refuses calls after close", async ({ skip }) => {
      if ("missing" in subject) return skip(subject.missing);
      await subject.bus.close();
      await expect(subject.bus.ping()).rejects.toMatchObject({ code: "AITO_BUS_UNAVAILABLE", fate: "retry" });
    });
  });
}
