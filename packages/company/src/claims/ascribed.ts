import type { Claim } from "@aito/protocol";
import type { FoundNumber } from "./find-numbers.ts";
import { ofOtherEntity, wordsSaid } from "./other-entity.ts";
import { inOtherPeriod } from "./other-period.ts";
import { type NamedPeriod, namedPeriods } from "./named-periods.ts";

/** A number of the text and the supported claims that say it. */
export interface SaidNumber {
  number: FoundNumber;
  claims: readonly Claim[];
}

interface Mention {
  claim: Claim;
  start: number;
  end: number;
}

interface Axis {
  /** What claims share that differ in this alone. */
  rest: (claim: Claim) => string;
  value: (claim: Claim) => string;
  mentions: (sentence: string, claims: readonly Claim[]) => Mention[];
}

const periodKey = ({ period }: Claim): string => (period ? `${Date.parse(period.from)}-${Date.parse(period.to)}` : "now");
const keyOf = ({ from, to }: NamedPeriod): string => `${from}-${to}`;
const key = (...parts: string[]): string => JSON.stringify(parts);

/** What metrics call by their short names and sentences by a superlative. */
const least =
  "min|short|low|least|small|fast|quick|fewest|cheap|kürz|niedrig|kleinst|schnell|gering|au moins|plus court|plus bas|mínim|menor|más cort|minim|più brev|più bass";
const most =
  "max|long|high|most|larg|slow|biggest|dear|läng|höchst|größt|langsam|plus long|plus haut|máxim|mayor|más larg|massim|più lung|più alt";
const extremes: Readonly<Record<string, string>> = { min: least, mini: least, minim: least, max: most, maxi: most, maxim: most };

