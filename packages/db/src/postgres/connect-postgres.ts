import { AitoError, type Clock, type Logger, errorText } from "@aito/base";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { type Database, silenceMs, statementTimeoutMs } from "../database.ts";
import { databaseOver } from "../transactions.ts";
import { eagerPool } from "./eager-pool.ts";

/** Big integers stay text until a query casts them; timestamps come as Date (pg's default). */
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));

/** Opens a pool on a Postgres 17 with pgvector. A connection that breaks is logged and never ends the process. */
export function connectPostgres(options: {
  url: string;
  clock: Clock;
  log: Logger;
  connectionsMax?: number;
  statementMsMax?: number;
}): Database {
  const statementMsMax = options.statementMsMax ?? statementTimeoutMs;
  const settings: pg.PoolConfig & { pipeline: boolean } = {
    connectionString: options.url,
    max: options.connectionsMax ?? 10,
    connectionTimeoutMillis: 5_000,
    // A connection costs more to make than to keep; what a burst needed goes after a quiet while.
    idleTimeoutMillis: 300_000,
    statement_timeout: statementMsMax,
    idle_in_transaction_session_timeout: 10_000,
    // A server that is frozen, or a network that swallows everything, says nothing at all: the statement ends here and its
    // connection with it, so that the pool does not hand it out again.
    query_timeout: statementMsMax + silenceMs,
    // What is asked without waiting goes out at once, each statement still by itself.
    pipeline: true,
  };
  const pool = new pg.Pool(settings);
  pool.on("error", (error) => options.log.warn({ error: errorText(error) }, "an idle database connection failed"));
  // The pool listens to idle clients only. One that breaks between two statements of a transaction has no query to fail, and
  // without a listener its error would end the process; the next statement fails instead.
  pool.on("connect", (client) => void client.on("error", () => undefined));
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: eagerPool(pool) }) });
  return databaseOver(kysely, {
    kind: "postgres",
    clock: options.clock,
    close: () => kysely.destroy(),
    callFunction: async (statement) => (await pool.query<{ answer: unknown }>(statement)).rows[0]?.answer,
  });
}

/** Refuses a database that is not UTF-8 or has no pgvector. */
export async function checkPostgres(url: string): Promise<{ version: string; encoding: string; pgvector: string | null }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; encoding: string; pgvector: string | null }>(
      `select current_setting('server_version') as version, current_setting('server_encoding') as encoding,
        (select default_version from pg_available_extensions where name = 'vector') as pgvector`,
    );
    return rows[0]!;
  } catch (error) {
    throw new AitoError("AITO_DB_UNAVAILABLE", `cannot connect to Postgres: ${errorText(error)}`, {
      hint: "check that Postgres runs and that POSTGRES_URL is right",
      fate: "human",
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}
