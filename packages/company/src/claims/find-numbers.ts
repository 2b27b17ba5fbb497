import { multipliersAbroad } from "./abroad-words.ts";
import { maskText } from "./mask-text.ts";
import { commasAreThousands } from "./number-style.ts";
import {
  codes,
  currenciesNamed,
  currencySigns,
  currencyWords,
  fallsAfter,
  fallsBefore,
  multipliers,
  unitWords,
} from "./number-words.ts";
import { spelledNumbers } from "./spelled-numbers.ts";
import { over, powerOfTen, type Quantity, quantity, times, type Written } from "./quantity.ts";

/** One way to read a number: its value, and its unit as a claim would name it; null where the text gives none. */
export interface Reading extends Written {
  unit: string | null;
}

/** A number in a text, as a quantity. */
export interface FoundNumber {
  text: string;
  start: number;
  end: number;
  /** 1,234 is 1234 or, where a comma stands before decimals, 1.234; 5 m is five million or five of something. */
  readings: Reading[];
  /** What the words beside it say of its direction: "fell by 5 %" is a change of -5 %. */
  falls: boolean;
  /** What so few are counted of in words that it may be a way of speaking: "three remarks". */
  few?: string;
}

const space = " \\u00A0\\u2007\\u2009\\u202F";
const digits =
  // A length of time, as on a clock. What an hour of the day is, is covered.
  `\\d{1,3}:[0-5]\\d(?=[${space}]?(?:h|hrs?|hours|Std|Stunden|min|minutes|Minuten)(?![\\p{L}]))|` +
  // In groups: with commas, apostrophes, spaces or points, as in 1.234,56; two by two, as in 12,34,567. Then plain ones.
  `\\d{1,3}(?:[,’'_]\\d{3}(?!\\d))+(?:\\.\\d+)?|\\d{1,3}(?:[${space}]\\d{3}(?!\\d))+(?:[.,]\\d+)?|` +
  `\\d{1,2}(?:,\\d{2})+,\\d{3}(?!\\d)(?:\\.\\d+)?|\\d{1,3}(?:\\.\\d{3}(?!\\d))+(?:,\\d+)?|\\d+(?:[.,]\\d+)?|\\.\\d+`;
/** As computers write large numbers: 2.4e7. */
const scientific = "[eE][+-]?\\d{1,2}(?![\\p{L}\\p{N}])";
const sign = "[-−‑–+]";
const prefix = `(?:[kM]?(?:US\\$|C\\$|A\\$|R\\$|[$€£¥₹₿₺₽₩₴₪฿]|S?Fr\\.)[${space}]?|k?(?:${codes})[${space}]?)`;
const gap = `[${space}-]?`;
const wordsOf = (words: Readonly<Record<string, unknown>>): string =>
  Object.keys(words)
    .filter((word) => /^[a-zµ]/.test(word))
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replace(" ", "\\s"))
    .join("|");
const ends = "(?![\\p{L}\\p{N}_])";
const scaleWords = `(?:(?:${Object.keys(multipliersAbroad)
  .toSorted((a, b) => b.length - a.length)
  .join("|")}|thousands?|millions?|billions?|trillions?|mn|bn|tn)${ends}|(?:mio|mln|mrd|mld|mill|tsd|tys|tis)\\.?${ends})`;
const pattern = new RegExp(
  `(?<![\\p{L}\\p{N}_.,])(?<lead>${sign}[${space}]?)?(?<prefix>${prefix})?(?<sign>${sign})?(?<digits>${digits})(?:(?<exponent>${scientific})|` +
    // Times as much: 3x, 4.2×.
    `[${space}]?[x×](?![\\p{L}\\p{N}]|[${space}]?\\d))?` +
    `(?:(?<gap>${gap})(?<scale>${scaleWords}|[kKmMbB](?=${ends}|[$€£]|(?:${codes})${ends})))?` +
    `(?:${gap}(?<unit>[%％‰]|US\\$|[$€£¥]|(?:${codes}|${wordsOf(unitWords)}|${wordsOf(currencyWords)}|B|(?-i:[gtl]))${ends}))?`,
  "giu",
);

/** Every number in a Markdown text that is a quantity, in order; `counted`: small ones in words, too. Offsets count UTF-16 units of the text. */
export function findNumbers(
  text: string,
  titles: readonly string[] = [],
  { counted = false, figures }: { counted?: boolean; figures?: ReadonlySet<string> } = {},
): FoundNumber[] {
  const masked = maskText(text, titles, figures);
  const thousands = commasAreThousands(masked);
  const found: FoundNumber[] = [];
  for (const match of masked.matchAll(pattern)) {
    const number = readNumber(match, masked, thousands);
    if (!number) continue;
    const before = masked
      .slice(Math.max(0, number.start - 60), number.start)
      .split("\n")
      .at(-1)!;
    const after = masked.slice(number.end, number.end + 30).split("\n")[0]!;
    found.push({
      ...number,
      text: text.slice(number.start, number.end),
      falls: fallsAfter.test(after) || (before.endsWith("(") ? after.startsWith(")") : fallsBefore.test(before)),
    });
  }
  return [...joinedDurations(found, masked, text), ...inWords(masked, text, counted)].toSorted((a, b) => a.start - b.start);
}

