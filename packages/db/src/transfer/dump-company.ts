import type { EmbeddedDatabase } from "../pglite/open-pglite.ts";

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
  const { pglite } = database;
  const tables =
    await pglite.query<Column>(`select c.table_name as "table", array_agg(c.column_name::text order by c.ordinal_position) as columns
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where table_schema = 'public' and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER'
    group by c.table_name order by c.table_name`);
  const counts: Record<string, number> = {};
  for (const { table, columns } of tables.rows) {
    if (notCopied.includes(table)) continue;
    counts[table] = 0;
    const list = columns.map((column) => `"${column}"`).join(", ");
    for (let offset = 0; ; offset += rowsAtOnce) {
      const page = await pglite.query<{ row: string }>(
        `select row_to_json(r)::text as row from (select ${list} from "${table}" order by ctid limit ${rowsAtOnce} offset ${offset}) r`,
      );
      for (const { row } of page.rows) yield `{"table":"${table}","row":${row}}\n`;
      counts[table] += page.rows.length;
      if (page.rows.length < rowsAtOnce) break;
    }
  }
  yield `${JSON.stringify({ end: counts })}\n`;
}
