import { makeNewId, newToken, sha256, silentLogger, systemClock } from "@aito/base";
import {
  addWork,
  type AgentSession,
  beginIncarnation,
  castVote,
  type CompanyDeps,
  decisionView,
  hello,
  listDecisions,
  loadPack,
  propose,
  registerFleet,
  sendMessage,
  transact,
} from "@aito/company";
import { connectPostgres } from "@aito/db";
import { channels, Proposal } from "@aito/protocol";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { type RunningCompany, startCompany, usePostgres, useRedis, waitFor } from "../src/index.ts";

const postgres = usePostgres();
const redisServer = useRedis();

/** Runs a company until its kickoff has come to rest, and returns it. */
async function settledCompany(skip: (reason: string) => never): Promise<RunningCompany> {
  const redis = redisServer.orSkip(skip);
  const { database } = postgres.orSkip(skip);
  // Redis' own record of every command is the outside witness.
  await redis.command("CONFIG", "SET", "slowlog-max-len", "1000000");
  await redis.command("CONFIG", "SET", "slowlog-log-slower-than", "0");
  const company = await startCompany({ postgresUrl: database.controlUrl, redis });
  await waitFor(
    () => listDecisions(company.deps),
    (decisions) => decisions.length >= 3 && decisions.every((decision) => decision.status !== "pending"),
    30_000,
  );
  return company;
}

test(
  "R01 R02 R03 R04 R05 R06 R07 R08 R10 each of the seed's names is used by a running company, as Redis itself saw",
  { timeout: 120_000 },
  async ({ skip }) => {
    const company = await settledCompany(skip);
    const redis = redisServer.orSkip(skip);
    try {
      await sendMessage(company.deps, "operator", { type: "broadcast", to: "all", payload: { text: "Good morning" } });
      await transact(company.deps, (unit) =>
        addWork(unit, { agent: null, kind: "wake", ref: "fire", reason: "urgent: a fire", priority: 10 }),
      );
      const seen = await waitFor(
        () => redis.command("SLOWLOG", "GET", "-1"),
        (log) => log.includes("queue:urgent:") && log.includes("channel:broadcast"),
        15_000,
      );
      const used = (command: string, name: string): void =>
        expect(seen, `${command} ${name}`).toMatch(new RegExp(`^${command}\\n(.*\\n){0,12}?${name}`, "im"));
      used("hset", "agent:status:cmo");
      for (const name of [channels.broadcast, channels.head, channels.clevel, channels.agent("cmo")]) used("publish", name);
      used("evalsha", "queue:tasks:cmo:");
      used("evalsha", "queue:urgent:");
      used("evalsha|eval|hset|incrby", "ratelimit:claude:ceo");
      used("set", "lock:container:cmo");
      expect(await redis.command("HGETALL", "agent:status:cmo")).toMatch(/status\nactive\n[\s\S]*epoch\n1\n/);
      const heard = await redis.command("PUBSUB", "NUMSUB", channels.head, channels.clevel, channels.broadcast);
      const counts = heard
        .trim()
        .split("\n")
        .filter((_, index) => index % 2 === 1)
        .map(Number);
      // Two heads, five council members, all seven; the platform's own listeners come on top.
      expect(counts[0]).toBeGreaterThanOrEqual(2);
      expect(counts[1]).toBeGreaterThanOrEqual(5);
      expect(counts[2]).toBeGreaterThanOrEqual(7);
      const users = (await redis.command("ACL", "USERS")).split("\n").filter((name) => name.startsWith("agent:"));
      expect(users.filter((name) => /^agent:(ceo|dao|cmo|cto|cfo|coo|cco):1$/.test(name))).toHaveLength(7);
    } finally {
      await company.close();
    }
  },
);

test(
  "V14 R09 a decision is locked by its row in Postgres while one ballot is counted; the next one waits in pg_locks",
  { timeout: 60_000 },
  async ({ skip }) => {
    const { database } = postgres.orSkip(skip);
    const db = connectPostgres({ url: database.controlUrl, clock: systemClock, log: silentLogger });
    try {
      const newId = makeNewId(systemClock.now);
      const companyId = await db.findOrCreateCompany({ id: newId(), slug: "locks", name: "Locks" });
      const deps: CompanyDeps = { db, companyId, clock: systemClock, newId, deliver: () => Promise.resolve(), rehearsal: true };
      await registerFleet(deps, await loadPack(new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname));
      const enter = async (agent: string): Promise<AgentSession> => {
        const token = newToken("run");
        const { epoch } = await beginIncarnation(deps, { agent, tokenHash: sha256(token) });
        return await hello(deps, {
          tokenHash: sha256(token),
          epoch,
          sessionHash: sha256(newToken("ses")),
          redisPasswordHash: sha256("x"),
        });
      };
      const heads = [await enter("ceo"), await enter("dao")];
      const { id } = await propose(deps, "cto", { ...Proposal.parse({ title: "Lock me", type: "major", usd: 150 }) });
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const locked = Promise.withResolvers<void>();
      const holder = db.transaction({ companyId }, async (tx) => {
        await sql`select id from decisions where id = ${id} for update`.execute(tx.queries);
        locked.resolve();
        await held;
      });
      await locked.promise;
      const votes = heads.map((session) => castVote(deps, session, { decisionId: id, vote: "approve", reason: "fine" }));
      const waiting = (): Promise<number> =>
        db.transaction({ companyId }, async (tx) => {
          const found = await sql<{ n: number }>`select count(*)::int as n from pg_locks where not granted`.execute(tx.queries);
          return found.rows[0]!.n;
        });
      expect(await waitFor(waiting, (count) => count >= 2, 20_000)).toBeGreaterThanOrEqual(2);
      release();
      await Promise.all([holder, ...votes]);
      expect(await waitFor(waiting, (count) => count === 0, 20_000)).toBe(0);
      expect(await decisionView(deps, id)).toMatchObject({ status: "approved", round: 1 });
    } finally {
      await db.close();
    }
  },
);

test("O08 an idle company asks no model, and a message makes it ask again", { timeout: 90_000 }, async ({ skip }) => {
  const { database } = postgres.orSkip(skip);
  const redis = redisServer.orSkip(skip);
  const company = await startCompany({
    postgresUrl: database.controlUrl,
    redis,
    change: (fleet) => {
      fleet.file.company = "idle";
      delete fleet.file.kickoff;
      // Loops fall due every second; only creative actions, far off, would ask the model.
      for (const { profile } of Object.values(fleet.profiles)) {
        profile.loop.intervalSeconds = 1;
        profile.loop.actions = [{ text: "Check pending tasks", everySeconds: 1, creative: false }];
      }
    },
  });
  try {
    const runs = (): Promise<number> =>
      company.deps.db.transaction({ companyId: company.deps.companyId }, async (tx) => {
        const found = await sql<{ n: number }>`select count(*)::int as n from runs where status = 'nothing_new'`.execute(
          tx.queries,
        );
        return found.rows[0]!.n;
      });
    await waitFor(runs, (count) => count >= 14, 30_000);
    expect(company.model.ledger().calls).toBe(0);
    await sendMessage(company.deps, "operator", { type: "direct", to: "cto", payload: { text: "Is the site up?" } });
    await waitFor(
      () => company.model.ledger().calls,
      (calls) => calls > 0,
      15_000,
    );
    expect(Object.keys(company.model.ledger().byRole)).toEqual(["cto"]);
  } finally {
    await company.close();
  }
});