const inWords = (masked: string, text: string, counted: boolean): FoundNumber[] =>
  spelledNumbers(masked, { counted }).flatMap(({ value, start, end, few, share }) => {
    const exact = quantity(String(value));
    // So large that it is written with an exponent: nobody's figure.
    if (!exact) return [];
    const unit = /^\s(?:per\s?cent|percent|Prozent|pour\scent|por\sciento|per\scento|por\scento|procent)(?!\p{L})/iu.test(
      masked.slice(end, end + 12),
    )
      ? "percent"
      : null;
    const said: Reading = { value: exact, lastDigit: Number.isInteger(value) ? 0 : -1, unit };
    const shared: Reading[] = share ? sharesOf(value, share.of) : [];
    return {
      text: text.slice(start, end),
      start,
      end,
      readings: share?.alone ? shared : [said, ...shared],
      falls: false,
      ...(few === null ? {} : { few }),
    };
  });

/** Two of three are 67 % as well as 66.7 %. */
const sharesOf = (value: number, of: number): Reading[] => [
  { value: over(times(quantity(String(value))!, powerOfTen(2)), quantity(String(of))!), lastDigit: 0, unit: "percent" },
  ...[0, 1].map((decimals): Reading => ({
    value: quantity(((value * 100) / of).toFixed(decimals))!,
    lastDigit: -decimals,
    unit: "percent",
  })),
];

function readNumber(match: RegExpMatchArray, masked: string, thousands: boolean): Omit<FoundNumber, "text" | "falls"> | null {
  const groups = match.groups!;
  const end = match.index! + match[0].length;
  // Letters right behind it make it a name: 4K, 12px, 3D.
  if (/^[\p{L}\p{N}_]/u.test(masked.slice(end, end + 2))) return null;
  const currency = groups["prefix"]?.trim() ?? null;
  const unit = currency === null ? unitNamed(groups["unit"]) : currencyNamed(currency);
  const before = currency === null ? 0 : currency.startsWith("k") ? 3 : /^M[^A-Z]/.test(currency) ? 6 : 0;
  const negative = isNegative(groups, masked, match.index!);
  const lead = groups["lead"] && !negative ? groups["lead"].length : 0;
  const clock = asOnClock(groups["digits"]!, unit);
  if (clock) return { start: match.index! + lead, end, readings: [clock] };
  const readings = scalesOf(groups, unit).flatMap((scale) =>
    readingsOf(groups["digits"]!, thousands).map(({ value, lastDigit }): Reading => {
      const exponent = scale.exponent + before;
      const scaled = times(value, powerOfTen(exponent));
      return { value: negative ? minus(scaled) : scaled, lastDigit: lastDigit + exponent, unit: scale.unit };
    }),
  );
  const shared = currenciesNamed[readings[0]!.unit ?? ""];
  if (shared)
    return {
      start: match.index! + lead,
      end,
      readings: shared.flatMap((one) => readings.map((each) => ({ ...each, unit: one }))),
    };
  return { start: match.index! + lead, end, readings };
}

/** 1:45 h are 105 minutes, 1:45 min as many seconds. */
function asOnClock(raw: string, unit: string | null): Reading | null {
  const [whole, part] = raw.split(":");
  if (part === undefined) return null;
  return { value: quantity(String(Number(whole) * 60 + Number(part)))!, lastDigit: 0, unit: unit === "h" ? "min" : "s" };
}

