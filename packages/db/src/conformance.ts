import { makeNewId, systemClock } from "@aito/base";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database, Role, Tx } from "./database.ts";
import { often } from "./together.ts";

/** A migrated database under test. What an adapter cannot do is left out, and its cases must be listed as skipped. */
export interface DatabaseUnderTest {
  database: Database;
  /** The same database with statements limited to 200 ms. */
  hurried?: Database;
  close(): Promise<void>;
}

interface Companies {
  ours: string;
  theirs: string;
}

interface Case {
  name: string;
  needs?: "hurried";
  run(subject: DatabaseUnderTest, companies: Companies): Promise<void>;
}

const newId = makeNewId(systemClock.now);
const crossReads = 1_000;

const asCompany = <T>(database: Database, companyId: string, run: (tx: Tx) => Promise<T>, role: Role = "aito_app"): Promise<T> =>
  database.transaction({ companyId, role }, run);

async function addAgent(tx: Tx, name = `agent-${newId().slice(-12)}`, companyId = tx.companyId): Promise<string> {
  const id = newId();
  await sql`insert into agents (id, company_id, type, name, kind, profile, profile_markdown, model, created_at, updated_at)
    values (${id}, ${companyId}, 'cmo', ${name}, 'agent', ${JSON.stringify({ v: 1, text: "✓" })}, '# cmo', 'model', ${tx.now}, ${tx.now})`.execute(
    tx.queries,
  );
  return id;
}

async function addEvent(tx: Tx): Promise<string> {
  const id = newId();
  await sql`insert into events (id, company_id, event_type, body, source_name, created_at)
    values (${id}, ${tx.companyId}, 'test.happened', ${'{"payload":{"amount":"5"}}'}, 'system', ${tx.now})`.execute(tx.queries);
  return id;
}

