import { AitoError } from "@aito/base";
import type { PageRequest } from "../src/records.ts";

/** Writes down what a fixture was told. */
export type Note = (name: string, ...args: unknown[]) => void;

export function pageOfRows<T extends { id: string }>(rows: T[], page: PageRequest): T[] {
  const from = page.before ? rows.findIndex((row) => row.id === page.before) + 1 : 0;
  return rows.slice(from, from + page.limit);
}

/** The row, or what the company says of an unknown one. */
export function found<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new AitoError(`AITO_${what}_UNKNOWN`, `there is no such ${what.toLowerCase()}`, { status: 404 });
  return row;
}
