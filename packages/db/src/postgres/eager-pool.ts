import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import type pg from "pg";

/**
 * The pool as the query builder uses it, but that a transaction's `begin` is not waited for by itself: it goes out together with
 * the first statement, whose answer counts only if the `begin` held. That saves every transaction one round trip.
 */
export function eagerPool(pool: pg.Pool): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    connect: async () => {
      const client = await pool.connect();
      const eager = known.get(client) ?? eagerClient(client);
      known.set(client, eager);
      return eager;
    },
    end: () => pool.end(),
  };
}

const begun: PostgresQueryResult<never> = { command: "SELECT", rowCount: 0, rows: [] };

function eagerClient(client: pg.PoolClient): PostgresPoolClient {
  let opening: Promise<unknown> | null = null;
  const query = async (text: string, values: readonly unknown[] = []): Promise<unknown> => {
    if (text === "begin") {
      opening = client.query(text);
      // Judged with the statement that follows.
      opening.catch(() => undefined);
      return begun;
    }
    const before = opening;
    opening = null;
    const answer = client.query(text, [...values]);
    if (before) await Promise.all([before, answer]);
    return await answer;
  };
  return {
    query: query as PostgresPoolClient["query"],
    release: (destroy) => client.release(destroy),
  };
}
