import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Clock, silentLogger } from "@aito/base";
import { migratePglite } from "./migrate.ts";
import { type EmbeddedDatabase, openPglite } from "./pglite/open-pglite.ts";

const cacheFolder = path.resolve(import.meta.dirname, "../../../node_modules/.cache/aito");
const snapshotName = /^database-[0-9a-f]{16}\.tar$/;

/** Changes with the migrations and with this package's lock on the embedded database. */
function digestOf(migrations: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(migrations)
    .filter((name) => /^\d.*\.sql$/.test(name))
    .toSorted()
    .map((name) => path.join(migrations, name));
  const embedded = path.resolve(import.meta.dirname, "../node_modules/@electric-sql/pglite/package.json");
  for (const file of [...files, embedded]) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

/** A file whose bytes are handed out as they are: a plain blob would copy them three times for each database. */
class Snapshot extends Blob {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  constructor(file: string) {
    super([]);
    this.#bytes = readFileSync(file);
  }
  override arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.#bytes.buffer);
  }
}

/**
 * A migrated embedded database in memory, for tests: about 0.4 s, from a snapshot that the first caller leaves in
 * node_modules/.cache (without one it takes about 2.5 s).
 */
export async function openTestDatabase(options: { clock: Clock; migrations: string }): Promise<EmbeddedDatabase> {
  const { clock, migrations } = options;
  const file = path.join(cacheFolder, `database-${digestOf(migrations)}.tar`);
  if (existsSync(file)) return await openPglite({ folder: null, clock, snapshot: new Snapshot(file) });
  const database = await openPglite({ folder: null, clock });
  await migratePglite({ database, folder: migrations, log: silentLogger });
  // What is written down is not replayed by each who opens it.
  await database.pglite.exec("checkpoint");
  const snapshot = Buffer.from(await (await database.pglite.dumpDataDir("none")).arrayBuffer());
  mkdirSync(cacheFolder, { recursive: true });
  // Never this one: another process that made it, too, may have its name and be about to read it.
  for (const old of readdirSync(cacheFolder).filter((name) => snapshotName.test(name) && name !== path.basename(file)))
    rmSync(path.join(cacheFolder, old), { force: true });
  // Written beside and renamed, so that another test process never reads half of it.
  const part = `${file}.${process.pid}`;
  writeFileSync(part, snapshot);
  renameSync(part, file);
  return database;
}
