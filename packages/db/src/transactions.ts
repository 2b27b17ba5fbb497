import { AsyncLocalStorage } from "node:async_hooks";
import { AitoError, type Clock, errorText, isAitoError, monotonicMs } from "@aito/base";
import { type RawBuilder, sql } from "kysely";
import type { Database, Queries, Scope, Tx } from "./database.ts";
import { often } from "./together.ts";

const insideTransaction = new AsyncLocalStorage<true>();
const closeMsMax = 5_000;
const pingMsMax = 2_000;
const functionName = /^aito_[a-z_]{1,50}$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** SQLSTATE classes that mean "the server is not there", and the socket errors that do. */
function isUnavailable(error: unknown): boolean {
  const { code = "" } = error as { code?: string };
  if (/^(08|57P0|25P03)/.test(code) || /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|ENOENT|EAI_AGAIN)$/.test(code))
    return true;
  return /Connection terminated|is not queryable|timeout exceeded when trying to connect|PGlite is closed/i.test(
    errorText(error),
  );
}

function translate(error: unknown, kind: string): unknown {
  if (isAitoError(error)) return error;
  if ((error as { code?: unknown }).code === "57014" || errorText(error) === "Query read timeout") {
    return new AitoError("AITO_DB_TIMEOUT", `a statement ran over its limit on ${kind}`, {
      fate: "retry",
      status: 503,
      cause: error,
    });
  }
  if (isUnavailable(error)) {
    return new AitoError("AITO_DB_UNAVAILABLE", `the database (${kind}) cannot be reached: ${errorText(error)}`, {
      hint: "check that Postgres runs and that POSTGRES_URL is right",
      fate: "retry",
      status: 503,
      cause: error,
    });
  }
  return error;
}

/** Stands before every use of a database: refuses what is nested or late, translates errors, and closes in order. */
function gate(options: { kind: Database["kind"]; clock: Clock; close: () => Promise<void> }) {
  const { kind, clock } = options;
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const pass = async <T>(run: () => Promise<T>): Promise<T> => {
    if (insideTransaction.getStore()) {
      throw new AitoError("AITO_DB_OUTSIDE_TX", "a query was made outside the open transaction", {
        hint: "pass the transaction handle (tx) down instead of the database",
        status: 500,
      });
    }
    // Asked of a closed PGlite, Kysely's driver would wait for ever.
    if (closing) throw new AitoError("AITO_DB_UNAVAILABLE", `the database (${kind}) is closed`, { fate: "retry", status: 503 });
    const done = run();
    running.add(done);
    try {
      return await done;
    } catch (error) {
      throw translate(error, kind);
    } finally {
      running.delete(done);
    }
  };

  /** Takes nothing new, lets what is under way end (within `closeMsMax`), and closes. */
  const close = async (): Promise<void> => {
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(closeMsMax, resolve);
    });
    await Promise.race([Promise.allSettled(running), late]);
    cancel();
    await options.close();
  };

  return { pass, close: (): Promise<void> => (closing ??= close()) };
}

/** Throws what broke the transaction, not what its rollback then ran into on a broken connection. */
async function inTransaction<T>(kysely: Queries, run: (queries: Queries) => Promise<T>): Promise<T> {
  let broke: { error: unknown } | undefined;
  try {
    return await kysely.transaction().execute(async (queries) => {
      try {
        return await run(queries);
      } catch (error) {
        broke = { error };
        throw error;
      }
    });
  } catch (error) {
    throw broke ? broke.error : error;
  }
}

/** Asks the database for its time, with whatever else `select` says, and sets a clock right that follows it. */
async function askTime(queries: Queries, clock: Clock, select: RawBuilder<unknown> = sql`null`): Promise<Date> {
  const askedAtMs = monotonicMs();
  const found = await often(sql<{ at: Date }>`select clock_timestamp() as at, ${select}`).execute(queries);
  if (!clock.follow) return clock.now();
  const { at } = found.rows[0]!;
  clock.follow(at, askedAtMs);
  return at;
}

/** What is remembered of each company. */
function keeping(): (companyId: string) => Map<string, unknown> {
  const kept = new Map<string, Map<string, unknown>>();
  return (companyId) => {
    const known = kept.get(companyId) ?? new Map<string, unknown>();
    kept.set(companyId, known);
    return known;
  };
}

/** The part of the port that both adapters share: role, company, time, and the guard against nested transactions. */
export function databaseOver(
  kysely: Queries,
  options: {
    kind: Database["kind"];
    clock: Clock;
    close: () => Promise<void>;
    /** One statement outside Kysely, so that it can be prepared; its one row has the column `answer`. */
    callFunction: (statement: { name: string; text: string; values: unknown[] }) => Promise<unknown>;
  },
): Database {
  const { kind, clock } = options;
  const { pass, close } = gate(options);
  const keptOf = keeping();
  return {
    kind,
    transaction: <T>(scope: Scope, run: (tx: Tx) => Promise<T>): Promise<T> =>
      pass(() =>
        inTransaction(kysely, async (queries) => {
          const { companyId, role = "aito_app" } = scope;
          if (!uuid.test(companyId)) {
            throw new AitoError("AITO_DB_SCOPE", `not a company id: "${companyId}"`, { status: 500 });
          }
          const enter = sql`set_config('role', ${role}, true), set_config('aito.company_id', ${companyId}, true)`;
          const now = await askTime(queries, clock, enter);
          return await insideTransaction.run(true, () => run({ queries, now, companyId, kept: keptOf(companyId) }));
        }),
      ),
    call: <T>(companyId: string, name: string, argument: unknown): Promise<T> =>
      pass(async () => {
        if (!uuid.test(companyId) || !functionName.test(name)) {
          throw new AitoError("AITO_DB_SCOPE", `not a company id or not a function: "${companyId}", "${name}"`, { status: 500 });
        }
        return (await options.callFunction({
          name,
          text: `select public.${name}($1::uuid, $2::timestamptz, $3::jsonb) as answer`,
          values: [companyId, clock.now(), JSON.stringify(argument)],
        })) as T;
      }),
    findOrCreateCompany: (company) =>
      pass(async () => {
        const now = await askTime(kysely, clock);
        await sql`insert into companies (id, slug, name, created_at)
          values (${company.id}, ${company.slug}, ${company.name}, ${now})
          on conflict (slug) do nothing`.execute(kysely);
        const found = await sql<{ id: string }>`select id from companies where slug = ${company.slug}`.execute(kysely);
        return found.rows[0]!.id;
      }),
    findCompany: (slug) =>
      pass(async () => {
        const found = await sql<{ id: string; name: string }>`select id, name from companies where slug = ${slug}`.execute(
          kysely,
        );
        return found.rows[0] ?? null;
      }),
    ping: () =>
      pass(async () => {
        const late = new AitoError("AITO_DB_UNAVAILABLE", "the database gave no answer within 2 s", {
          fate: "retry",
          status: 503,
        });
        let cancel = (): void => undefined;
        const timeout = new Promise<never>((_, reject) => {
          cancel = clock.after(pingMsMax, () => reject(late));
        });
        await Promise.race([askTime(kysely, clock), timeout]).finally(() => cancel());
      }),
    close,
  };
}
