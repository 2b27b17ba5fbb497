import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeNewId, silentLogger, systemClock } from "@aito/base";
import {
  type CompanyDeps,
  loadPack,
  meaningOf,
  type MemoryQuestion,
  memoryProgress,
  registerFleet,
  remember,
  searchMemory,
  transact,
} from "@aito/company";
import { connectPostgres, type Database } from "@aito/db";
import type { Embedder } from "@aito/protocol";
import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { usePostgres, useRedis, waitFor } from "../src/index.ts";

const postgres = usePostgres();
const redis = useRedis();
const root = new URL("../../..", import.meta.url).pathname;
const open: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** A text's letters, counted in so many buckets: near for texts that share many. */
const lettersOf = (text: string, dimensions: number): number[] => {
  const counts = Array.from({ length: dimensions }, () => 0.01);
  for (const letter of text.toLowerCase().replaceAll(/[^a-z]/g, "")) counts[letter.charCodeAt(0) % dimensions]! += 1;
  const size = Math.hypot(...counts);
  return counts.map((value) => value / size);
};
const letters: Embedder = {
  model: "letters",
  dimensions: 26,
  embed: (texts) => Promise.resolve(texts.map((text) => Float32Array.from(lettersOf(text, 26)))),
};

async function company(db: Database, slug: string): Promise<{ deps: CompanyDeps; ids: Map<string, string> }> {
  const newId = makeNewId(systemClock.now);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug, name: slug });
  const deps: CompanyDeps = {
    db,
    companyId,
    clock: systemClock,
    newId,
    deliver: async () => undefined,
    rehearsal: true,
    embedder: letters,
  };
  await registerFleet(deps, await loadPack(join(root, "profiles/aito/fleet.yaml")));
  const rows = await transact(
    deps,
    async (unit) => (await sql<{ id: string; name: string }>`select id, name from agents`.execute(unit.queries)).rows,
  );
  return { deps, ids: new Map(rows.map(({ id, name }) => [name, id])) };
}

const search = async (
  deps: CompanyDeps,
  text: string,
  filter: MemoryQuestion["filter"] = {},
  more: Partial<MemoryQuestion> = {},
) =>
  await transact(deps, async (unit) =>
    searchMemory(unit, {
      text,
      meaning: { vector: Float32Array.from(lettersOf(text, 26)), model: "letters" },
      filter,
      limit: 10,
      ...more,
    }),
  );

