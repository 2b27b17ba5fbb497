import { type Clock, createLogger, makeNewId, sha256, silentLogger, systemClock } from "@aito/base";
import { type Bus, connectBell, connectRedisBus } from "@aito/bus";
import { type BusUnderTest, busConformance } from "@aito/bus/conformance";
import { channels, channelsOf, keys } from "@aito/protocol";
import { describe, expect, test } from "vitest";
import { type RedisServer, startRedis, useRedis, waitFor } from "../src/index.ts";
import { connected } from "./connected.ts";

const used = useRedis();
const newId = makeNewId(systemClock.now);
const open = (redis: RedisServer, clock: Clock = systemClock): Promise<Bus> =>
  connectRedisBus({ url: redis.url, log: silentLogger, clock });

/** Ends every connection but the asking one's. */
const cut = async (redis: RedisServer): Promise<void> => {
  await redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  await redis.command("CLIENT", "KILL", "TYPE", "pubsub");
};

busConformance("redis", async (): Promise<BusUnderTest | { missing: string }> => {
  let missing = "";
  const redis = ((): RedisServer | null => {
    try {
      return used.orSkip((reason) => {
        missing = reason;
        throw new Error(reason);
      });
    } catch {
      return null;
    }
  })();
  if (!redis) return { missing };
  const bus = await open(redis);
  return { bus, cutConnections: () => cut(redis), close: () => bus.close() };
});

describe("names in Redis", () => {
  test("R01 R06 R07 R08 R10 every key has the seed's name", async ({ skip }) => {
    const redis = used.orSkip(skip);
    const bus = await open(redis);
    try {
      await redis.command("FLUSHALL");
      const work = newId();
      await bus.setStatus(
        "cmo",
        { status: "active", epoch: 1, last_heartbeat: "2026-01-01T00:00:00.000Z", container_id: "abc" },
        60_000,
      );
      await bus.addHint("cmo", work, 5);
      await bus.addHint(null, work, 5);
      await bus.takeToken("cmo", { capacity: 5, perSecond: 1 });
      await bus.tryLock(keys.containerLock("cmo"), "orchestrator", 60_000);
      const names = (await redis.command("KEYS", "*")).split("\n").filter(Boolean);
      expect(names).toEqual(
        expect.arrayContaining([
          "agent:status:cmo",
          `queue:tasks:cmo:${work}`,
          "queue:tasks:cmo:prioritized",
          `queue:urgent:${work}`,
          "ratelimit:claude:cmo",
          "lock:container:cmo",
        ]),
      );
      expect(await redis.command("TTL", "agent:status:cmo")).toMatch(/^(59|60)$/m);
      expect(await redis.command("HGET", "agent:status:cmo", "epoch")).toMatch(/^1$/m);
      await bus.forgetAgent("cmo");
      const left = (await redis.command("KEYS", "*")).split("\n").filter((name) => name.includes("cmo"));
      expect(left).toEqual([]);
    } finally {
      await bus.close();
    }
  });

  test("R02 R03 R04 R05 every channel has the seed's name", async ({ skip }) => {
    const redis = used.orSkip(skip);
    const bus = await open(redis);
    try {
      const all = channelsOf({ name: "ceo", isHead: true, isCouncil: true });
      await bus.subscribe(all, () => undefined);
      const heard = (await redis.command("PUBSUB", "CHANNELS")).split("\n").filter(Boolean).toSorted();
      expect(heard).toEqual(["channel:agent:ceo", "channel:broadcast", "channel:clevel", "channel:head"]);
    } finally {
      await bus.close();
    }
  });
});

