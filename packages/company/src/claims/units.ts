import { type Quantity, times, over } from "./quantity.ts";

interface Unit {
  /** What is measured: only units of one kind can be turned into each other. */
  kind: string;
  /** In the kind's own base. */
  factor: Quantity;
}

const whole = (num: bigint, den = 1n): Quantity => ({ num, den });

const known: Record<string, Unit> = {
  count: { kind: "count", factor: whole(1n) },
  ratio: { kind: "ratio", factor: whole(1n) },
  percent: { kind: "ratio", factor: whole(1n, 100n) },
  permille: { kind: "ratio", factor: whole(1n, 1_000n) },
  bp: { kind: "ratio", factor: whole(1n, 10_000n) },
  ns: { kind: "time", factor: whole(1n, 1_000_000n) },
  us: { kind: "time", factor: whole(1n, 1_000n) },
  ms: { kind: "time", factor: whole(1n) },
  s: { kind: "time", factor: whole(1_000n) },
  min: { kind: "time", factor: whole(60_000n) },
  h: { kind: "time", factor: whole(3_600_000n) },
  d: { kind: "time", factor: whole(86_400_000n) },
  wk: { kind: "time", factor: whole(604_800_000n) },
  B: { kind: "bytes", factor: whole(1n) },
  kB: { kind: "bytes", factor: whole(1_000n) },
  MB: { kind: "bytes", factor: whole(1_000_000n) },
  GB: { kind: "bytes", factor: whole(1_000_000_000n) },
  TB: { kind: "bytes", factor: whole(1_000_000_000_000n) },
  KiB: { kind: "bytes", factor: whole(1_024n) },
  MiB: { kind: "bytes", factor: whole(1_048_576n) },
  GiB: { kind: "bytes", factor: whole(1_073_741_824n) },
  TiB: { kind: "bytes", factor: whole(1_099_511_627_776n) },
};

/** Minor units of a currency are hundredths, but for these (ISO 4217). */
const noMinor = new Set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" "));
const thousandths = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));

/** A unit by its name. Each currency is a kind of its own, so that none is ever turned into another; so is a name nobody knows. */
export function unitOf(name: string): Unit {
  const plain = name.trim();
  const fixed = Object.hasOwn(known, plain) ? known[plain] : undefined;
  if (fixed) return fixed;
  const [, code, minor] = /^([A-Z]{3})([_ ](?:minor|cents))?$/.exec(plain) ?? [];
  if (!code) return { kind: `"${plain}"`, factor: whole(1n) };
  const den = !minor || noMinor.has(code) ? 1n : thousandths.has(code) ? 1_000n : 100n;
  return { kind: `currency ${code}`, factor: whole(1n, den) };
}

/** A value in another unit; null where one cannot be turned into the other. */
export function inUnit(value: Quantity, from: string, to: string): Quantity | null {
  const [a, b] = [unitOf(from), unitOf(to)];
  return a.kind === b.kind ? over(times(value, a.factor), b.factor) : null;
}

/** Units that a number without one may be in beside what a claim is in: the column's head says minutes, the amount is in dollars. */
export function unitsLike(name: string): string[] {
  const { kind } = unitOf(name);
  const alike = Object.keys(known).filter((each) => known[each]!.kind === kind);
  const currency = /^currency (.+)$/.exec(kind)?.[1];
  return [name, ...alike, ...(currency ? [currency, `${currency}_minor`] : [])];
}
