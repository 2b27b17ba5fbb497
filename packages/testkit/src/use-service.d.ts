import { type PostgresServer, type TestDatabase } from "./start-postgres.ts";
import { type RedisServer } from "./start-redis.ts";
/** A service for the tests of one file. */
export interface Used<T> {
    /** The running service; where it cannot run, the calling test is skipped and told why. */
    orSkip(skip: (reason: string) => never): T;
}
/** A Redis of its own for the file. `test("…", async ({ skip }) => { const redis = used.orSkip(skip); … })` */
export declare const useRedis: () => Used<RedisServer>;
/** The run's Postgres, with a migrated database of its own for the file. */
export declare const usePostgres: () => Used<{
    server: PostgresServer;
    database: TestDatabase;
}>;
