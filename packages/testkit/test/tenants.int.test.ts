import { newToken, sha256, silentLogger, systemClock } from "@aito/base";
import { memoryBus } from "@aito/bus";
import {
  authenticate,
  beginIncarnation,
  claimRun,
  type CompanyDeps,
  createTask,
  hello,
  loadPack,
  propose,
  recordReceipt,
  registerFleet,
  saveState,
  sendMessage,
} from "@aito/company";
import { connectPostgres, type Database } from "@aito/db";
import { openTestDatabase } from "@aito/db/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { companyOver, migrationsFolder, testClock, usePostgres } from "../src/index.ts";

const used = usePostgres();
const readsMax = 1_000;

/** A company with rows in as many tables as a few minutes of life give. */
async function live(deps: CompanyDeps): Promise<void> {
  const fleet = await loadPack(new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname);
  await registerFleet(deps, fleet);
  const [token, session] = [newToken("run"), newToken("ses")];
  const { epoch } = await beginIncarnation(deps, { agent: "cmo", tokenHash: sha256(token) });
  await hello(deps, { tokenHash: sha256(token), epoch, sessionHash: sha256(session), redisPasswordHash: sha256("x") });
  const cmo = await authenticate(deps, sha256(session));
  await sendMessage(deps, "operator", { type: "direct", to: "cmo", payload: { text: "Hello." } });
  await createTask(deps, cmo, { title: "Write", workerType: "content-writer" });
  await propose(deps, cmo, {
    title: "A campaign",
    description: "",
    type: "major",
    kind: null,
    usd: 400,
    task: null,
    emergency: false,
    validUntil: null,
  });
  const claimed = await claimRun(deps, cmo);
  await saveState(deps, cmo, { key: "a", value: 1 });
  const receipt = { tool: "save_state", argumentsDigest: "0", ok: true, result: {}, durationMs: 1, run: claimed!.run.id };
  await recordReceipt(deps, cmo, receipt, "k".repeat(32));
}

interface Key {
  name: string;
  tab: string;
  col: string;
  refcol: string;
  ref: string;
  columns: number;
}
const everyKey = sql<Key>`select c.conname as name, c.conrelid::regclass::text as tab, c.confrelid::regclass::text as ref,
    cardinality(c.conkey) as columns,
    (select attname from pg_attribute where attrelid = c.conrelid and attnum = c.conkey[cardinality(c.conkey)]) as col,
    (select attname from pg_attribute where attrelid = c.confrelid and attnum = c.confkey[cardinality(c.confkey)]) as refcol
  from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace and c.confrelid <> 'companies'::regclass
    and exists (select 1 from pg_attribute x where x.attrelid = c.conrelid and x.attname = 'company_id')
  order by 1`;
const everyTable = sql<{ name: string }>`select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'company_id' order by 1`;

/** Statements that no program's role may give; what they name exists. */
const forbidden = [
  "drop table agents",
  "truncate agents",
  "alter table agents add column x text",
  "alter table agents disable row level security",
  "alter table agents no force row level security",
  "drop policy company on agents",
  "create policy everyone on agents using (true)",
  "create table x (id int)",
  "create table public.x (id int)",
  "create schema x",
  "create function x() returns int language sql as 'select 1'",
  "create or replace function refuse_event_change() returns trigger language plpgsql as 'begin return new; end'",
  "drop function refuse_event_change() cascade",
  "create role x",
  "alter role aito_app superuser",
  "drop role aito_sealer",
  "copy agents to program 'true'",
  "copy agents from '/etc/passwd'",
  "select pg_read_file('/etc/passwd')",
  "select pg_ls_dir('/')",
  "select lo_import('/etc/passwd')",
  "select pg_reload_conf()",
  "select * from pg_authid",
  "update events set body = '{}'",
  "delete from events",
  "truncate events",
  "delete from votes",
  "delete from receipts",
  "delete from usage",
  "select bind_keys_to_company()",
  "alter table events disable trigger all",
];

