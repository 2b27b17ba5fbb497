import { createHash } from "node:crypto";
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import type pg from "pg";
import { lastMark, oftenMark } from "../together.ts";

/** Who asks one statement after the other, as a connection of the pool does. */
export type Asked = Pick<pg.PoolClient, "release"> & {
  query(statement: string | { name: string; text: string; values: unknown[] }, values?: unknown[]): Promise<unknown>;
};

/**
 * The pool as the query builder uses it, but that a transaction's `begin` is not waited for by itself: it goes out together with
 * the first statement, whose answer counts only if the `begin` held. Likewise its `commit` follows a statement that is marked as the last one
 * at once, and holds only if that did. That saves every transaction that writes two round trips.
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

/** Error of a last statement: its `commit` throws it. */
export function eagerClient(client: Asked): PostgresPoolClient {
  const nameOf = preparing();
  const oftenNameOf = keepingOften();
  /** Sent and not judged yet: a `begin`, or the last statement. */
  let ahead: Promise<unknown> | null = null;
  const sendAhead = (answer: Promise<unknown>): PostgresQueryResult<never> => {
    ahead = answer;
    // Judged with the statement that follows.
    answer.catch(() => undefined);
    return begun;
  };
  const ask = (name: string | null, text: string, values: readonly unknown[]): Promise<unknown> =>
    name === null ? client.query(text, [...values]) : client.query({ name, text, values: [...values] });
  const query = async (text: string, values: readonly unknown[] = []): Promise<unknown> => {
    if (text === "begin") return sendAhead(client.query(text));
    const before = ahead;
    ahead = null;
    if (text.startsWith(lastMark)) {
      const name = nameOf(text);
      const write = ask(name, text, values);
      return sendAhead(before ? Promise.all([before, write]) : write);
    }
    const answer = ask(text.startsWith(oftenMark) ? oftenNameOf(text) : null, text, values);
    // What follows a failure is rolled back by its own statement.
    if (before && text !== "rollback") await Promise.all([before, answer]);
    return await answer;
  };
  return {
    query: query as PostgresPoolClient["query"],
    release: (destroy) => client.release(destroy),
  };
}

/** A plan that is kept costs its connection memory: only what is written again and again is worth it. */
const plansMax = 10;
const seenBefore = 4;
const textsMax = 100;

/** Of reads that are marked for it there are few; a text that is made anew each time must not fill the server's memory. */
const oftenPlansMax = 24;

/** The name under which a connection keeps the plan of a read that is asked often; null: there are too many of them. */
function keepingOften(): (text: string) => string | null {
  const names = new Map<string, string>();
  return (text) => {
    if (!names.has(text) && names.size < oftenPlansMax) names.set(text, planName("often", text));
    return names.get(text) ?? null;
  };
}

const planName = (kind: string, text: string): string =>
  `${kind}_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;

/** The name under which a connection keeps a last statement's plan, once it was written a few times; null: as it comes. */
function preparing(): (text: string) => string | null {
  const seen = new Map<string, number>();
  const names = new Map<string, string>();
  return (text) => {
    const name = names.get(text);
    if (name !== undefined || names.size >= plansMax) return name ?? null;
    const times = seen.get(text) ?? 0;
    if (times >= seenBefore) {
      names.set(text, planName("last", text));
      seen.delete(text);
    } else if (times > 0 || seen.size < textsMax) seen.set(text, times + 1);
    return names.get(text) ?? null;
  };
}
