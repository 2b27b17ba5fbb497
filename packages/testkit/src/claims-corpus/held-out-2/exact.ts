/** A rational number: labels are worked out without a floating point. */
export interface Exact {
  n: bigint;
  d: bigint;
}

export function exact(decimal: string): Exact {
  const [whole, part = ""] = decimal.replace("-", "").split(".");
  const n = BigInt(`${whole}${part}`);
  return { n: decimal.startsWith("-") ? -n : n, d: 10n ** BigInt(part.length) };
}

export const times = (a: Exact, b: Exact): Exact => ({ n: a.n * b.n, d: a.d * b.d });
export const over = (a: Exact, b: Exact): Exact => ({ n: a.n * b.d, d: a.d * b.n });
export const equal = (a: Exact, b: Exact): boolean => a.n * b.d === b.n * a.d;
export const approximate = (a: Exact): number => Number(a.n) / Number(a.d);

/** Half away from zero, with that many decimals. */
export function rounded(a: Exact, decimals: number): string {
  const scaled = (a.n < 0n ? -a.n : a.n) * 10n ** BigInt(decimals);
  const digits = String((2n * scaled + a.d) / (2n * a.d)).padStart(decimals + 1, "0");
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return a.n < 0n && /[1-9]/.test(text) ? `-${text}` : text;
}

/** Digits that a careful reader counts: none in front of the first one that is not zero, no round end of a whole number. */
export function significantDigits(decimal: string): number {
  const plain = decimal.replace("-", "");
  const bare = plain.includes(".") ? plain.replace(".", "") : plain.replace(/0+$/, "");
  return bare.replace(/^0+/, "").length;
}

/** Exactly the value, or the value rounded to at least two digits and no tie. */
export function fairlyRounded(value: Exact, decimals: number): string | null {
  const text = rounded(value, decimals);
  if (equal(exact(text), value)) return text;
  const tie = ((value.n < 0n ? -value.n : value.n) * 10n ** BigInt(decimals) * 2n) % value.d === 0n;
  return tie || significantDigits(text) < 2 ? null : text;
}

/** Unit → family and how many of the family's smallest it is. */
const sizes: Record<string, [string, string]> = {
  count: ["count", "1"],
  percent: ["share", "1"],
  ratio: ["share", "100"],
  ms: ["time", "1"],
  s: ["time", "1000"],
  min: ["time", "60000"],
  h: ["time", "3600000"],
  d: ["time", "86400000"],
  kB: ["bytes", "1000"],
  MB: ["bytes", "1000000"],
  GB: ["bytes", "1000000000"],
};

const sizeOf = (unit: string): [string, string] =>
  sizes[unit] ?? (unit.endsWith("_minor") ? [unit.replace("_minor", ""), "1"] : [unit, "100"]);

/** Null where no amount of the one is an amount of the other. */
export function converted(value: Exact, from: string, to: string): Exact | null {
  const [a, b] = [sizeOf(from), sizeOf(to)];
  return a[0] === b[0] ? over(times(value, exact(a[1])), exact(b[1])) : null;
}

export const unitsLike = (unit: string): string[] =>
  unit in sizes
    ? Object.keys(sizes).filter((each) => sizes[each]![0] === sizes[unit]![0])
    : [sizeOf(unit)[0], `${sizeOf(unit)[0]}_minor`];
