import type { Unit } from "../company.ts";
import {
  type ClaimRow,
  type PairRow,
  selectOpenPairs,
  selectRefuted,
  selectStanding,
  type SideRow,
  type Subject,
  type Within,
} from "./queries.ts";

/** Rows of one query; of one figure there may be any number of them, and all count. */
export const figurePage = 1_000;

/** The sides of a figure that stand, the newest first. */
export const allStanding = (unit: Unit, of: Omit<Parameters<typeof selectStanding>[1], "before" | "limit">): Promise<SideRow[]> =>
  readAll((before) => selectStanding(unit, { ...of, before, limit: figurePage }));

/** What humans have refuted of a figure, the newest first. */
export const allRefuted = (unit: Unit, of: { about: Subject; within: Within | null }): Promise<ClaimRow[]> =>
  readAll((before) => selectRefuted(unit, { ...of, before, limit: figurePage }));

/** The open contradictions of a figure, the oldest first. */
export const allOpenPairs = (unit: Unit, about: Subject): Promise<PairRow[]> =>
  readAll((after) => selectOpenPairs(unit, { about, after, ofFigure: figurePage, limit: figurePage }));

async function readAll<T extends { id: string }>(read: (last: string | null) => Promise<T[]>): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const page = await read(all.at(-1)?.id ?? null);
    all.push(...page);
    if (page.length < figurePage) return all;
  }
}
