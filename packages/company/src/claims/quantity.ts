/** An exact number: claims are held against facts without a rounding that nobody asked for. `den` is positive. */
export interface Quantity {
  num: bigint;
  den: bigint;
}

/** Decimal text as an exact number; null for anything else. */
export function quantity(text: string): Quantity | null {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const [, sign, whole, fraction = ""] = match;
  const num = BigInt(whole! + fraction);
  return { num: sign === "-" ? -num : num, den: 10n ** BigInt(fraction.length) };
}

export const times = (a: Quantity, b: Quantity): Quantity => ({ num: a.num * b.num, den: a.den * b.den });
export const over = (a: Quantity, b: Quantity): Quantity => {
  const sign = b.num < 0n ? -1n : 1n;
  return { num: sign * a.num * b.den, den: sign * b.num * a.den };
};
export const equal = (a: Quantity, b: Quantity): boolean => a.num * b.den === b.num * a.den;
export const powerOfTen = (exponent: number): Quantity =>
  exponent >= 0 ? { num: 10n ** BigInt(exponent), den: 1n } : { num: 1n, den: 10n ** BigInt(-exponent) };

/** A number as somebody wrote it: its value, and the exponent of its last digit (`12.5` -1, `12` 0, `12k` 3). */
export interface Written {
  value: Quantity;
  lastDigit: number;
}

/** Fewer digits than this say too little to be called a rounding. */
const significantMin = 2;

/**
 * Whether `written` says `exact`: the same number, or its rounding at the digit where it was written, half up or half to even, with
 * at least two significant digits.
 */
export function says(written: Written, exact: Quantity): boolean {
  if (equal(written.value, exact)) return true;
  const unit = powerOfTen(written.lastDigit);
  const digits = over(written.value, unit);
  const size = abs(digits.num / digits.den).toString();
  if (size === "0" || size.length < significantMin) return false;
  const scaled = over(exact, unit);
  const wanted = digits.num / digits.den;
  return roundedEitherWay(scaled).includes(wanted);
}

/** To a whole number, half away from zero and half to even; the two differ only on a half. */
function roundedEitherWay({ num, den }: Quantity): bigint[] {
  const sign = num < 0n ? -1n : 1n;
  const size = abs(num);
  const below = size / den;
  const twice = 2n * (size % den);
  if (twice < den) return [sign * below];
  if (twice > den) return [sign * (below + 1n)];
  return [sign * (below + 1n), sign * (below % 2n === 0n ? below : below + 1n)];
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
