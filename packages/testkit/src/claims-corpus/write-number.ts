import type { SeededRandom } from "../races/seeded-random.ts";
import { type Fraction, fractionOf, isEqual, roundTo, significantDigits } from "./fraction.ts";
import { convert, isMoney, unitsBeside } from "./units.ts";

/** How a half of the corpus writes numbers. */
export interface NumberHabits {
  /** The share of numbers written as in most of Europe, where that can mean one thing only. */
  european: number;
  /** The share of large numbers that are shortened. */
  shortened: number;
  shortForms: { thousand: string; million: string }[];
  minus: string[];
  words: Record<string, string[]>;
}

export type NumberStyle = "any" | "european" | "shortened" | "plain";

const symbols: Record<string, string> = { USD: "$", EUR: "€", GBP: "£" };
const group = (digits: string, by: string): string => digits.replace(/\B(?=(\d{3})+$)/g, by);

/** Whether a value, written with so many places, still says what it stands for. */
export const isFaithful = (value: Fraction, written: string): boolean =>
  significantDigits(written) >= 2 || isEqual(value, fractionOf(written));

/** The digits of a decimal with separators that can be read in one way only. */
function separated(decimal: string, random: SeededRandom, european: boolean): string {
  const [whole = "", part] = decimal.replace("-", "").split(".");
  const tail = (mark: string): string => (part === undefined ? "" : mark + part);
  if (european && (part !== undefined || whole.length > 6)) {
    return group(whole, random.pick([".", ".", "\u202f", "\u00a0"])) + tail(",");
  }
  if (whole.length < 4 || (whole.length > 4 && random.chance(0.2))) return whole + tail(".");
  return group(whole, random.chance(0.08) ? "\u202f" : ",") + tail(".");
}

interface Written {
  number: string;
  unit: string;
  sign: string;
  suffix: string;
}

function withUnit(
  { number, unit, sign, suffix }: Written,
  random: SeededRandom,
  habits: NumberHabits,
  european: boolean,
): string {
  if (unit === "count" || unit === "ratio") return sign + number + suffix;
  if (isMoney(unit)) {
    const symbol = symbols[unit];
    if (symbol === undefined || random.chance(0.2))
      return random.chance(0.5) ? `${unit} ${sign}${number}${suffix}` : `${sign}${number}${suffix} ${unit}`;
    if (european) return `${sign}${number}${suffix} ${symbol}`;
    return sign !== "" && random.chance(0.3) ? `${symbol}${sign}${number}${suffix}` : `${sign}${symbol}${number}${suffix}`;
  }
  return sign + number + random.pick(habits.words[unit]!);
}

const shown = (unit: string): boolean => !unit.endsWith("_minor");

/**
 * Writes a claimed value as a person would: another unit of its family, fewer places, separators, k and M; never so that it
 * could be read as something else. `fact` is what it must agree with too, where the claim is true.
 */
export function writeNumber(
  claim: { value: string; unit: string },
  fact: { value: string; unit: string } | null,
  { random, habits, style }: { random: SeededRandom; habits: NumberHabits; style: NumberStyle },
): string {
  const european = style === "european" || (style === "any" && random.chance(habits.european));
  const shorten = style === "shortened" || (style === "any" && random.chance(habits.shortened));
  for (let tries = 0; tries < 60; tries += 1) {
    const units = unitsBeside(claim.unit).filter(shown);
    const same = shown(claim.unit) && (tries > 40 || !random.chance(0.35));
    const unit = same ? claim.unit : random.pick(units);
    const form = random.pick(habits.shortForms);
    const big = shorten && tries < 30 && (unit === "count" || isMoney(unit)) ? random.pick([1_000n, 1_000_000n]) : 1n;
    const of = ({ value, unit: from }: { value: string; unit: string }): Fraction => {
      const { top, bottom } = convert(fractionOf(value), from, unit);
      return { top, bottom: bottom * big };
    };
    const value = of(claim);
    const places =
      big === 1n && unit === "count" ? 0 : isMoney(unit) && big === 1n ? random.pick([0, 2, 2]) : random.pick([0, 1, 1, 2]);
    const decimal = roundTo(value, places);
    if (!isFaithful(value, decimal) || decimal.length > 13 || (big > 1n && Math.abs(Number(decimal)) < 1)) continue;
    if (
      roundTo(value, places, "even") !== decimal ||
      (fact && (roundTo(of(fact), places) !== decimal || !isFaithful(of(fact), decimal)))
    )
      continue;
    if (/^-?(0\.00\d*|\d{7,}\.\d+)$/.test(decimal) && Number(decimal) !== 0) continue;
    const sign = decimal.startsWith("-") ? random.pick(habits.minus) : "";
    const suffix = big === 1n ? "" : big === 1_000n ? form.thousand : form.million;
    return withUnit({ number: separated(decimal, random, european), unit, sign, suffix }, random, habits, european);
  }
  const decimal = shown(claim.unit)
    ? claim.value
    : roundTo(convert(fractionOf(claim.value), claim.unit, claim.unit.slice(0, 3)), 2);
  const unit = claim.unit.replace("_minor", "");
  const sign = decimal.startsWith("-") ? random.pick(habits.minus) : "";
  return withUnit({ number: decimal.replace("-", ""), unit, sign, suffix: "" }, random, habits, false);
}
