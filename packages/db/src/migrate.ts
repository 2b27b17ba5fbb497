import { readdirSync } from "node:fs";
import { AitoError, type Logger, errorText } from "@aito/base";
import { runner } from "node-pg-migrate";
import pg from "pg";
import type { EmbeddedDatabase } from "./pglite/open-pglite.ts";
import { checkPostgres } from "./postgres/connect-postgres.ts";

/** Runs what is new in `folder` (forward-only files `0001_name.sql`) on Postgres; a second starter waits. Returns names run. */
export async function migratePostgres(options: { url: string; folder: string; log: Logger }): Promise<string[]> {
  const seen = await checkPostgres(options.url);
  if (seen.encoding !== "UTF8") {
    throw new AitoError("AITO_DB_ENCODING", `the database's encoding is ${seen.encoding}, not UTF8`, {
      hint: "create it with initdb --encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8",
      fate: "human",
    });
  }
  if (seen.pgvector === null) {
    throw new AitoError("AITO_DB_PGVECTOR", "this Postgres has no pgvector extension", {
      hint: "install pgvector, or use the image pgvector/pgvector:pg17",
      fate: "human",
    });
  }
  const client = new pg.Client({ connectionString: options.url });
  await client.connect();
  try {
    return await run(options.folder, client, options.log);
  } finally {
    await client.end();
  }
}

/** The same files on the embedded database. */
export async function migratePglite(options: { database: EmbeddedDatabase; folder: string; log: Logger }): Promise<string[]> {
  const { pglite } = options.database;
  // node-pg-migrate wants a pg client; PGlite answers the few calls that it makes. A statement without parameters may hold
  // several commands, which only exec takes.
  const query = async (input: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
    const text = typeof input === "string" ? input : input.text;
    const parameters = values ?? (typeof input === "string" ? undefined : input.values);
    if (parameters && parameters.length > 0) {
      const result = await pglite.query(text, parameters);
      return { rows: result.rows, rowCount: result.affectedRows ?? result.rows.length };
    }
    const result = (await pglite.exec(text)).at(-1);
    return { rows: result?.rows ?? [], rowCount: result?.affectedRows ?? result?.rows.length ?? 0 };
  };
  return await run(options.folder, { query } as unknown as pg.Client, options.log);
}

/** An older program on a newer database would write rows that the newer one does not expect. Error: AITO_DB_NEWER. */
async function refuseNewer(folder: string, dbClient: pg.Client): Promise<void> {
  const there = await dbClient.query<{ found: string | null }>("select to_regclass('public.schema_migrations')::text as found");
  if (there.rows[0]?.found == null) return;
  const ran = await dbClient.query<{ name: string }>("select name from schema_migrations order by id");
  const known = new Set(readdirSync(folder).map((file) => file.replace(/\.sql$/, "")));
  const newer = ran.rows.map(({ name }) => name).filter((name) => !known.has(name));
  if (newer.length === 0) return;
  throw new AitoError(
    "AITO_DB_NEWER",
    `the database is of a newer version: it has ${newer.join(", ")}, which this one does not know`,
    {
      hint: "start the newer version again, or restore a backup that this one made",
      fate: "human",
    },
  );
}

async function run(folder: string, dbClient: pg.Client, log: Logger): Promise<string[]> {
  await refuseNewer(folder, dbClient);
  try {
    const done = await runner({
      dbClient,
      // schema.sql, which lies beside them, is a dump.
      dir: `${folder}/[0-9]*.sql`,
      useGlob: true,
      direction: "up",
      migrationsTable: "schema_migrations",
      advisoryLockMode: "wait",
      checkOrder: true,
      logger: {
        debug: () => undefined,
        info: () => undefined,
        warn: (message: string) => log.warn({ detail: message }, "migration warning"),
        error: (message: string) => log.error({ detail: message }, "migration error"),
      },
    });
    return done.map((migration) => migration.name);
  } catch (error) {
    throw new AitoError("AITO_DB_MIGRATION", `a migration failed: ${errorText(error)}`, { fate: "human", cause: error });
  }
}
