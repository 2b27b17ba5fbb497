import { type Fraction, times } from "./fraction.ts";

interface Unit {
  family: string;
  /** How many of the family's smallest unit it is. */
  size: bigint;
}

const plain: Record<string, Unit> = {
  count: { family: "count", size: 1n },
  percent: { family: "share", size: 1n },
  ratio: { family: "share", size: 100n },
  ms: { family: "time", size: 1n },
  s: { family: "time", size: 1_000n },
  min: { family: "time", size: 60_000n },
  h: { family: "time", size: 3_600_000n },
  d: { family: "time", size: 86_400_000n },
  B: { family: "size", size: 1n },
  kB: { family: "size", size: 1_000n },
  MB: { family: "size", size: 1_000_000n },
  GB: { family: "size", size: 1_000_000_000n },
};

export const currencies = ["USD", "EUR", "GBP", "CHF"];

/** A unit by its name; a currency such as USD or USD_minor is a family of its own. */
export function unitOf(name: string): Unit {
  const known = plain[name];
  if (known) return known;
  const [currency = "", minor] = name.split("_");
  return { family: currency, size: minor ? 1n : 100n };
}

export const isMoney = (unit: string): boolean => currencies.includes(unit.split("_")[0]!);

/** All units into which this one can be turned, itself among them. */
export function unitsBeside(unit: string): string[] {
  if (isMoney(unit)) return [unit.split("_")[0]!, `${unit.split("_")[0]!}_minor`];
  const { family } = unitOf(unit);
  return Object.keys(plain).filter((name) => plain[name]!.family === family);
}

export const convert = (value: Fraction, from: string, to: string): Fraction => times(value, unitOf(from).size, unitOf(to).size);
