import { AitoError, errorText } from "@aito/base";
import pg from "pg";

/**
 * Writes a dump into a migrated Postgres, all of it or nothing. Refuses (AITO_DB_IMPORT) when the company is there already, when
 * the dump has no end, or when a table or column is unknown (another version). Returns rows per table.
 */
export async function loadCompany(options: { url: string; lines: AsyncIterable<string> }): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: options.url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query("begin");
    // Rows come table by table in no order that foreign keys would like, and events are append-only for everybody else.
    await client.query("set local session_replication_role = replica");
    await client.query("set local row_security = off");
    const counts = await insertAll(client, options.lines);
    await client.query("commit");
    return counts;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    if (error instanceof AitoError) throw error;
    const taken =
      (error as { constraint?: unknown }).constraint === "companies_slug_key" || (error as { code?: unknown }).code === "23505";
    throw refused(taken ? "this company is in the database already; nothing was changed" : errorText(error), error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function insertAll(client: pg.Client, lines: AsyncIterable<string>): Promise<Record<string, number>> {
  const inserts = new Map<string, string>();
  const counts: Record<string, number> = {};
  let end: Record<string, number> | null = null;
  for await (const text of lines) {
    if (text.trim() === "") continue;
    const head = /^\{"table":"([a-z_]+)","row":(.*)\}$/s.exec(text.trim());
    if (!head) {
      end = (JSON.parse(text) as { end?: Record<string, number> }).end ?? null;
      continue;
    }
    const [, table, row] = head as unknown as [string, string, string];
    if (!inserts.has(table)) inserts.set(table, await insertInto(client, table, Object.keys(JSON.parse(row) as object)));
    await client.query(inserts.get(table)!, [row]);
    counts[table] = (counts[table] ?? 0) + 1;
  }
  if (!end) throw refused("the dump is cut off; nothing was changed");
  for (const [table, count] of Object.entries(end)) {
    if ((counts[table] ?? 0) !== count)
      throw refused(`the dump names ${count} rows of ${table} and holds ${counts[table] ?? 0}; nothing was changed`);
  }
  return counts;
}

/** The statement for one table; only names that the catalogue knows get into it. */
async function insertInto(client: pg.Client, table: string, columns: string[]): Promise<string> {
  const known = await client.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
    [table],
  );
  const names = new Set(known.rows.map(({ name }) => name));
  const unknown = columns.find((column) => !names.has(column));
  if (names.size === 0 || unknown)
    throw refused(`the database has no ${names.size === 0 ? `table ${table}` : `column ${table}.${unknown}`}: another version`);
  const list = columns.map((column) => pg.escapeIdentifier(column)).join(", ");
  const target = pg.escapeIdentifier(table);
  return `insert into ${target} (${list}) select ${list} from json_populate_record(null::${target}, $1::json)`;
}

const refused = (why: string, cause?: unknown): AitoError =>
  new AitoError("AITO_DB_IMPORT", `the company cannot be imported: ${why}`, {
    hint: "an import needs containers without data: aito down --volumes",
    fate: "human",
    cause,
  });
