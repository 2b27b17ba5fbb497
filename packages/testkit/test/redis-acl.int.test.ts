import { sha256, silentLogger, systemClock } from "@aito/base";
import { connectRedisBus } from "@aito/bus";
import { listEvents } from "@aito/company";
import { makeRefusalKeeper } from "@aito/gateway";
import { channelsOf } from "@aito/protocol";
import { expect, test } from "vitest";
import { openMemoryCompany, type RedisServer, useRedis, waitFor } from "../src/index.ts";
import { connected } from "./connected.ts";

const used = useRedis();

/** All that an agent may say. The four after it open or close a connection; Redis asks no permission for them. */
const allowed = ["ping", "subscribe", "unsubscribe"];
const unchecked = ["auth", "hello", "quit", "reset"];
/** DEBUG and MODULE are off for everybody, which Redis says first; EXEC names the refusal in its own words. */
const refusal = /^-(NOPERM|EXECABORT .*NOPERM|ERR (DEBUG|MODULE) command not allowed)/;
const agents = [
  { name: "ceo", isHead: true, isCouncil: false },
  { name: "cmo", isHead: false, isCouncil: true },
  { name: "writer-1", isHead: false, isCouncil: false },
];

/** Every command and subcommand of this server with the fewest arguments that it takes; asked of Redis itself. */
async function everyCommand(redis: RedisServer): Promise<string[][]> {
  const names = (await redis.command("COMMAND", "LIST")).split("\n").filter(Boolean);
  const found: string[][] = [];
  // A command that only holds others (CONFIG, ACL) is none itself.
  const script =
    "local r = {} local function add(c) local subs = c[10] or {} if #subs == 0 then r[#r+1] = c[1] .. ' ' .. c[2] end " +
    "for _, s in ipairs(subs) do add(s) end end " +
    "for _, c in ipairs(redis.call('COMMAND', 'INFO', unpack(ARGV))) do if c then add(c) end end return table.concat(r, ',')";
  const text = await redis.command("EVAL", script, "0", ...names);
  for (const entry of text.trim().split(",")) {
    const [name = "", arity = "1"] = entry.split(" ");
    const words = name.split("|");
    const missing = Math.max(0, Math.abs(Number(arity)) - words.length);
    found.push([...words, ...Array.from({ length: missing }, () => "1")]);
  }
  return found;
}

test("Y04 agents x commands: every command of this Redis is refused to every agent, but for its own three", async ({ skip }) => {
  const redis = used.orSkip(skip);
  const bus = await connectRedisBus({ url: redis.url, log: silentLogger, clock: systemClock });
  try {
    const commands = await everyCommand(redis);
    expect(commands.length).toBeGreaterThan(300);
    const passed: string[] = [];
    let refused = 0;
    for (const agent of agents) {
      const name = `agent:${agent.name}:1`;
      await bus.ensureAgentUser({ name, passwordHash: sha256("secret"), channels: channelsOf(agent) });
      let client = await connected(redis, name, "secret");
      for (const words of commands) {
        if (unchecked.includes(words[0]!)) continue;
        const answer = await client.ask(...words);
        if (refusal.test(answer)) refused += 1;
        else if (!allowed.includes(words[0]!)) passed.push(`${agent.name}: ${words.join(" ")}: ${answer}`);
        else if (words[0] !== "ping") {
          // Its own three, on a channel that is not its own.
          client.socket.destroy();
          client = await connected(redis, name, "secret");
        }
      }
      const foreign = [
        "channel:agent:cfo",
        "channel:console",
        "channel:orchestrator",
        "*",
        agent.isHead ? "channel:clevel" : "channel:head",
      ];
      for (const channel of foreign) {
        expect(await client.ask("SUBSCRIBE", channel), channel).toContain("NOPERM");
        expect(await client.ask("PSUBSCRIBE", channel), channel).toContain("NOPERM");
        expect(await client.ask("PUBLISH", channel, "x"), channel).toContain("NOPERM");
      }
      client.socket.destroy();
    }
    process.stderr.write(
      `Redis ACL: ${agents.length} agents x ${commands.length} commands: ${refused} refused, ${passed.length} passed\n`,
    );
    expect(passed).toEqual([]);
  } finally {
    await bus.close();
  }
});

test("Y03 a revoked user is gone with its live connections, and cannot come back", async ({ skip }) => {
  const redis = used.orSkip(skip);
  const bus = await connectRedisBus({ url: redis.url, log: silentLogger, clock: systemClock });
  const name = "agent:cto:7";
  try {
    await bus.ensureAgentUser({ name, passwordHash: sha256("secret"), channels: ["channel:agent:cto"] });
    const clients = [await connected(redis, name, "secret"), await connected(redis, name, "secret")];
    expect(await clients[0]!.ask("SUBSCRIBE", "channel:agent:cto")).toMatch(/^\*3/);
    const live = async (): Promise<number> =>
      (await redis.command("CLIENT", "LIST")).split("\n").filter((line) => line.includes(`user=${name}`)).length;
    expect(await live()).toBe(2);
    // A new password, as at a renewal, leaves them as they are.
    await bus.ensureAgentUser({ name, passwordHash: sha256("renewed"), channels: ["channel:agent:cto"] });
    expect(await clients[1]!.ask("PING")).toBe("+PONG");
    await bus.removeAgentUser(name);
    await Promise.all(clients.map((client) => client.ended));
    await waitFor(live, (count) => count === 0, 20_000);
    await expect(connected(redis, name, "renewed")).rejects.toThrow("WRONGPASS");
  } finally {
    await bus.close();
  }
});

test("Y04 what Redis refused goes on record once, and an agent's attempt is told", async ({ skip }) => {
  const redis = used.orSkip(skip);
  const company = await openMemoryCompany();
  const bus = await connectRedisBus({ url: redis.url, clock: systemClock, log: silentLogger });
  try {
    const name = "agent:cmo:77";
    await bus.ensureAgentUser({ name, passwordHash: sha256("the cmo's own"), channels: ["channel:agent:cmo"] });
    const keep = makeRefusalKeeper({ bus, deps: company.deps });
    await keep();
    const onRecord = async (): Promise<Record<string, unknown>[]> =>
      (await listEvents(company.deps, { limit: 200, types: ["bus.refused"] }))
        .map(({ payload }) => payload)
        .filter(({ user }) => user === name);
    const client = await connected(redis, name, "the cmo's own");
    expect(await client.ask("SUBSCRIBE", "channel:agent:ceo")).toMatch(refusal);
    client.socket.destroy();
    await keep();
    expect(await onRecord()).toMatchObject([{ reason: "channel", object: "channel:agent:ceo" }]);
    const alerts = await listEvents(company.deps, { limit: 200, types: ["alert.opened"] });
    expect(alerts.filter(({ payload }) => payload["kind"] === "bus" && payload["subject"] === "cmo")).toHaveLength(1);
    // Again, and by a program that was started anew: nothing is said twice.
    await keep();
    await makeRefusalKeeper({ bus, deps: company.deps })();
    expect(await onRecord()).toHaveLength(1);
  } finally {
    await bus.removeAgentUser("agent:cmo:77");
    await bus.close();
    await company.close();
  }
});
