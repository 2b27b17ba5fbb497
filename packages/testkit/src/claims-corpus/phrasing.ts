import type { SeededRandom } from "../races/seeded-random.ts";
import type { NumberHabits } from "./write-number.ts";

/** A quantity that some tool knows: facts are drawn between `from` and `to` with so many `places`. */
export interface Metric {
  name: string;
  label: string;
  unit: string;
  from: number;
  to: number;
  places: number;
}

/** One corner of a business: who reports there, with which tools, about what. */
export interface Setting {
  name: string;
  agents: string[];
  reads: string[];
  effects: string[];
  entities: string[];
  metrics: Metric[];
}

/** A point in time as the makers of asides see it: they write dates and ids, and nothing that is a quantity. */
export interface AsideGround {
  random: SeededRandom;
  now: Date;
}

/** All that differs between the halves of the corpus, so that what was learnt on one says something about the other. */
export interface Phrasing {
  settings: Setting[];
  /** With {label}, {entity}, {number} and {period}. */
  sentences: string[];
  /** How two statements are put into one sentence: with {a} and {b}. */
  pairs: string[];
  openings: string[];
  tableHead: string[];
  months: string[];
  points: ((now: Date, phrasing: { months: string[] }) => string)[];
  habits: NumberHabits;
  /** Sentences full of numbers that are no quantities. */
  asides: ((ground: AsideGround) => string)[];
  /** Sentences around a number that nothing supports: with {number}. */
  inventions: string[];
}

/** `name | label | unit | from | to | places`, a line each: read in one glance, which objects are not. */
export const metrics = (lines: string): Metric[] =>
  lines
    .trim()
    .split("\n")
    .map((line) => {
      const [name = "", label = "", unit = "", from, to, places] = line.split("|").map((part) => part.trim());
      return { name, label, unit, from: Number(from), to: Number(to), places: Number(places) };
    });

export const two = (value: number): string => String(value).padStart(2, "0");
export const hex = (random: SeededRandom, length: number): string =>
  Array.from({ length }, () => random.below(16).toString(16)).join("");