test("Q03 on Postgres: words come from their index under row-level security and stay within the company; a filter that leaves one in a thousand gives all of them", async ({
  skip,
}) => {
  const { server, database } = postgres.orSkip(skip);
  const db = connectPostgres({ url: database.controlUrl, clock: systemClock, log: silentLogger });
  open.push(db);
  const { deps, ids } = await company(db, "one");
  const other = await company(db, "other");
  await transact(deps, async (unit) => void (await sql`select memory_index('letters', 26)`.execute(unit.queries)));
  // Rare ones among very many, with vectors, as embedding leaves them.
  await transact(deps, async (unit) => {
    for (let from = 0; from < 12_000; from += 1_000) {
      const texts = Array.from(
        { length: 1_000 },
        (_, at) => `paid invoice ${from + at} of the ${["baker", "printer", "ferry"][at % 3]} company`,
      );
      await sql`insert into agent_history (id, company_id, agent_id, action_type, summary, details, source, days, embedding, embedding_model, created_at)
        select v.id, ${unit.companyId}, v.agent, 'task', v.summary, '{"v":1}', 'own', '{}', v.vector::vector, 'letters', ${unit.now}
        from unnest(${texts.map(() => unit.newId())}::uuid[], ${texts.map((_, at) => ids.get(at % 1_000 === 7 ? "dao" : "cfo")!)}::uuid[],
          ${texts}::text[], ${texts.map((text) => `[${lettersOf(text, 26).join(",")}]`)}::text[]) v(id, agent, summary, vector)`.execute(
        unit.queries,
      );
    }
  });
  await transact(other.deps, async (unit) =>
    remember(unit, { agentId: other.ids.get("cfo")!, type: "task", summary: "paid the zebra invoice" }),
  );
  await transact(deps, async (unit) =>
    remember(unit, { agentId: ids.get("cfo")!, type: "task", summary: "the walrus came on 14 March", source: "outside" }),
  );

  for (const strategy of ["words", "meaning", "hybrid"] as const)
    expect(
      (await search(deps, "which invoice of the ferry company was paid?", { agentIds: [ids.get("dao")!] }, { strategy })).hits,
    ).toHaveLength(10);
  // Where a filter is narrow the answer is the exact one, whatever the index would have given.
  const ids10 = async (more: Partial<MemoryQuestion>) =>
    (
      await search(deps, "invoice 4007 of the printer company", { agentIds: [ids.get("dao")!] }, { strategy: "meaning", ...more })
    ).hits.map(({ id }) => id);
  expect(await ids10({})).toEqual(await ids10({ exact: true }));
  // By words alone, where nearly every row holds nearly every word: still as many as are asked for, and the best first.
  const common = (await search(deps, "which invoice of the ferry company was paid?", {}, { strategy: "words" })).hits;
  expect(common).toHaveLength(10);
  expect(common.every(({ summary }) => summary.includes("ferry"))).toBe(true);
  const mixed = (await search(deps, "the walrus and an invoice of the ferry", {}, { meaning: null })).hits;
  expect(mixed).toHaveLength(10);
  expect(mixed[0]!.summary).toContain("walrus");
  expect((await search(deps, "walrus")).hits[0]!.summary).toContain("walrus");
  expect((await search(deps, "zebra")).hits.map(({ summary }) => summary).join()).not.toContain("zebra");
  expect((await search(other.deps, "paid invoice", {}, { strategy: "words" })).hits.map(({ summary }) => summary)).toEqual([
    "paid the zebra invoice",
  ]);
  expect((await search(deps, "walrus", { sources: ["own"] }, { strategy: "words" })).hits).toEqual([]);
  expect((await search(deps, "What came on 14 March?", {})).hits[0]!.why.join()).toContain("of the days asked for");
  const exact = (
    await search(deps, "paid invoice 4711 of the printer company", {}, { strategy: "meaning", exact: true })
  ).hits.map(({ score }) => score.toFixed(5));
  const near = (await search(deps, "paid invoice 4711 of the printer company", {}, { strategy: "meaning" })).hits.map(
    ({ score }) => score.toFixed(5),
  );
  expect(near).toEqual(exact);

  // As autovacuum does: what was just inserted waits beside the index until then, and a plan goes by what it knows of the table.
  await server.sql(database.name, "vacuum analyze agent_history");
  // Without it the plan would read every row: the policy comes before a text search.
  const scans = async (): Promise<number> =>
    await transact(deps, async (unit) => {
      const { rows } = await sql<{ n: bigint }>`select pg_stat_get_xact_numscans('agent_history_search'::regclass) as n`.execute(
        unit.queries,
      );
      const before = Number(rows[0]!.n);
      await searchMemory(unit, { text: "walrus", meaning: null, filter: {}, limit: 10, strategy: "words" });
      return (
        Number(
          (
            await sql<{ n: bigint }>`select pg_stat_get_xact_numscans('agent_history_search'::regclass) as n`.execute(
              unit.queries,
            )
          ).rows[0]!.n,
        ) - before
      );
    });
  expect(await scans()).toBeGreaterThan(0);
}, 180_000);

/** An embeddings server that takes `delayMs` a batch, or is silent. */
async function provider() {
  const state = { silent: false, delayMs: 0, asked: 0, texts: 0 };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      state.asked += 1;
      if (state.silent) return;
      const { input, dimensions } = JSON.parse(body) as { input: string[]; dimensions: number };
      state.texts += input.length;
      const data = input.map((text, index) => ({ index, embedding: lettersOf(text, dimensions) }));
      setTimeout(
        () => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ data })),
        state.delayMs,
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await gone;
};

