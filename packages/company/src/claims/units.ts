import { spelledUnits } from "./measure-words.ts";
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
  mg: { kind: "mass", factor: whole(1n, 1_000n) },
  g: { kind: "mass", factor: whole(1n) },
  kg: { kind: "mass", factor: whole(1_000n) },
  t: { kind: "mass", factor: whole(1_000_000n) },
  oz: { kind: "mass", factor: whole(45_359_237n, 1_600_000n) },
  lb: { kind: "mass", factor: whole(45_359_237n, 100_000n) },
  mm: { kind: "length", factor: whole(1n) },
  cm: { kind: "length", factor: whole(10n) },
  m: { kind: "length", factor: whole(1_000n) },
  km: { kind: "length", factor: whole(1_000_000n) },
  in: { kind: "length", factor: whole(254n, 10n) },
  ft: { kind: "length", factor: whole(3_048n, 10n) },
  mi: { kind: "length", factor: whole(1_609_344n) },
  ml: { kind: "volume", factor: whole(1n) },
  cl: { kind: "volume", factor: whole(10n) },
  dl: { kind: "volume", factor: whole(100n) },
  l: { kind: "volume", factor: whole(1_000n) },
  hl: { kind: "volume", factor: whole(100_000n) },
  m3: { kind: "volume", factor: whole(1_000_000n) },
  Wh: { kind: "energy", factor: whole(1n) },
  kWh: { kind: "energy", factor: whole(1_000n) },
  MWh: { kind: "energy", factor: whole(1_000_000n) },
  GWh: { kind: "energy", factor: whole(1_000_000_000n) },
  m2: { kind: "area", factor: whole(1n) },
  ha: { kind: "area", factor: whole(10_000n) },
  km2: { kind: "area", factor: whole(1_000_000n) },
};

/** How tools and people call the same units. */
const alias: Record<string, string> = {
  ...spelledUnits,
  "%": "percent",
  seconds: "s",
  second: "s",
  sec: "s",
  minutes: "min",
  minute: "min",
  mins: "min",
  hours: "h",
  hour: "h",
  hrs: "h",
  days: "d",
  day: "d",
  weeks: "wk",
  week: "wk",
  milliseconds: "ms",
  bytes: "B",
};

/** Minor units of a currency are hundredths, but for these (ISO 4217). */
const noMinor = new Set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" "));
const thousandths = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));

/** A unit by its name. Each currency is a kind of its own, so that none is ever turned into another; so is a name nobody knows. */
export function unitOf(name: string): Unit {
  const plain = name.trim();
  const called = Object.hasOwn(known, plain) ? plain : alias[plain.toLowerCase()];
  const fixed = called === undefined ? undefined : known[called];
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
