import { AitoError, errorText } from "@aito/base";
import pg from "pg";
import { type BackupHeader, readHeader } from "./backup-header.ts";
import { type SqlRunner, within } from "./sql-runner.ts";

export interface Loaded {
  /** Rows of each table. */
  rows: Record<string, number>;
  /** Of a backup; null for a dump that is moved from one database to another. */
  header: BackupHeader | null;
  /** The history's anchors that the backup holds, as they stood in their file. */
  anchors: string[];
}

/**
 * Writes a dump into a migrated Postgres, all of it or nothing; `settle` runs in the same transaction. Refuses (AITO_DB_IMPORT) when
 * the company is there already, when the dump has no end, or when it is of another version. Returns what was in it.
 */
export async function loadCompany(options: {
  url: string;
  lines: AsyncIterable<string>;
  settle?: (runner: SqlRunner, loaded: Loaded & { header: BackupHeader }) => Promise<void>;
}): Promise<Loaded> {
  const client = new pg.Client({ connectionString: options.url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return await loadRows(client, options.lines, options.settle);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The same over an open database of the owner's. */
export async function loadRows(
  runner: SqlRunner,
  lines: AsyncIterable<string>,
  settle?: (runner: SqlRunner, loaded: Loaded & { header: BackupHeader }) => Promise<void>,
): Promise<Loaded> {
  try {
    return await within(runner, "begin", async () => {
      // Rows come table by table in no order that foreign keys would like, and events are append-only for everybody else.
      await runner.query("set local session_replication_role = replica");
      await runner.query("set local row_security = off");
      const loaded = await insertAll(runner, lines);
      if (!settle) return loaded;
      if (!loaded.header) throw refused("it has no header; nothing was changed");
      await settle(runner, { ...loaded, header: loaded.header });
      return loaded;
    });
  } catch (error) {
    if (error instanceof AitoError) throw error;
    const taken =
      (error as { constraint?: unknown }).constraint === "companies_slug_key" || (error as { code?: unknown }).code === "23505";
    throw refused(taken ? "this company is in the database already; nothing was changed" : errorText(error), error);
  }
}

async function insertAll(runner: SqlRunner, lines: AsyncIterable<string>): Promise<Loaded> {
  const inserts = new Map<string, string>();
  const loaded: Loaded = { rows: {}, header: null, anchors: [] };
  let end: Record<string, number> | null = null;
  for await (const text of lines) {
    if (text.trim() === "") continue;
    const head = /^\{"table":"([a-z_]+)","row":(.*)\}$/s.exec(text.trim());
    if (!head) {
      const other = parsed(text) as { end?: Record<string, number>; aito?: string; anchor?: string };
      if (other.aito !== undefined) loaded.header = await acceptable(runner, text);
      else if (other.anchor !== undefined) loaded.anchors.push(other.anchor);
      else end = other.end ?? null;
      continue;
    }
    const [, table, row] = head as unknown as [string, string, string];
    if (!inserts.has(table)) inserts.set(table, await insertInto(runner, table, Object.keys(parsed(row) as object)));
    await runner.query(inserts.get(table)!, [row]);
    loaded.rows[table] = (loaded.rows[table] ?? 0) + 1;
  }
  if (!end) throw refused("the dump is cut off; nothing was changed");
  for (const [table, count] of Object.entries(end)) {
    if ((loaded.rows[table] ?? 0) !== count)
      throw refused(`the dump names ${count} rows of ${table} and holds ${loaded.rows[table] ?? 0}; nothing was changed`);
  }
  return loaded;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(`a line is no row of a dump: ${text.slice(0, 60)}; nothing was changed`);
  }
}

/** A backup goes into a database of exactly its own version: rows that a later migration would have changed must not miss it. */
async function acceptable(runner: SqlRunner, line: string): Promise<BackupHeader> {
  const header = readHeader(line);
  const here = (await runner.query<{ name: string }>("select name from schema_migrations order by id")).rows.map(
    ({ name }) => name,
  );
  if (here.join() === header.migrations.join()) return header;
  const newer = header.migrations.find((name) => !here.includes(name));
  throw new AitoError(
    "AITO_BACKUP_VERSION",
    newer
      ? `the backup was made by a newer version (${newer}); nothing was changed`
      : `the backup was made by an older version (up to ${header.migrations.at(-1)}); nothing was changed`,
    {
      hint: newer ? "restore it with that version" : "restore it with the version that made it, then upgrade with: aito up",
      fate: "human",
    },
  );
}

/** The statement for one table; only names that the catalogue knows get into it. */
async function insertInto(runner: SqlRunner, table: string, columns: string[]): Promise<string> {
  const known = await runner.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
    [table],
  );
  const names = new Set(known.rows.map(({ name }) => name));
  const unknown = columns.find((column) => !names.has(column));
  if (names.size === 0 || unknown || table === "schema_migrations")
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
