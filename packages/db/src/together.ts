import { type RawBuilder, sql } from "kysely";

/** A statement that is ready to run, and has not. */
export type Statement = RawBuilder<unknown>;

/**
 * Several writes as one statement, and so one round trip. All of them see the rows as they were before the first: none may read
 * what another writes, nor change a row that another changes. What one refers to may be written by another (keys are checked at
 * the end).
 */
export function together(writes: readonly Statement[]): Statement {
  if (writes.length === 1) return writes[0]!;
  const parts = writes.map((write, index) => sql`${sql.ref(`w${index}`)} as (${write})`);
  return sql`with ${sql.join(parts, sql`, `)} select`;
}

/** How a read begins that is asked again and again. */
export const oftenMark = "/* often */";

/**
 * A read that is asked again and again. On Postgres each connection keeps its plan, for making it costs several times what so small a read
 * itself does. It names its columns one by one: those of a `*` are others after a migration, and a kept plan is refused then.
 */
export const often = <T>(read: RawBuilder<T>): RawBuilder<T> => sql<T>`${sql.raw(oftenMark)} ${read}`;

/** How a statement begins after which its transaction is committed, whatever it answers. */
export const lastMark = "/* last */";

/**
 * A write that is its transaction's last statement and whose answer nobody reads. On Postgres the commit follows it without waiting for its
 * answer, which is one round trip less; what is wrong with it, the commit says.
 */
export const last = (write: Statement): Statement => sql`${sql.raw(lastMark)} ${write}`;