/** And what a login that is no more than its roles' member cannot do to get out of them. */
const waysOut = [
  "set role aito",
  "set role postgres",
  "set session authorization postgres",
  "set session_replication_role = replica",
  "alter role aito_control superuser",
  "alter role aito_control bypassrls",
  "alter role aito_control createrole",
  "grant pg_read_all_data to aito_control",
  "grant all on events to aito_control",
  "alter table events owner to aito_control",
  "alter table events disable trigger events_append_only",
  "drop trigger events_append_only on events",
  "alter database template1 set session_replication_role = replica",
  "alter system set fsync = off",
  "reassign owned by aito_app to aito_control",
  "update companies set slug = 'x'",
  "delete from companies",
  "insert into events (id) values (null)",
  "select * from events",
  "select * from agents",
  "select * from sessions",
  "select * from schema_migrations",
  "delete from schema_migrations",
];

describe.each(["pglite", "postgres"] as const)("two companies on one database (%s)", (kind) => {
  let db: Database | null = null;
  let companies: CompanyDeps[] = [];
  let missing = "";
  beforeAll(async () => {
    if (kind === "pglite") {
      const embedded = await openTestDatabase({ clock: systemClock, migrations: migrationsFolder });
      await embedded.becomeControl();
      db = embedded;
    } else {
      try {
        const { database } = used.orSkip((reason) => {
          throw new Error(reason);
        });
        db = connectPostgres({ url: database.controlUrl, clock: systemClock, log: silentLogger });
      } catch (error) {
        missing = String(error);
        return;
      }
    }
    const bus = memoryBus({ clock: systemClock });
    const open = (slug: string) => companyOver({ db: db!, bus, clock: testClock(), slug, rehearsal: false });
    companies = [await open("one"), await open("two")];
    for (const company of companies) await live(company);
  });
  afterAll(async () => await db?.close());

  test("D08 a row of another company cannot be referred to, by any key", async ({ skip }) => {
    if (!db) return skip(missing);
    const [one, two] = companies as [CompanyDeps, CompanyDeps];
    const keys = (await db.transaction({ companyId: one.companyId }, (tx) => everyKey.execute(tx.queries))).rows;
    expect(keys.length).toBeGreaterThan(50);
    const plain = keys.filter((key) => key.columns !== 2).map((key) => key.name);
    expect(plain, "end the migration that adds them with: SELECT bind_keys_to_company();").toEqual([]);
    let tried = 0;
    for (const key of keys.filter(({ tab }) => tab !== "events")) {
      const foreign = await db.transaction({ companyId: one.companyId }, (tx) =>
        sql<{ id: string }>`select ${sql.ref(key.refcol)} as id from ${sql.table(key.ref)} order by 1 desc limit 1`.execute(
          tx.queries,
        ),
      );
      const own = await db.transaction({ companyId: two.companyId }, (tx) =>
        sql`select 1 from ${sql.table(key.tab)} limit 1`.execute(tx.queries),
      );
      if (foreign.rows.length === 0 || own.rows.length === 0) continue;
      tried += 1;
      const change = db.transaction({ companyId: two.companyId }, (tx) =>
        sql`update ${sql.table(key.tab)} set ${sql.ref(key.col)} = ${foreign.rows[0]!.id} where ctid = (select ctid from ${sql.table(key.tab)} limit 1)`.execute(
          tx.queries,
        ),
      );
      // 23503: no such row. Where a program may not change the column at all, that comes first.
      await expect(change, key.name).rejects.toMatchObject({ code: expect.stringMatching(/^(23503|42501)$/) });
    }
    expect(tried).toBeGreaterThan(15);
  });

  test("D08 a thousand reads for another company's rows find none", async ({ skip }) => {
    if (!db) return skip(missing);
    const [one, two] = companies as [CompanyDeps, CompanyDeps];
    const tables = (await db.transaction({ companyId: one.companyId }, (tx) => everyTable.execute(tx.queries))).rows.map(
      (row) => row.name,
    );
    let reads = 0;
    let found = 0;
    let own = 0;
    const shapes = [
      (table: string) => sql`select company_id from ${sql.table(table)} where company_id = ${one.companyId}`,
      (table: string) => sql`select company_id from ${sql.table(table)} where true or company_id <> ${two.companyId}`,
      (table: string) => sql`select t.company_id from companies c right join ${sql.table(table)} t on true`,
      (table: string) => sql`with all_rows as (select * from ${sql.table(table)}) select company_id from all_rows`,
      (table: string) => sql`select company_id from ${sql.table(table)} union all select company_id from ${sql.table(table)}`,
      (table: string) => sql`select max(company_id::text)::uuid as company_id from ${sql.table(table)} group by company_id`,
      (table: string) =>
        sql`select (select x.company_id from ${sql.table(table)} x where x.company_id = ${one.companyId} limit 1) as company_id`,
    ];
    while (reads < readsMax) {
      await db.transaction({ companyId: two.companyId }, async (tx) => {
        for (const table of tables) {
          if (reads >= readsMax) return;
          const shape = shapes[(reads * 5 + Math.floor(reads / tables.length)) % shapes.length]!;
          const { rows } = (await shape(table).execute(tx.queries)) as { rows: { company_id: string | null }[] };
          found += rows.filter((row) => row.company_id === one.companyId).length;
          own += rows.filter((row) => row.company_id === two.companyId).length;
          reads += 1;
        }
      });
    }
    process.stderr.write(`tenants (${kind}): ${reads} reads, ${found} foreign rows, ${own} own ones\n`);
    expect(found).toBe(0);
    expect(own).toBeGreaterThan(100);
  });

  test("Y15 the programs' login, taken out of its roles, owns nothing and is refused everything but to find its company", async () => {
    if (!db) return;
    const [one] = companies as [CompanyDeps];
    const asLogin = (statement: string): Promise<unknown[]> =>
      db!.transaction({ companyId: one.companyId }, async (tx) => {
        await sql.raw("reset role").execute(tx.queries);
        return (await sql.raw(statement).execute(tx.queries)).rows;
      });
    expect(
      await asLogin(`select current_user::text as login, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as mighty,
        (select count(*)::int from pg_class where relowner = r.oid) as owns from pg_roles r where rolname = session_user`),
    ).toEqual([{ login: "aito_control", mighty: false, owns: 0 }]);
    expect((await asLogin("select slug from companies")).length).toBeGreaterThanOrEqual(2);
    const succeeded: string[] = [];
    // The process of an embedded company may become its own owner again: there the login guards against mistakes.
    const statements = [...forbidden, ...waysOut].filter((text) => kind === "postgres" || !text.startsWith("set session auth"));
    for (const statement of statements) {
      await asLogin(statement).then(
        () => succeeded.push(statement),
        (error: unknown) => {
          const { code } = error as { code?: string };
          // 22023: no such role to become. 25001, of ALTER SYSTEM: refused for being inside a transaction before it looks who asks.
          if (!/^(42501|0LP01|22023|25001)$/.test(code ?? "")) succeeded.push(`${statement}: ${code} ${String(error)}`);
        },
      );
    }
    expect(succeeded).toEqual([]);
  });

  test.each(["aito_app", "aito_sealer"] as const)(
    "D08 Y15 the role %s is refused every one of the statements that it has no need of",
    async (role) => {
      if (!db) return;
      const [one] = companies as [CompanyDeps];
      const succeeded: string[] = [];
      for (const statement of forbidden) {
        await db
          .transaction({ companyId: one.companyId, role }, (tx) => sql.raw(statement).execute(tx.queries))
          .then(
            () => succeeded.push(statement),
            (error: unknown) => {
              // Refused, not mistyped.
              const { code } = error as { code?: string };
              if (!/^(42501|0LP01)$/.test(code ?? "")) succeeded.push(`${statement}: ${code} ${String(error)}`);
            },
          );
      }
      expect(forbidden.length).toBeGreaterThanOrEqual(30);
      expect(succeeded).toEqual([]);
    },
  );
});