const axes: readonly Axis[] = [
  {
    rest: (claim) => key(claim.metric, claim.unit, periodKey(claim)),
    value: ({ entity }) => entity,
    mentions: (sentence, claims) => claims.flatMap((claim) => places(sentence, claim, wordPattern(claim.entity))),
  },
  {
    rest: (claim) => key(claim.metric, claim.unit, claim.entity),
    value: periodKey,
    mentions: (sentence, claims) => {
      const named = namedPeriods(sentence);
      return claims.flatMap((claim) =>
        named.filter((each) => isOf(each, claim)).map(({ start, end }) => ({ claim, start, end })),
      );
    },
  },
  {
    rest: (claim) => key(claim.entity, claim.unit, periodKey(claim)),
    value: ({ metric }) => metric,
    mentions: (sentence, claims) =>
      claims.flatMap((claim) => {
        const others = new Set(claims.filter((other) => other !== claim).flatMap((other) => stems(other.metric)));
        return stems(claim.metric)
          .filter((stem) => !others.has(stem))
          .flatMap((stem) =>
            places(sentence, claim, new RegExp(`(?<![\\p{L}\\p{N}])(?:${extremes[stem] ?? stem})\\p{L}*`, "giu")),
          );
      }),
  },
];

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const wordPattern = (name: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`, "gu");
const places = (sentence: string, claim: Claim, pattern: RegExp): Mention[] =>
  [...sentence.matchAll(pattern)].map((match) => ({ claim, start: match.index, end: match.index + match[0].length }));
const stems = (metric: string): string[] =>
  (metric.toLowerCase().match(/\p{L}{3,}/gu) ?? []).map((word) => word.slice(0, Math.max(4, word.length - 3)));
const isOf = (named: NamedPeriod, { period }: Claim): boolean =>
  period !== null && Date.parse(period.from) === named.from && Date.parse(period.to) === named.to;

/** More numbers than this are no sentence that anybody reads. */
const numbersMax = 200;

/** Pure: numbers that a claim says of one thing and the text says of another: figures exchanged, or moved to another month. */
export function wronglyAscribed(text: string, said: readonly SaidNumber[], supported: readonly Claim[]): Set<FoundNumber> {
  const wrong = new Set<FoundNumber>();
  const families = axes.map((axis) => ({ axis, families: familiesOf(axis, supported) }));
  const periods = namedPeriods(text);
  const known = { everywhere: new Set(periods.map(keyOf)), ofClaims: new Set(supported.map(periodKey)) };
  let words: ReadonlySet<string> | null = null;
  const saidWords = (): ReadonlySet<string> => (words ??= wordsSaid(text));
  let [next, nextPeriod] = [0, 0];
  for (const { start, end } of sentencesOf(text)) {
    const own: Placed[] = [];
    for (; next < said.length && said[next]!.number.start < end; next += 1) {
      const { number, claims } = said[next]!;
      if (claims.length > 0 && number.start >= start && number.end <= end)
        own.push({ number, claims, start: number.start - start, end: number.end - start });
    }
    const named: NamedPeriod[] = [];
    for (; nextPeriod < periods.length && periods[nextPeriod]!.start < end; nextPeriod += 1) {
      const period = periods[nextPeriod]!;
      if (period.start >= start && period.end <= end) named.push(period);
    }
    if (own.length === 0) continue;
    const sentence = text.slice(start, end);
    if (own.length > 1 && own.length <= numbersMax)
      for (const each of families)
        for (const family of each.families) for (const number of exchanged(sentence, own, family, each.axis)) wrong.add(number);
    for (const { number } of own.filter(({ claims }) => inOtherSpan(claims, named, known))) wrong.add(number);
    for (const { number } of [...inOtherPeriod(sentence, own), ...ofOtherEntity(sentence, saidWords, own)]) wrong.add(number);
  }
  return wrong;
}

/** Claims that differ in nothing but this. */
const familiesOf = (axis: Axis, supported: readonly Claim[]): Claim[][] =>
  [...Map.groupBy(supported, axis.rest).values()].filter((family) => new Set(family.map(axis.value)).size > 1);

const monthNames =
  "Jan|Jän|Feb|Mär|Mar|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec|januar|februar|mars|april|maj|juni|juli|august|september|oktober|november|desember|december";
/** A day before its month has a point, too, and a sentence may begin with a day. */
const sentenceEnd = new RegExp(
  `\\n|(?<!\\b\\d{1,2}(?=\\.\\s+(?:${monthNames})))[.!?]\\s+(?=[\\p{Lu}*_"“«-]|\\d{1,2}\\.?\\s(?:${monthNames})|(?:19|20)\\d{2}-\\d{2})`,
  "gu",
);

/** What is longer is read in pieces: numbers, names and times of a sentence are each held against all others. */
const sentenceCharactersMax = 2_000;

/** Ends at a line's end, or where a mark is followed by a new beginning. */
function sentencesOf(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let start = 0;
  const add = (end: number): void => {
    while (end - start > sentenceCharactersMax) {
      const space = text.lastIndexOf(" ", start + sentenceCharactersMax);
      const cut = space > start ? space : start + sentenceCharactersMax;
      found.push({ start, end: cut });
      start = cut;
    }
    found.push({ start, end });
  };
  for (const match of text.matchAll(sentenceEnd)) {
    add(match.index);
    start = match.index + match[0].length;
  }
  add(text.length);
  return found;
}

interface Placed extends SaidNumber {
  start: number;
  end: number;
}

/** Numbers that no way of reading the sentence gives to what their claims are about. */
function exchanged(sentence: string, said: readonly Placed[], family: readonly Claim[], axis: Axis): FoundNumber[] {
  const numbers = said.filter(({ claims }) => claims.some((claim) => family.includes(claim)));
  if (numbers.length < 2) return [];
  const mentions = axis.mentions(sentence, family).toSorted((a, b) => a.start - b.start);
  const named = new Set(mentions.map(({ claim }) => axis.value(claim)));
  const asked = numbers.filter(({ claims }) => claims.some((claim) => family.includes(claim) && named.has(axis.value(claim))));
  if (asked.length < 2 || named.size < 2) return [];
  const holds = ({ claims }: Placed, mention: Mention | undefined): boolean =>
    mention !== undefined && claims.some((claim) => family.includes(claim) && axis.value(claim) === axis.value(mention.claim));
  const read = readings(asked, mentions, axis).map((given) => ({
    without: given.filter((mention) => mention === undefined).length,
    misses: asked.filter((number, at) => !holds(number, given[at])),
  }));
  if (read.some(({ misses }) => misses.length === 0)) return [];
  // Two can only be exchanged with each other.
  if (asked.length === 2) return asked.map(({ number }) => number);
  // Of the ways that people write, and that leave no number over, the one that is wrong least.
  const [best] = read.slice(0, 3).toSorted((a, b) => a.without - b.without || a.misses.length - b.misses.length);
  return best!.misses.map(({ number }) => number);
}

/** What each number may be said of: what is named before it, after it, next to it, or in the same order ("A and B: 1 and 2"). */
function readings(numbers: readonly Placed[], mentions: readonly Mention[], axis: Axis): (Mention | undefined)[][] {
  const before = numbers.map(({ start }) => mentions.findLast((mention) => mention.end <= start));
  const after = numbers.map(({ end }) => mentions.find((mention) => mention.start >= end));
  const nearest = numbers.map(({ start, end }, at) => {
    const [a, b] = [before[at], after[at]];
    if (!a || !b) return a ?? b;
    return start - a.end <= b.start - end ? a : b;
  });
  const seen = new Set<string>();
  const inOrder = mentions.filter(({ claim }) => !seen.has(axis.value(claim)) && seen.add(axis.value(claim)));
  return [before, after, numbers.map((_, at) => inOrder[at]), nearest];
}

/** The sentence names one period, of the same length, and the claims of the number are about another one that the text never names. */
function inOtherSpan(
  claims: readonly Claim[],
  named: readonly NamedPeriod[],
  known: { everywhere: ReadonlySet<string>; ofClaims: ReadonlySet<string> },
): boolean {
  if (claims.some((claim) => claim.period === null || known.everywhere.has(periodKey(claim)))) return false;
  const lengths = claims.map(({ period }) => months(Date.parse(period!.from), Date.parse(period!.to)));
  const measured = named.filter(({ aside }) => !aside);
  const other = measured.filter((each) => lengths.includes(months(each.from, each.to)) && !known.ofClaims.has(keyOf(each)));
  return other.length > 0 && other.length === measured.length;
}

const months = (from: number, to: number): number => Math.round((to - from) / 2_629_800_000);