/** Decimal points and commas: English first. Only a number with one mark before three digits can be read in two ways, and the text may tell which. */
function readingsOf(raw: string, thousands: boolean): Written[] {
  const text = raw.replace(/[’'_ \u00A0\u2007\u2009\u202F]/gu, "").replace(/^\./, "0.");
  const points = text.split(".").length - 1;
  const commas = text.split(",").length - 1;
  const english = text.replaceAll(",", "");
  const european = text.replaceAll(".", "").replace(",", ".");
  if (points > 0 && commas > 0) return [written(text.lastIndexOf(".") > text.lastIndexOf(",") ? english : european)];
  if (points > 1) return [written(european)];
  if (commas > 1) return [written(english)];
  const grouped = text.length < raw.length;
  if (points + commas === 0 || grouped || !/^\d{1,3}[.,]\d{3}$/.test(text)) return [written(commas === 1 ? european : english)];
  return thousands ? [written(english)] : [written(english), written(european)];
}

const written = (text: string): Written => ({ value: quantity(text)!, lastDigit: -(text.split(".")[1]?.length ?? 0) });

/** What a multiplier can mean: 12 B are bytes or billions, $12B billions; 5 m are millions, minutes or metres. */
function scalesOf(
  groups: Readonly<Record<string, string | undefined>>,
  unit: string | null,
): { exponent: number; unit: string | null }[] {
  const scale = groups["scale"]?.replace(/\.$/, "");
  if (groups["exponent"] !== undefined) return [{ exponent: Number(groups["exponent"].slice(1)), unit }];
  if (scale === undefined) return [{ exponent: 0, unit }];
  const exponent = multipliers[scale.toLowerCase()] ?? 0;
  const scaled = { exponent, unit };
  if (unit !== null) return [scaled];
  if (scale === "B") return [{ exponent: 0, unit: "B" }, scaled];
  if (scale === "m") return [scaled, { exponent: 0, unit: "min" }, { exponent: 0, unit: "m" }];
  return [scaled];
}

function unitNamed(name: string | undefined): string | null {
  if (name === undefined) return null;
  const plain = name.replace(/\s/gu, " ");
  const lower = plain.toLowerCase();
  return plain === "B" ? "B" : /^[gtl]$/.test(plain) ? plain : (unitWords[lower] ?? currencyWords[lower] ?? currencyNamed(plain));
}

const currencyNamed = (name: string): string => {
  const plain = name.replace(/^[kM](?=US\$|[$€£]|[A-Z]{3})/u, "").toUpperCase();
  return currencySigns[plain] ?? plain;
};

/** A dash before a number is its sign only where nothing stands before it that a range or a compound would have. */
function isNegative(groups: Readonly<Record<string, string | undefined>>, masked: string, at: number): boolean {
  if (groups["sign"] !== undefined) return groups["sign"] !== "+";
  const lead = groups["lead"];
  if (lead === undefined || lead.startsWith("+")) return false;
  const before = masked.slice(Math.max(0, at - 2), at);
  // "- 5" at a line's start is a list; "10 - 5" and "10–5" are ranges.
  if (/[^-−‑–]$/u.test(lead)) return lead.startsWith("−") && !/[\p{N}\uFFFC%)]\s?$/u.test(before);
  return !/[\p{L}\p{N}\uFFFC%)]$/u.test(before);
}

const durations: Readonly<Record<string, Quantity>> = {
  wk: { num: 604_800_000n, den: 1n },
  d: { num: 86_400_000n, den: 1n },
  h: { num: 3_600_000n, den: 1n },
  min: { num: 60_000n, den: 1n },
  s: { num: 1_000n, den: 1n },
  ms: { num: 1n, den: 1n },
};
const order = Object.keys(durations);

/** "2 h 30 min" is one length of time, written to its smallest unit. */
function joinedDurations(found: readonly FoundNumber[], masked: string, text: string): FoundNumber[] {
  const joined: FoundNumber[] = [];
  for (const number of found) {
    const last = joined.at(-1);
    const sum = last && followsOn(last, number, masked) ? added(last, number) : null;
    if (!sum) joined.push(number);
    else joined[joined.length - 1] = { ...last!, end: number.end, text: text.slice(last!.start, number.end), readings: [sum] };
  }
  return joined;
}

const unitIn = (number: FoundNumber): string | null =>
  number.readings.find(({ unit }) => unit !== null && unit in durations)?.unit ?? null;
const tail = (number: FoundNumber, masked: string): string | null => {
  const words = masked.slice(number.start, number.end).match(/\p{L}+$/u);
  return words ? (unitWords[words[0].toLowerCase()] ?? (words[0] === "m" ? "min" : null)) : null;
};

function followsOn(a: FoundNumber, b: FoundNumber, masked: string): boolean {
  const [from, to] = [tail(a, masked), tail(b, masked)];
  if (from === null || to === null || !order.includes(from) || unitIn(b) === null) return false;
  return order.indexOf(to) > order.indexOf(from) && /^(?:\s?|,\s|\sand\s|,\sand\s)$/u.test(masked.slice(a.end, b.start));
}

function added(a: FoundNumber, b: FoundNumber): Reading | null {
  const [first, second] = [inMilliseconds(a), inMilliseconds(b)];
  if (!first || !second) return null;
  const value = { num: first.num * second.den + second.num * first.den, den: first.den * second.den };
  const smallest = unitIn(b)!;
  const lastDigit = b.readings.find(({ unit }) => unit === smallest)!.lastDigit;
  return { value: over(value, durations[smallest]!), lastDigit, unit: smallest };
}

function inMilliseconds(number: FoundNumber): Quantity | null {
  const reading = number.readings.find(({ unit }) => unit !== null && unit in durations);
  return reading ? times(reading.value, durations[reading.unit!]!) : null;
}

const minus = (value: Quantity): Quantity => ({ num: -value.num, den: value.den });
