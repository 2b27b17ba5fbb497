import { type Service } from "./loopback-container.ts";
export declare const postgresImage: () => string;
export declare const migrationsFolder: string;
export interface TestDatabase {
    name: string;
    url: string;
    drop(): Promise<void>;
}
export interface PostgresServer extends Omit<Service, "run"> {
    /** A migrated database of its own, copied from a template in about 100 ms. */
    database(): Promise<TestDatabase>;
    /** A database without any table. */
    emptyDatabase(options?: {
        encoding?: string;
    }): Promise<TestDatabase>;
    /** Runs SQL as the owner, through psql inside the container; answers unaligned rows. */
    sql(database: string, statement: string): Promise<string>;
    /** `pg_dump --schema-only` of a database. */
    dumpSchema(database: string): Promise<string>;
}
/** Starts (or joins) a Postgres 17 with pgvector whose data is in memory. `shared: false` gives one that may be killed. */
export declare function startPostgres(options?: {
    shared?: boolean;
}): Promise<PostgresServer>;