test("D03 reindex: a gateway with another embedder goes over all memories, killed in the middle it goes on where it was, and words find everything meanwhile", async ({
  skip,
}) => {
  const { server } = postgres.orSkip(skip);
  const { url: redisUrl } = redis.orSkip(skip);
  const database = await server.database();
  const db = connectPostgres({ url: database.controlUrl, clock: systemClock, log: silentLogger });
  const folder = await mkdtemp(join(tmpdir(), "aito-reindex-"));
  const vendor = await provider();
  const children: ChildProcess[] = [];
  open.push({
    close: async () => {
      for (const child of children) await ended(child);
      await vendor.close();
      await db.close();
      await rm(folder, { recursive: true, force: true });
      await database.drop();
    },
  });
  const { deps, ids } = await company(db, "reindex");
  const memories = 300;
  await transact(deps, async (unit) => {
    for (let at = 0; at < memories; at += 1)
      remember(unit, { agentId: ids.get("cfo")!, type: "task", summary: `note ${at} about the ferry` });
  });
  const start = (dimensions: number): ChildProcess => {
    const child = spawn(process.execPath, [join(root, "packages/gateway/src/main.ts")], {
      env: {
        PATH: process.env["PATH"],
        POSTGRES_URL: database.controlUrl,
        REDIS_URL: redisUrl,
        AITO_COMPANY: "reindex",
        AITO_SOCKET: join(folder, "gateway.sock"),
        AITO_HOST: "127.0.0.1",
        AITO_PORT: "0",
        AITO_MODEL_URL: "http://127.0.0.1:9",
        AITO_EMBEDDER: "openai",
        AITO_EMBEDDER_URL: vendor.url,
        AITO_EMBEDDER_MODEL: "letters",
        AITO_EMBEDDER_DIMENSIONS: String(dimensions),
        AITO_LINK_KEY: "l".repeat(32),
        AITO_RECEIPT_KEY: "r".repeat(32),
        LOG_LEVEL: "error",
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
    children.push(child);
    return child;
  };
  const embedded = async (dimensions: number): Promise<number> => (await memoryProgress(deps, `letters:${dimensions}`)).embedded;
  const first = start(8);
  expect(
    await waitFor(
      () => embedded(8),
      (n) => n === memories,
      120_000,
    ),
  ).toBe(memories);
  await ended(first);

  vendor.state.delayMs = 60;
  const second = start(12);
  const reached = await waitFor(
    () => embedded(12),
    (n) => n >= 48,
    120_000,
  );
  await ended(second);
  const before = await embedded(12);
  expect(before).toBeGreaterThanOrEqual(reached);
  expect(before).toBeLessThan(memories);
  // Half of one model and half of another: by words all are found, and the two kinds of vectors are never compared.
  expect((await search(deps, "note 299 about the ferry", {}, { meaning: null })).hits[0]!.summary).toContain("note 299");
  const { vector } = (await meaningOf(
    {
      ...deps,
      embedder: {
        ...letters,
        model: "letters:12",
        dimensions: 12,
        embed: (texts) => Promise.resolve(texts.map((text) => Float32Array.from(lettersOf(text, 12)))),
      },
    },
    "note about the ferry",
  ))!;
  const near = await search(deps, "note about the ferry", {}, { meaning: { vector, model: "letters:12" }, strategy: "meaning" });
  expect(near.hits.length).toBeGreaterThan(0);

  vendor.state.delayMs = 0;
  const asked = vendor.state.texts;
  start(12);
  expect(
    await waitFor(
      () => embedded(12),
      (n) => n === memories,
      120_000,
    ),
  ).toBe(memories);
  // It went on: what was stored before the kill was not paid for again.
  expect(vendor.state.texts - asked).toBeLessThanOrEqual(memories - before);
  expect((await memoryProgress(deps, "letters:12")).models).toEqual([{ model: "letters:12", memories }]);
}, 400_000);
