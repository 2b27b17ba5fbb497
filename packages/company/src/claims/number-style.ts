import { tongueOf } from "./tongue-of.ts";

/** Numbers that show which mark stands before their decimals. */
const shows = {
  point: /(?<![\d.,])(?:\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}|\d+\.(?:\d{1,2}|\d{4,}))(?![\d.,]*\d)/u,
  comma: /(?<![\d.,])(?:\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|\d+,(?:\d{1,2}|\d{4,}))(?![\d.,]*\d)/u,
};

/**
 * Pure: whether a text puts its commas between thousands and nowhere before decimals: it does so in numbers that can be read in one way
 * only, or is in English and shows nothing else. Other languages do both, by country, and some texts mix both: of those it cannot be told.
 */
export function commasAreThousands(masked: string): boolean {
  if (shows.comma.test(masked)) return false;
  return shows.point.test(masked) || tongueOf(masked) === "en";
}
