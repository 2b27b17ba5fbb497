import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { silentLogger } from "@aito/base";
import { controlRole, letControlLogIn, migratePostgres } from "@aito/db";
import { type Service, startService } from "./loopback-container.ts";

export const postgresImage = (): string =>
  process.env["AITO_TEST_POSTGRES_IMAGE"] ?? `aito-postgres:${process.env["AITO_TAG"] ?? "latest"}`;
export const migrationsFolder = path.resolve(import.meta.dirname, "../../../migrations");

/** The same for all files of a run: a container that is shared is found again by all its settings. */
const password = "for-tests-only";

export interface TestDatabase {
  name: string;
  /** The owner's, a superuser. */
  url: string;
  /** As the programs log in, once migrations ran. */
  controlUrl: string;
  drop(): Promise<void>;
}

export interface PostgresServer extends Omit<Service, "run"> {
  /** A migrated database of its own, copied from a template in about 100 ms. */
  database(): Promise<TestDatabase>;
  /** A database without any table. */
  emptyDatabase(options?: { encoding?: string }): Promise<TestDatabase>;
  /** Runs SQL as the owner, through psql inside the container; answers unaligned rows. */
  sql(database: string, statement: string): Promise<string>;
  /** SIGKILL to one client's process: the server ends all others, too, and recovers. */
  killBackend(): Promise<void>;
  /** `pg_dump --schema-only` of a database. */
  dumpSchema(database: string): Promise<string>;
}

function migrationsDigest(): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(migrationsFolder)
    .filter((file) => /^\d.*\.sql$/.test(file))
    .toSorted()) {
    hash.update(name).update(readFileSync(path.join(migrationsFolder, name)));
  }
  return hash.digest("hex").slice(0, 12);
}

/**
 * Starts (or joins) a Postgres 17 with pgvector whose data is in memory. `shared: false` gives one that may be killed, `durable` one
 * that writes as in production, `memoryMb` one with more memory than tests need.
 */
export async function startPostgres(
  options: { shared?: boolean; durable?: boolean; memoryMb?: number } = {},
): Promise<PostgresServer> {
  const service = await startService({
    service: "postgres",
    image: postgresImage(),
    port: 5_432,
    environment: { AITO_POSTGRES_PASSWORD: password },
    command: [...(options.durable ? [] : ["-c", "fsync=off", "-c", "full_page_writes=off"]), "-c", "max_connections=200"],
    // A killed server must find its data again, which a tmpfs would not keep.
    ...(options.shared === false ? {} : { tmpfs: { "/var/lib/postgresql/data": "rw" } }),
    memoryMb: options.memoryMb ?? 512,
    shared: options.shared ?? true,
  });
  const urlOf = (name: string, role = "aito"): string => `postgres://${role}:${password}@127.0.0.1:${service.port}/${name}`;
  const sql = (database: string, statement: string): Promise<string> =>
    service.run([
      "psql",
      "--username=aito",
      `--dbname=${database}`,
      "--no-align",
      "--tuples-only",
      "--quiet",
      "--set=ON_ERROR_STOP=1",
      `--command=${statement}`,
    ]);
  const template = `template_${migrationsDigest()}`;

  const ensureTemplate = async (): Promise<void> => {
    // A template is marked as such only when its migrations are through.
    const found = await sql("postgres", `select datistemplate from pg_database where datname = '${template}'`);
    if (found.trim() === "t") return;
    if (found.trim() === "f") await sql("postgres", `drop database ${template} with (force)`);
    await sql("postgres", `create database ${template}`);
    await migratePostgres({ url: urlOf(template), folder: migrationsFolder, log: silentLogger });
    await letControlLogIn({ url: urlOf(template), password });
    await sql("postgres", `alter database ${template} with is_template true`);
  };

  const made = (name: string): TestDatabase => ({
    name,
    url: urlOf(name),
    controlUrl: urlOf(name, controlRole),
    drop: async () => void (await sql("postgres", `drop database if exists ${name} with (force)`)),
  });

  let ready: Promise<void> | undefined;
  const { run: _, ...faults } = service;
  return {
    ...faults,
    sql,
    database: async () => {
      await (ready ??= ensureTemplate());
      const name = `test_${randomBytes(6).toString("hex")}`;
      await sql("postgres", `create database ${name} template ${template}`);
      return made(name);
    },
    emptyDatabase: async ({ encoding } = {}) => {
      const name = `test_${randomBytes(6).toString("hex")}`;
      const other = encoding ? ` encoding '${encoding}' locale_provider libc locale 'C' template template0` : "";
      await sql("postgres", `create database ${name}${other}`);
      return made(name);
    },
    killBackend: async () => {
      const pid = await sql(
        "postgres",
        "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() order by random() limit 1",
      );
      if (pid.trim() !== "") await service.run(["bash", "-c", `kill -9 ${Number(pid.trim())}`]);
    },
    dumpSchema: (database) => service.run(["pg_dump", "--schema-only", "--no-owner", "--username=aito", `--dbname=${database}`]),
  };
}
