import type { Kysely } from "kysely";

/** Rows are read and written with Kysely's `sql` tag, so the schema type is left open. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Queries = Kysely<any>;

/** What a use case gets: valid until its transaction ends. Everything goes through it; nothing else may touch the database. */
export interface Tx {
  /** Runs Kysely `sql` statements: ``sql<Row>`select …`.execute(tx.queries)``. */
  readonly queries: Queries;
  /** The time of this transaction: the database's own in production, the program's clock's where that is virtual. */
  readonly now: Date;
  readonly companyId: string;
  /**
   * What this program remembers of the company between transactions, by name: only what no later transaction can change, such as a row that
   * is never updated, held against its id. One entry a name, so that it stays small.
   */
  readonly kept: Map<string, unknown>;
}

export type Role = "aito_app" | "aito_sealer";

export interface Scope {
  /** Whose rows are visible; enforced by row-level security. */
  companyId: string;
  role?: Role;
}

/**
 * The database port. Adapters: postgres, pglite. Every transaction runs under a role that row-level security binds, never as
 * the owner.
 *
 * Errors: AITO_DB_OUTSIDE_TX when a second transaction is opened inside one (on PGlite it would hang for ever);
 * AITO_DB_UNAVAILABLE (fate retry) when the server cannot be reached; AITO_DB_TIMEOUT after `statementTimeoutMs`.
 */
export interface Database {
  readonly kind: "postgres" | "pglite";
  transaction<T>(scope: Scope, run: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Calls a function `name(company uuid, at timestamptz, argument jsonb) returns jsonb` of the migrations as a transaction of its own,
   * in one round trip. It takes role and company itself (`aito_enter`). For what every model call waits for.
   */
  call<T>(companyId: string, name: string, argument: unknown): Promise<T>;
  /** Finds a company by slug, or makes it. The one statement without a company scope. */
  findOrCreateCompany(company: { id: string; slug: string; name: string }): Promise<string>;
  findCompany(slug: string): Promise<{ id: string; name: string } | null>;
  /** One trivial round trip, which sets a following clock right; throws when the database does not answer within 2 s. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export const statementTimeoutMs = 10_000;
/** The server ends a slow statement itself; a server that says nothing is given up this much later, and so is its connection. */
export const silenceMs = 2_000;