async function count(tx: Tx, table: string, where = sql`true`): Promise<number> {
  const found = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)} where ${where}`.execute(tx.queries);
  return found.rows[0]!.n;
}

const scoped = (tx: Tx) =>
  sql<{ name: string; locked: boolean; forced: boolean; policies: number }>`
    select c.relname as name, c.relrowsecurity as locked, c.relforcerowsecurity as forced,
      (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and c.relname <> 'schema_migrations' order by 1`.execute(tx.queries);

const transactions: Case[] = [
  {
    name: "keeps what a transaction wrote and answers its value",
    run: async ({ database }, { ours }) => {
      const id = await asCompany(database, ours, (tx) => addAgent(tx));
      expect(await asCompany(database, ours, (tx) => count(tx, "agents", sql`id = ${id}`))).toBe(1);
    },
  },
  {
    name: "leaves nothing of a transaction that throws, and throws the same error",
    run: async ({ database }, { ours }) => {
      const error = new Error("the use case failed");
      let id = "";
      const failing = asCompany(database, ours, async (tx) => {
        id = await addAgent(tx);
        throw error;
      });
      await expect(failing).rejects.toBe(error);
      expect(await asCompany(database, ours, (tx) => count(tx, "agents", sql`id = ${id}`))).toBe(0);
    },
  },
  {
    name: "refuses a second transaction inside one, also deep in a call, and allows two beside each other",
    run: async ({ database }, { ours, theirs }) => {
      const inner = (): Promise<unknown> => asCompany(database, ours, (tx) => count(tx, "agents"));
      const outside = { code: "AITO_DB_OUTSIDE_TX" };
      await expect(asCompany(database, ours, async () => await inner())).rejects.toMatchObject(outside);
      await expect(asCompany(database, ours, () => database.findCompany("x"))).rejects.toMatchObject(outside);
      await expect(asCompany(database, ours, () => database.ping())).rejects.toMatchObject(outside);
      const both = await Promise.all([inner(), asCompany(database, theirs, (tx) => count(tx, "agents"))]);
      expect(both).toEqual([expect.any(Number), expect.any(Number)]);
    },
  },
  {
    name: "answers what is read often to each company by itself, and to each role by its rights, whatever plan is kept",
    run: async ({ database }, { ours, theirs }) => {
      const read = (tx: Tx): Promise<number> =>
        often(sql<{ n: number }>`select count(*)::int as n from agents where created_at <= ${tx.now}`)
          .execute(tx.queries)
          .then(({ rows }) => rows[0]!.n);
      const counted = async (companyId: string): Promise<number> =>
        await asCompany(database, companyId, (tx) => count(tx, "agents"));
      await asCompany(database, ours, (tx) => addAgent(tx));
      const before = [await counted(ours), await counted(theirs)];
      // More often than a server makes a plan anew for each.
      for (let time = 0; time < 12; time += 1) {
        expect([await asCompany(database, ours, read), await asCompany(database, theirs, read)]).toEqual(before);
      }
      await expect(asCompany(database, ours, read, "aito_sealer")).rejects.toMatchObject({ code: "42501" });
      await asCompany(database, theirs, (tx) => addAgent(tx));
      expect([await asCompany(database, ours, read), await asCompany(database, theirs, read)]).toEqual([
        before[0],
        before[1]! + 1,
      ]);
    },
  },
  {
    name: "gives a transaction one time, from the clock",
    run: async ({ database }, { ours }) => {
      const before = systemClock.now().getTime();
      await asCompany(database, ours, async (tx) => {
        const first = tx.now.getTime();
        await systemClock.sleep(15);
        expect(tx.now.getTime()).toBe(first);
        expect(first).toBeGreaterThanOrEqual(before);
        return await Promise.resolve();
      });
    },
  },
  {
    name: "maps bigint, timestamptz, jsonb and text to and fro without loss",
    run: async ({ database }, { ours }) => {
      const big = 9_007_199_254_740_993n;
      const at = new Date("2026-03-29T01:30:00.123Z");
      const json = { v: 1, list: [1, "zwei", null], text: "naïve ✓ 👩‍🚀" };
      const row = await asCompany(database, ours, async (tx) => {
        const found = await sql<{ big: bigint; at: Date; json: unknown; text: string; none: null; n: number }>`
          select ${big.toString()}::bigint as big, ${at}::timestamptz as at, ${JSON.stringify(json)}::jsonb as json,
            ${json.text}::text as text, null::text as none, 7::int as n`.execute(tx.queries);
        return found.rows[0]!;
      });
      expect(row).toEqual({ big, at, json, text: json.text, none: null, n: 7 });
      expect(row.at).toBeInstanceOf(Date);
    },
  },
  {
    name: "ends a statement that runs too long",
    needs: "hurried",
    run: async ({ hurried }, { ours }) => {
      const start = performance.now();
      const slow = asCompany(hurried!, ours, (tx) => sql`select pg_sleep(5)`.execute(tx.queries));
      await expect(slow).rejects.toMatchObject({ code: "AITO_DB_TIMEOUT", fate: "retry" });
      expect(performance.now() - start).toBeLessThan(3_000);
      expect(await asCompany(hurried!, ours, (tx) => count(tx, "agents"))).toEqual(expect.any(Number));
    },
  },
  {
    name: "answers a ping, and finds a company by its slug or makes it once",
    run: async ({ database }) => {
      await database.ping();
      const slug = `c-${newId().slice(-12)}`;
      expect(await database.findCompany(slug)).toBeNull();
      const ids = await Promise.all([1, 2, 3].map(() => database.findOrCreateCompany({ id: newId(), slug, name: "Firma ✓" })));
      expect(new Set(ids).size).toBe(1);
      expect(await database.findCompany(slug)).toEqual({ id: ids[0], name: "Firma ✓" });
    },
  },
];

const isolation: Case[] = [
  {
    name: "a thousand reads for another company, in every table, give no row",
    run: async ({ database }, { ours, theirs }) => {
      await asCompany(database, theirs, async (tx) => {
        await addAgent(tx);
        await addEvent(tx);
      });
      let rows = 0;
      let reads = 0;
      const tables = await asCompany(database, ours, async (tx) => (await scoped(tx)).rows.map((row) => row.name));
      expect(tables.length).toBeGreaterThan(20);
      await asCompany(database, ours, async (tx) => {
        for (; reads < crossReads; reads += 1) {
          const table = tables[reads % tables.length]!;
          const theirRows = table === "companies" ? sql`id = ${theirs}` : sql`company_id = ${theirs} or company_id <> ${ours}`;
          rows += await count(tx, table, theirRows);
        }
      });
      expect([reads, rows]).toEqual([crossReads, 0]);
      // They are there, for their own company.
      expect(await asCompany(database, theirs, (tx) => count(tx, "agents"))).toBeGreaterThan(0);
    },
  },
  {
    name: "refuses rows written into another company, and cannot change or remove its rows",
    run: async ({ database }, { ours, theirs }) => {
      const id = await asCompany(database, theirs, (tx) => addAgent(tx));
      await expect(asCompany(database, ours, (tx) => addAgent(tx, "intruder", theirs))).rejects.toThrow(/row-level security/);
      const move = asCompany(database, ours, async (tx) => {
        const own = await addAgent(tx);
        await sql`update agents set company_id = ${theirs} where id = ${own}`.execute(tx.queries);
      });
      await expect(move).rejects.toThrow(/row-level security/);
      await asCompany(database, ours, async (tx) => {
        const changed = await sql`update agents set name = 'taken' where id = ${id}`.execute(tx.queries);
        const removed = await sql`delete from agents where id = ${id}`.execute(tx.queries);
        expect([changed.numAffectedRows ?? 0n, removed.numAffectedRows ?? 0n]).toEqual([0n, 0n]);
      });
      expect(await asCompany(database, theirs, (tx) => count(tx, "agents", sql`id = ${id} and name <> 'taken'`))).toBe(1);
    },
  },
  {
    name: "locks every table by company, so that a table made later cannot be forgotten",
    run: async ({ database }, { ours }) => {
      const tables = await asCompany(database, ours, async (tx) => (await scoped(tx)).rows);
      const open = tables.filter(
        (table) => !table.locked || table.policies === 0 || (!table.forced && table.name !== "companies"),
      );
      expect(open).toEqual([]);
      const without = await asCompany(database, ours, (tx) =>
        sql<{ name: string }>`select table_name as name from information_schema.tables t
          where table_schema = 'public' and table_name not in ('companies', 'schema_migrations') and not exists (
            select from information_schema.columns c where c.table_name = t.table_name and c.column_name = 'company_id')`.execute(
          tx.queries,
        ),
      );
      expect(without.rows).toEqual([]);
    },
  },
  {
    name: "does not carry a role or company over to the next transaction, and refuses what is no company id",
    run: async ({ database }, { ours, theirs }) => {
      const who = (tx: Tx) =>
        sql<{
          role: string;
          company: string;
        }>`select current_user as role, current_setting('aito.company_id') as company`.execute(tx.queries);
      const seen = [];
      for (const [company, role] of [
        [ours, "aito_sealer"],
        [theirs, "aito_app"],
        [ours, "aito_app"],
      ] as const) {
        seen.push(...(await asCompany(database, company, async (tx) => (await who(tx)).rows, role)));
      }
      expect(seen).toEqual([
        { role: "aito_sealer", company: ours },
        { role: "aito_app", company: theirs },
        { role: "aito_app", company: ours },
      ]);
      const odd = database.transaction({ companyId: "x' or true --" }, (tx) => count(tx, "agents"));
      await expect(odd).rejects.toMatchObject({ code: "AITO_DB_SCOPE" });
    },
  },
];

const appendOnly: Case[] = [
  {
    name: "D07 events cannot be changed or removed, and are sealed once",
    run: async ({ database }, { ours }) => {
      const id = await asCompany(database, ours, (tx) => addEvent(tx));
      const attempt = (statement: (tx: Tx) => Promise<unknown>, role: Role): Promise<unknown> =>
        asCompany(database, ours, statement, role).then(
          () => "allowed",
          (error: { code?: string }) => error.code,
        );
      const refused = "42501";
      expect(await attempt((tx) => sql`update events set body = '{}' where id = ${id}`.execute(tx.queries), "aito_app")).toBe(
        refused,
      );
      expect(await attempt((tx) => sql`delete from events where id = ${id}`.execute(tx.queries), "aito_app")).toBe(refused);
      expect(await attempt((tx) => sql`truncate events`.execute(tx.queries), "aito_app")).toBe(refused);
      expect(await attempt((tx) => sql`update events set seq = 1 where id = ${id}`.execute(tx.queries), "aito_app")).toBe(
        refused,
      );
      expect(await attempt((tx) => sql`update events set body = '{}' where id = ${id}`.execute(tx.queries), "aito_sealer")).toBe(
        refused,
      );
      expect(await attempt((tx) => sql`delete from events where id = ${id}`.execute(tx.queries), "aito_sealer")).toBe(refused);
      const seal = (tx: Tx) => sql`update events set seq = 1, prev = '', hash = 'h' where id = ${id}`.execute(tx.queries);
      expect(await attempt(seal, "aito_sealer")).toBe("allowed");
      expect(await attempt(seal, "aito_sealer")).toBe(refused);
    },
  },
  {
    name: "votes, receipts and usage cannot be removed by the programs, and the sealer writes nothing else",
    run: async ({ database }, { ours }) => {
      for (const table of ["votes", "receipts", "usage"]) {
        const removal = asCompany(database, ours, (tx) => sql`delete from ${sql.table(table)}`.execute(tx.queries));
        await expect(removal).rejects.toMatchObject({ code: "42501" });
      }
      await expect(asCompany(database, ours, (tx) => addAgent(tx), "aito_sealer")).rejects.toMatchObject({ code: "42501" });
    },
  },
];

/** What every database must do. A case that cannot run fails unless `listedSkips` names it with its reason. */
export function databaseConformance(
  name: string,
  make: () => Promise<DatabaseUnderTest | { missing: string }>,
  listedSkips: Record<string, string> = {},
): void {
  const cases = [...transactions, ...isolation, ...appendOnly];
  describe(`database conformance: ${name}`, () => {
    let subject: DatabaseUnderTest | { missing: string };
    let companies: Companies;
    beforeAll(async () => {
      subject = await make();
    });
    beforeEach(async () => {
      if ("missing" in subject) return;
      const [ours, theirs] = [`o-${newId().slice(-12)}`, `t-${newId().slice(-12)}`];
      companies = {
        ours: await subject.database.findOrCreateCompany({ id: newId(), slug: ours, name: "Ours" }),
        theirs: await subject.database.findOrCreateCompany({ id: newId(), slug: theirs, name: "Theirs" }),
      };
    });
    afterAll(async () => {
      if (!("missing" in subject)) await subject.close();
    });
    for (const item of cases) {
      test(item.name, async ({ skip }) => {
        if ("missing" in subject) return skip(subject.missing);
        const reason = listedSkips[item.name];
        const able = item.needs === undefined || subject[item.needs] !== undefined;
        if (able) {
          if (reason !== undefined) throw new Error(`listed as skipped (${reason}), but it can run`);
          await item.run(subject, companies);
          return;
        }
        if (reason === undefined) throw new Error("cannot run here and is not listed with a reason");
        skip(reason);
      });
    }
    test("lists only cases that exist as skipped", () => {
      expect(Object.keys(listedSkips).filter((listed) => !cases.some((item) => item.name === listed))).toEqual([]);
    });
    test("lets what is under way end when it is closed, and refuses everything afterwards", async ({ skip }) => {
      if ("missing" in subject) return skip(subject.missing);
      const { database } = subject;
      const underWay = asCompany(database, companies.ours, async (tx) => {
        await systemClock.sleep(100);
        return await count(tx, "agents");
      });
      await systemClock.sleep(20);
      await subject.close();
      expect(await underWay).toBe(0);
      const closed = { code: "AITO_DB_UNAVAILABLE", fate: "retry" };
      await expect(asCompany(database, companies.ours, (tx) => count(tx, "agents"))).rejects.toMatchObject(closed);
      await expect(database.ping()).rejects.toMatchObject(closed);
    });
  });
}
