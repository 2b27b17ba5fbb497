import type { EmbeddedDatabase } from "../pglite/open-pglite.ts";
import type { SqlRunner } from "./sql-runner.ts";

/** Not rows of a company: who ran which migration is the other database's own business. */
export const notCopied = ["schema_migrations"];
const rowsAtOnce = 500;

interface Column {
  table: string;
  columns: string[];
}

/**
 * Every row as a line `{"table":…,"row":…}` (the row's JSON is made by the database, so that nothing passes through a float),
 * and a last line `{"end":{table: count}}` by which the reader knows that it has everything. The database must be idle.
 */
export async function* dumpCompany(database: EmbeddedDatabase): AsyncGenerator<string> {
  const runner = database.pglite;
  await runner.query("begin isolation level repeatable read read only");
  try {
    yield* dumpRows(runner, null);
  } finally {
    await runner.query("rollback");
  }
}

/** The same within a transaction of the caller's, who sees one moment; of one company or of all. */
export async function* dumpRows(runner: SqlRunner, companyId: string | null): AsyncGenerator<string> {
  const tables =
    await runner.query<Column>(`select c.table_name as "table", array_agg(c.column_name::text order by c.ordinal_position) as columns
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where table_schema = 'public' and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER'
    group by c.table_name order by c.table_name`);
  const counts: Record<string, number> = {};
  for (const { table, columns } of tables.rows) {
    if (notCopied.includes(table)) continue;
    counts[table] = 0;
    const list = columns.map((column) => `"${column}"`).join(", ");
    const own = table === "companies" ? "id" : "company_id";
    const only = companyId === null ? "" : `where "${own}" = '${companyId}'`;
    await runner.query(`declare dump no scroll cursor for
      select row_to_json(r)::text as row from (select ${list} from "${table}" ${only} order by ctid) r`);
    for (;;) {
      const page = await runner.query<{ row: string }>(`fetch ${rowsAtOnce} from dump`);
      for (const { row } of page.rows) yield `{"table":"${table}","row":${row}}\n`;
      counts[table] += page.rows.length;
      if (page.rows.length < rowsAtOnce) break;
    }
    await runner.query("close dump");
  }
  yield `${JSON.stringify({ end: counts })}\n`;
}
