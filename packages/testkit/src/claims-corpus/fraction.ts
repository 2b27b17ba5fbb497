/** An exact number: `top / bottom`, with `bottom` > 0. */
export interface Fraction {
  top: bigint;
  bottom: bigint;
}

/** Reads a decimal such as "-12.50". */
export function fractionOf(decimal: string): Fraction {
  const [whole = "0", part = ""] = decimal.split(".");
  return { top: BigInt(whole + part), bottom: 10n ** BigInt(part.length) };
}

export const times = (one: Fraction, top: bigint, bottom = 1n): Fraction => ({
  top: one.top * top,
  bottom: one.bottom * bottom,
});

export const isEqual = (one: Fraction, other: Fraction): boolean => one.top * other.bottom === other.top * one.bottom;

/** The nearest decimal with so many places; a tie goes away from zero or to the even neighbour. */
export function roundTo(one: Fraction, places: number, tie: "away" | "even" = "away"): string {
  const scaled = one.top * 10n ** BigInt(places);
  const size = scaled < 0n ? -scaled : scaled;
  const [below, rest] = [size / one.bottom, (size % one.bottom) * 2n];
  const isUp = rest > one.bottom || (rest === one.bottom && (tie === "away" || below % 2n === 1n));
  return decimalOf(scaled < 0n ? -(below + (isUp ? 1n : 0n)) : below + (isUp ? 1n : 0n), places);
}

/** Writes `scaled / 10^places`. */
export function decimalOf(scaled: bigint, places: number): string {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, "0");
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return scaled < 0n ? `-${text}` : text;
}

/** Digits that say something: without leading zeros. */
export const significantDigits = (decimal: string): number => decimal.replace(/[-.]/g, "").replace(/^0+/, "").length;