describe("an agent's own user", () => {
  const userOf = (agent: string, password: string) => ({
    name: `agent:${agent}:1`,
    passwordHash: sha256(password),
    channels: [channels.agent(agent)],
  });
  const bellOf = (redis: RedisServer, agent: string, password: string, own = [channels.agent(agent)]) =>
    connectBell({
      socketPath: redis.socketPath,
      username: `agent:${agent}:1`,
      password,
      channels: own,
      log: silentLogger,
      clock: systemClock,
    });

  test("hears its own channels over the unix socket, and again after Redis has lost its users", async ({ skip }) => {
    const redis = used.orSkip(skip);
    const bus = await open(redis);
    await bus.ensureAgentUser(userOf("cmo", "secret-of-cmo"));
    const bell = await bellOf(redis, "cmo", "secret-of-cmo");
    const heard: string[] = [];
    bell.onRing((channel, body) => heard.push(`${channel} ${body}`));
    try {
      await bus.publish(channels.agent("cmo"), "one");
      await waitFor(
        () => heard,
        (seen) => seen.length === 1,
        20_000,
      );
      await bus.removeAgentUser("agent:cmo:1");
      await waitFor(
        () => redis.command("PUBSUB", "NUMSUB", channels.agent("cmo")),
        (text) => /\n0$/m.test(text.trim()),
        20_000,
      );
      await bus.ensureAgentUser(userOf("cmo", "secret-of-cmo"));
      await waitFor(
        async () => {
          await bus.publish(channels.agent("cmo"), "two");
          return heard;
        },
        (seen) => seen.length > 1,
        10_000,
      );
      expect(new Set(heard)).toEqual(new Set(["channel:agent:cmo one", "channel:agent:cmo two"]));
    } finally {
      await bell.close();
      await bus.close();
    }
  });

  test("may do nothing else: no foreign channel, no key, no publish, no administration", async ({ skip }) => {
    const redis = used.orSkip(skip);
    const bus = await open(redis);
    await bus.ensureAgentUser(userOf("cto", "secret-of-cto"));
    const refused = [
      ["SUBSCRIBE", "channel:agent:cmo"],
      ["SUBSCRIBE", "channel:head"],
      ["PSUBSCRIBE", "*"],
      ["PUBLISH", "channel:agent:cto", "x"],
      ["GET", "x"],
      ["SET", "x", "1"],
      ["HGETALL", "agent:status:cto"],
      ["DEL", "x"],
      ["KEYS", "*"],
      ["SCAN", "0"],
      ["EVAL", "return 1", "0"],
      ["FLUSHALL"],
      ["CONFIG", "GET", "*"],
      ["ACL", "LIST"],
      ["ACL", "SETUSER", "agent:cto:1", "+@all"],
      ["ACL", "WHOAMI"],
      ["CLIENT", "LIST"],
      ["CLIENT", "KILL", "TYPE", "normal"],
      ["INFO"],
      ["MONITOR"],
      ["SHUTDOWN"],
      ["REPLICAOF", "NO", "ONE"],
      ["SAVE"],
      ["MODULE", "LIST"],
      ["SCRIPT", "FLUSH"],
      ["FUNCTION", "LIST"],
      ["SELECT", "1"],
      ["XADD", "s", "*", "a", "1"],
      ["BZPOPMIN", "queue:tasks:cto:marker", "1"],
      ["PUBSUB", "CHANNELS"],
      ["COMMAND"],
      ["MULTI"],
      ["WAIT", "0", "1"],
    ];
    try {
      const cto = await connected(redis, "agent:cto:1", "secret-of-cto");
      for (const words of refused) expect(`${words.join(" ")}: ${await cto.ask(...words)}`).toContain("NOPERM");
      expect(await cto.ask("PING")).toBe("+PONG");
      cto.socket.destroy();
      await expect(connected(redis, "agent:cto:1", "wrong")).rejects.toThrow("WRONGPASS");
    } finally {
      await bus.close();
    }
  });

  test("a bell without Redis is there after two seconds, and rings once Redis is", async ({ skip }) => {
    used.orSkip(skip);
    const redis = await startRedis();
    try {
      await redis.kill();
      const bell = await bellOf(redis, "coo", "secret-of-coo");
      const heard: string[] = [];
      bell.onRing((_, body) => heard.push(body));
      await redis.startAgain();
      const bus = await waitFor(
        () => open(redis),
        () => true,
        15_000,
      );
      await bus.ensureAgentUser(userOf("coo", "secret-of-coo"));
      await waitFor(
        async () => {
          await bus.publish(channels.agent("coo"), "back");
          return heard;
        },
        (seen) => seen.length > 0,
        15_000,
      );
      await bell.close();
      await bus.close();
    } finally {
      await redis.stop();
    }
  });
});

