import { Id, type Page, pageItemsMax } from "@aito/protocol";
import { z } from "zod";

/** `?limit=&before=`: at most 200 items older than the item `before`. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(pageItemsMax).default(50),
  before: Id.optional(),
});

/** Postgres knows no year 0: it is the year before the first. */
const firstYear = 1;
const beforeTime = "a year from 0001 on";

/** A point of time, with its offset. */
export const Instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((at) => at.getUTCFullYear() >= firstYear, beforeTime);

/** Where a span of costs begins or ends: a point of time, or a day as `2026-11-21`, which begins at the company's midnight. */
export const SpanEdge = z.union([Instant, z.iso.date().refine((day) => Number(day.slice(0, 4)) >= firstYear, beforeTime)]);

/** Reads one item more than asked for, to know whether there is a next page. */
export async function readPage<T extends { id: string }, Q extends { limit: number }>(
  query: Q,
  read: (query: Q) => Promise<T[]>,
): Promise<Page<T>> {
  const rows = await read({ ...query, limit: query.limit + 1 });
  const items = rows.slice(0, query.limit);
  return { items, next: rows.length > query.limit ? items.at(-1)!.id : null };
}
