import { PGlite, types } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { AitoError, type Clock, errorText } from "@aito/base";
import { Kysely, PGliteDialect } from "kysely";
import type { Database } from "../database.ts";
import { controlRole } from "../postgres/control-login.ts";
import { databaseOver } from "../transactions.ts";

export interface EmbeddedDatabase extends Database {
  /** The raw instance, for the migrator only. */
  readonly pglite: PGlite;
  /**
   * From here on the session is the programs' login, as on Postgres: it owns nothing. A guard against mistakes rather than a wall, for
   * the process that asked for it may take it back.
   */
  becomeControl(): Promise<void>;
}

/**
 * Opens (or makes) the embedded database in `folder`; without one it lives in memory. The caller must hold the folder's lock:
 * two openers destroy the data. Survives kill -9, not power loss (PGlite runs with fsync off).
 */
export async function openPglite(options: {
  folder: string | null;
  clock: Clock;
  /** A dump of another data folder to begin with (tests). */
  snapshot?: Blob;
}): Promise<EmbeddedDatabase> {
  let pglite: PGlite;
  try {
    pglite = await PGlite.create({
      ...(options.folder === null ? {} : { dataDir: options.folder }),
      ...(options.snapshot ? { loadDataDir: options.snapshot } : {}),
      extensions: { vector },
      parsers: { [types.INT8]: (text: string) => BigInt(text) },
    });
  } catch (error) {
    throw new AitoError("AITO_DB_UNAVAILABLE", `cannot open the embedded database in ${options.folder}: ${errorText(error)}`, {
      hint: "check that the folder is writable and the disk has room",
      fate: "human",
      cause: error,
    });
  }
  const kysely = new Kysely<unknown>({ dialect: new PGliteDialect({ pglite }) });
  const database = databaseOver(kysely, {
    kind: "pglite",
    clock: options.clock,
    close: async () => {
      if (!pglite.closed) await pglite.close();
    },
    // Without a name: on the one session of PGlite, prepared statements of that name would collide.
    callFunction: async ({ text, values }) => (await pglite.query<{ answer: unknown }>(text, values)).rows[0]?.answer,
  });
  const becomeControl = async (): Promise<void> => void (await pglite.exec(`set session authorization ${controlRole}`));
  return Object.assign(database, { pglite, becomeControl });
}