describe("a Redis that goes away", () => {
  test("F04 a program that may go on without it starts while it is dead, and hears and speaks once it is back", async ({
    skip,
  }) => {
    used.orSkip(skip);
    const redis = await startRedis();
    await redis.kill();
    const bus = await connectRedisBus({ url: redis.url, log: silentLogger, clock: systemClock, mayBeAway: true });
    try {
      await expect(bus.ping()).rejects.toMatchObject({ fate: "retry" });
      await expect(bus.subscribe([channels.head], () => undefined)).rejects.toMatchObject({ fate: "retry" });
      await expect(bus.consumeJobs("notice", async () => undefined)).rejects.toMatchObject({ fate: "retry" });
      await redis.startAgain();
      const jobs: string[] = [];
      const heard: string[] = [];
      const opened = async (): Promise<boolean> => {
        await bus.ping();
        await bus.subscribe([channels.broadcast], (_, body) => heard.push(body));
        await bus.consumeJobs("notice", (_, id) => Promise.resolve(void jobs.push(id)));
        return true;
      };
      await waitFor(opened, (is) => is, 10_000);
      await bus.publish(channels.broadcast, "back");
      await bus.addJob("notice", "one", {});
      await waitFor(
        () => [heard, jobs],
        ([rings, done]) => rings!.includes("back") && done!.includes("one"),
        10_000,
      );
    } finally {
      await bus.close();
      await redis.stop();
    }
  });

  test("every call fails within two seconds while it is paused or dead, and works within five once it is back", async ({
    skip,
  }) => {
    used.orSkip(skip);
    const redis = await startRedis();
    const lines: string[] = [];
    const bus = await connectRedisBus({
      url: redis.url,
      log: createLogger({ program: "test", write: (line) => lines.push(line) }),
      clock: systemClock,
    });
    const jobs: string[] = [];
    let reconnects = 0;
    try {
      const firstRun = await bus.serverRunId();
      const rings: string[] = [];
      await bus.subscribe(
        [channels.broadcast],
        (_, body) => rings.push(body),
        () => (reconnects += 1),
      );
      await bus.consumeJobs("notice", (_, id) => Promise.resolve(void jobs.push(id)));
      const calls = (): Promise<unknown>[] => [
        bus.publish("channel:broadcast", "x"),
        bus.getStatus("cmo"),
        bus.addHint("cmo", newId(), 5),
        bus.addHint("new-one", newId(), 5),
        bus.hints("cmo"),
        bus.takeToken("cmo", { capacity: 1, perSecond: 1 }),
        bus.agentUsers(),
        bus.ping(),
        bus.addJob("notice", newId(), {}),
        bus.subscribe([channels.head], () => undefined),
      ];
      const refusedInTime = async (): Promise<void> => {
        const start = performance.now();
        const results = await Promise.allSettled(calls());
        expect(performance.now() - start).toBeLessThan(10_000);
        for (const result of results)
          expect(result).toMatchObject({ status: "rejected", reason: { code: "AITO_BUS_UNAVAILABLE", fate: "retry" } });
      };
      await redis.pause();
      await refusedInTime();
      await redis.unpause();
      await waitFor(
        () =>
          bus.ping().then(
            () => true,
            () => false,
          ),
        Boolean,
        5_000,
      );
      await redis.kill();
      await waitFor(
        () =>
          bus.ping().then(
            () => true,
            () => false,
          ),
        (up) => !up,
        5_000,
      );
      await refusedInTime();
      await redis.startAgain();
      await waitFor(
        () =>
          bus.ping().then(
            () => true,
            () => false,
          ),
        Boolean,
        5_000,
      );
      expect(await bus.serverRunId()).not.toBe(firstRun);
      await waitFor(
        () => reconnects,
        (count) => count > 0,
        10_000,
      );
      await bus.publish(channels.broadcast, "after");
      await waitFor(
        () => rings,
        (seen) => seen.includes("after"),
        20_000,
      );
      await bus.addJob("notice", "job-after", {});
      await waitFor(
        () => jobs,
        (seen) => seen.includes("job-after"),
        20_000,
      );
      // One line in ten seconds for each kind of connection, not one an attempt.
      expect(lines.length).toBeLessThan(15);
    } finally {
      await bus.close();
      await redis.stop();
    }
  });

  test("at start it is one sentence, with the setting to change", async ({ skip }) => {
    const redis = used.orSkip(skip);
    const at = (url: string): Promise<Bus> => connectRedisBus({ url, log: silentLogger, clock: systemClock });
    await expect(at("redis://control:wrong@127.0.0.1:" + new URL(redis.url).port)).rejects.toMatchObject({
      code: "AITO_BUS_REFUSED",
      fate: "human",
    });
    await expect(at("redis://127.0.0.1:1")).rejects.toMatchObject({
      code: "AITO_BUS_UNAVAILABLE",
      fate: "human",
      hint: expect.stringContaining("REDIS_URL"),
    });
    await expect(at("http://127.0.0.1")).rejects.toMatchObject({ code: "AITO_BUS_URL", fate: "human" });
    await expect(at("nonsense")).rejects.toMatchObject({ code: "AITO_BUS_URL", fate: "human" });
  });
});
