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
