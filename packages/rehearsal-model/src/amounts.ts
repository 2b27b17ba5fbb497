import { microToUsd, usdToMicro } from "@aito/protocol";

/** The first dollar amount in a text: "about $5,000 for" -> 5_000_000_000n; null where there is none that can be read. */
export function amountIn(text: string): bigint | null {
  for (const match of text.matchAll(/\$\s?(\d{1,3}(?:,\d{3})+|\d{1,9})(\.\d{1,6})?(k\b)?/gi)) {
    const micro = usdToMicro(`${match[1]!.replaceAll(",", "")}${match[2] ?? ""}`);
    return match[3] ? micro * 1_000n : micro;
  }
  return null;
}

/** "5000.00" with separators and sign: "$5,000.00". */
export function dollars(micro: bigint): string {
  const [whole, fraction] = microToUsd(micro < 0n ? -micro : micro).split(".");
  return `${micro < 0n ? "-" : ""}$${whole!.replace(/\B(?=(\d{3})+$)/g, ",")}.${fraction}`;
}

/** Whether `amount` is at most `percent` of `whole`; exact. */
export const within = (amount: bigint, percent: number, whole: bigint): boolean => amount * 100n <= whole * BigInt(percent);

/** The share in percent with one decimal, for people. */
export function share(amount: bigint, whole: bigint): string {
  if (whole <= 0n) return amount > 0n ? "more than 100 %" : "0 %";
  const tenths = (amount * 1_000n) / whole;
  return `${tenths / 10n}.${tenths % 10n} %`;
}
