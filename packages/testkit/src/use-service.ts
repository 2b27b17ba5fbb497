import { afterAll, beforeAll } from "vitest";
import { missingFor } from "./loopback-container.ts";
import { postgresImage, type PostgresServer, startPostgres, type TestDatabase } from "./start-postgres.ts";
import { redisImage, type RedisServer, startRedis } from "./start-redis.ts";

/** A service for the tests of one file. */
export interface Used<T> {
  /** The running service; where it cannot run, the calling test is skipped and told why. */
  orSkip(skip: (reason: string) => never): T;
}

/** Starts something before the tests of a file and ends it after them; prints why when it cannot run. */
function use<T>(image: () => string, start: () => Promise<T>, stop: (started: T) => Promise<void>): Used<T> {
  let started: T | undefined;
  let missing: string | null = null;
  beforeAll(async () => {
    missing = await missingFor(image());
    if (missing === null) started = await start();
    else process.stderr.write(`tests are skipped: ${missing}\n`);
  });
  afterAll(async () => {
    if (started !== undefined) await stop(started);
  });
  return {
    orSkip: (skip) => {
      if (started !== undefined) return started;
      return skip(missing ?? "the service did not start");
    },
  };
}

/** A Redis of its own for the file. `test("…", async ({ skip }) => { const redis = used.orSkip(skip); … })` */
export const useRedis = (): Used<RedisServer> => use(redisImage, startRedis, (server) => server.stop());

/** The run's Postgres, with a migrated database of its own for the file. */
export const usePostgres = (): Used<{ server: PostgresServer; database: TestDatabase }> =>
  use(
    postgresImage,
    async () => {
      const server = await startPostgres();
      return { server, database: await server.database() };
    },
    async ({ server, database }) => {
      await database.drop();
      await server.stop();
    },
  );
