import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "@aito/base";
import { openTestDatabase } from "@aito/db/testing";
import { expect, test } from "vitest";
import { migrationsFolder, usePostgres } from "../src/index.ts";

const used = usePostgres();
const dumpFile = path.join(migrationsFolder, "schema.sql");
const heading = "-- What the migrations make, for reading; written by `AITO_UPDATE_SCHEMA=1 npm test`. Never run this file.\n\n";

/** A dump without what differs from one pg_dump to the next: comments, settings, random tokens, empty lines in rows. */
const normalised = (dump: string): string =>
  `${dump
    .split("\n")
    .filter((line) => !/^(--|SET |COMMENT ON EXTENSION |SELECT pg_catalog\.set_config|\\(un)?restrict)/.test(line))
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;

/** Each row is one fact about the schema, as text. NOT NULL stands with the columns: Postgres 18 also lists it as a constraint. */
const facts = `
  select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
    || coalesce(character_maximum_length::text, '') || ' ' || coalesce(column_default, '') || ' ' || is_generated as fact
    from information_schema.columns where table_schema = 'public'
  union all select 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
  union all select 'index ' || indexdef from pg_indexes where schemaname = 'public'
  union all select 'policy ' || tablename || ' ' || policyname || ' ' || coalesce(qual, '') || ' ' || coalesce(with_check, '')
    from pg_policies where schemaname = 'public'
  union all select 'grant ' || grantee || ' ' || privilege_type || ' ' || table_name
    from information_schema.role_table_grants where table_schema = 'public' and grantee like 'aito\\_%'
  union all select 'trigger ' || event_object_table || ' ' || trigger_name || ' ' || event_manipulation
    from information_schema.triggers where trigger_schema = 'public'
  order by 1`;

test("D01 schema.sql is the dump of what the migrations make", async ({ skip }) => {
  const { server, database } = used.orSkip(skip);
  const dump = heading + normalised(await server.dumpSchema(database.name));
  if (process.env["AITO_UPDATE_SCHEMA"]) writeFileSync(dumpFile, dump);
  expect(readFileSync(dumpFile, "utf8"), "run with AITO_UPDATE_SCHEMA=1 to write it anew").toBe(dump);
});

test("D01 the embedded database has the same tables, columns, keys, indexes, policies and grants as Postgres", async ({
  skip,
}) => {
  const { server, database } = used.orSkip(skip);
  const embedded = await openTestDatabase({ clock: systemClock, migrations: migrationsFolder });
  try {
    const there = (await server.sql(database.name, facts))
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
    // The owner is a superuser of another name on each side; grants to the programs' roles are compared.
    const here = (await embedded.pglite.query<{ fact: string }>(facts)).rows.map((row) =>
      row.fact.trim().replace(/\s*\n\s*/g, " "),
    );
    expect(there.length).toBeGreaterThan(300);
    expect(here.toSorted()).toEqual(there.toSorted());
  } finally {
    await embedded.close();
  }
});
