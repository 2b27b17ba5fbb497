/** Dollars to micro-dollars, exact to six decimals. Throws RangeError for text that is not a plain decimal. */
export function usdToMicro(usd: number | string): bigint {
  const text = typeof usd === "number" ? usd.toFixed(6) : usd.trim();
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text);
  if (!match) throw new RangeError(`not an amount in dollars with at most six decimals: "${text}"`);
  const [, sign, whole, fraction = ""] = match;
  const micro = BigInt(whole!) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  return sign ? -micro : micro;
}

/** Micro-dollars as a plain decimal, at least two decimals: 5_000_000_000n -> "5000.00". */
export function microToUsd(micro: bigint | string): string {
  const value = BigInt(micro);
  const absolute = value < 0n ? -value : value;
  const fraction = (absolute % 1_000_000n)
    .toString()
    .padStart(6, "0")
    .replace(/0{1,4}$/, "");
  return `${value < 0n ? "-" : ""}${absolute / 1_000_000n}.${fraction}`;
}
