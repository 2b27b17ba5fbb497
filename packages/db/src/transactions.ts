import { AsyncLocalStorage } from "node:async_hooks";
import { AitoError, type Clock, errorText, isAitoError } from "@aito/base";
import { sql, type Kysely } from "kysely";
import type { Database, Scope, Tx } from "./database.ts";

const insideTransaction = new AsyncLocalStorage<true>();
const closeMsMax = 5_000;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** SQLSTATE classes that mean "the server is not there", and the socket errors that do. */
function isUnavailable(error: unknown): boolean {
  const code = String((error as { code?: unknown }).code ?? "");
  if (/^(08|57P0)/.test(code) || /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|ENOENT|EAI_AGAIN)$/.test(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|PGlite is closed/i.test(errorText(error));
}

function translate(error: unknown, kind: string): unknown {
  if (isAitoError(error)) return error;
  if ((error as { code?: unknown }).code === "57014") {
    return new AitoError("AITO_DB_TIMEOUT", `a statement ran over its limit on ${kind}`, { fate: "retry", status: 503, cause: error });
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

/** The part of the port that both adapters share: role, company, time, and the guard against nested transactions. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function databaseOver(kysely: Kysely<any>, options: {
  kind: Database["kind"];
  clock: Clock;
  prepare: (queries: Tx["queries"]) => Promise<void>;
  close: () => Promise<void>;
}): Database {
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const guarded = async <T>(run: () => Promise<T>): Promise<T> => {
    if (insideTransaction.getStore()) {
      throw new AitoError("AITO_DB_OUTSIDE_TX", "a query was made outside the open transaction", {
        hint: "pass the transaction handle (tx) down instead of the database",
        status: 500,
      });
    }
    // Asked of a closed PGlite, Kysely's driver would wait for ever.
    if (closing) throw new AitoError("AITO_DB_UNAVAILABLE", `the database (${options.kind}) is closed`, { fate: "retry", status: 503 });
    const done = run();
    running.add(done);
    try {
      return await done;
    } catch (error) {
      throw translate(error, options.kind);
    } finally {
      running.delete(done);
    }
  };

  /** Takes nothing new, lets what is under way end (within `closeMsMax`), and closes. */
  const close = async (): Promise<void> => {
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = options.clock.after(closeMsMax, resolve);
    });
    await Promise.race([Promise.allSettled(running), late]);
    cancel();
    await options.close();
  };

  return {
    kind: options.kind,
    transaction: <T>(scope: Scope, run: (tx: Tx) => Promise<T>): Promise<T> =>
      guarded(() =>
        kysely.transaction().execute(async (queries) => {
          if (!uuid.test(scope.companyId)) {
            throw new AitoError("AITO_DB_SCOPE", `not a company id: "${scope.companyId}"`, { status: 500 });
          }
          await options.prepare(queries);
          await sql`select set_config('role', ${scope.role ?? "aito_app"}, true),
            set_config('aito.company_id', ${scope.companyId}, true)`.execute(queries);
          return await insideTransaction.run(true, () => run({ queries, now: options.clock.now(), companyId: scope.companyId }));
        }),
      ),
    findOrCreateCompany: (company) =>
      guarded(async () => {
        await sql`insert into companies (id, slug, name, created_at)
          values (${company.id}, ${company.slug}, ${company.name}, ${options.clock.now()})
          on conflict (slug) do nothing`.execute(kysely);
        const found = await sql<{ id: string }>`select id from companies where slug = ${company.slug}`.execute(kysely);
        return found.rows[0]!.id;
      }),
    findCompany: (slug) =>
      guarded(async () => {
        const found = await sql<{ id: string; name: string }>`select id, name from companies where slug = ${slug}`.execute(kysely);
        return found.rows[0] ?? null;
      }),
    ping: () =>
      guarded(async () => {
        const late = new AitoError("AITO_DB_UNAVAILABLE", "the database gave no answer within 2 s", { fate: "retry", status: 503 });
        let cancel = (): void => undefined;
        const timeout = new Promise<never>((_, reject) => {
          cancel = options.clock.after(2_000, () => reject(late));
        });
        await Promise.race([sql`select 1`.execute(kysely), timeout]).finally(() => cancel());
      }),
    close: () => (closing ??= close()),
  };
}
