import type { Claim } from "@aito/protocol";
import { type ToldTime, toldTimes } from "./told-times.ts";

interface Placed {
  start: number;
  end: number;
  claims: readonly Claim[];
}

const dayMs = 86_400_000;
/** Something is due, begins, ends, was decided or is compared there: the figure was not measured over it. */
const aside =
  /(?:\b(?:since|from|until|till|to|by|before|after|than|vs\.?|versus|against|over|due|agreed|decided|dated|posted|published|signed|sent|paid|delivered|shipped|launched|opened|created|updated|checked|read|told|meeting|starting|starts|begins|compared\s+(?:to|with)|as\s+(?:of|at|on)|status(?:\s+(?:on|of))?|on\s+the|plan(?:\s+of)?|letter\s+of|report\s+of|depuis|avant|après|jusqu[’']en|jusqu[’']au|par rapport à|contre|seit|bis|ab|vor|nach|Stand|gegenüber|als|geplant|zum|desde|hasta|antes de|después de|frente a|dal|fino a|entro|rispetto a|prima di|desde|até|sinds|tot|vanaf|sedan|siden|före|før)|#)[\s*_]*(?:\([\s*_]*)?(?:(?:in|on|the|early|late|mid|end\s+of|den|dem|le|el|il|al|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\p{L}{2,9}day|\p{L}{3,10}tag)\s*,?\s*)?(?:the\s+)?$/iu;

/** The parts of a sentence that say something of their own. */
const parts =
  /[;\n]|\s[–—]\s|,\s+(?:while|whereas|but|and\s+(?:we|it|the|they)|während|aber|tandis que|alors que|mais|mientras|pero|mentre|ma|enquanto)\s/giu;

const utc = (time: string): number => Date.parse(time);
const monthOf = (at: number): number => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth();

/** Whether the claim's period has any part of what is named; a year that is not told is any. */
function touches({ period }: Claim, told: ToldTime): boolean {
  const [from, to] = [utc(period!.from), utc(period!.to)];
  for (let at = monthOf(from); at <= monthOf(to - 1); at += 1) {
    const [year, month] = [Math.floor(at / 12), at % 12];
    if (told.month !== month || (told.year !== null && told.year !== year)) continue;
    if (told.day === null) return true;
    const start = Date.UTC(year, month, told.day);
    // Periods of other time zones begin some hours earlier or later.
    if (start < to + dayMs / 2 && start + dayMs > from - dayMs / 2 && !(to - from <= dayMs && Math.abs(start - from) > dayMs / 2))
      return true;
  }
  return false;
}

/** Months, parts of a year and years that a sentence names in other ways: what its figures may be of as well. */
const spans: readonly { pattern: RegExp; months: (digits: number) => [first: number, count: number] }[] = [
  { pattern: /(?<![\p{N}-])(?<year>(?:19|20)\d{2})-(?<part>0[1-9]|1[0-2])(?![\p{N}-])/gu, months: (part) => [part - 1, 1] },
  {
    pattern: /(?<![\p{L}\p{N}])[QT](?<part>[1-4])(?:[ /-]?(?:de\s)?(?<year>(?:19|20)\d{2}))?(?![\p{N}])/gu,
    months: (part) => [part * 3 - 3, 3],
  },
  {
    pattern:
      /(?<![\p{L}\p{N}])(?<part>[1-4])(?:st|nd|rd|th|er|ère|e|ème|\.º|º|\.)?\s(?:quarter|Quartal|trim[ei]stre|kwartaal|kvartal)/giu,
    months: (part) => [part * 3 - 3, 3],
  },
  { pattern: /(?<![\p{L}\p{N}])[HS](?<part>[12])(?![\p{N}])/gu, months: (part) => [part * 6 - 6, 6] },
  { pattern: /(?<![\p{N}.,-])(?<year>(?:19|20)\d{2})(?![\p{N}-]|[.,]\d)/gu, months: () => [0, 12] },
];

interface Span {
  start: number;
  from: number;
  to: number;
  year: number | null;
}

function spansIn(sentence: string, told: readonly ToldTime[]): Span[] {
  const taken: { start: number; end: number }[] = [...told];
  return spans.flatMap(({ pattern, months }) =>
    [...sentence.matchAll(pattern)].flatMap(({ 0: found, groups, index }) => {
      const end = index + found.length;
      if (taken.some((other) => index < other.end && other.start < end)) return [];
      taken.push({ start: index, end });
      const [first, count] = months(Number(groups!["part"]));
      const year = groups!["year"];
      return [{ start: index, from: first, to: first + count, year: year === undefined ? null : Number(year) }];
    }),
  );
}

const within = ({ period }: Claim, span: Span): boolean => {
  const at = monthOf(utc(period!.from));
  return at % 12 >= span.from && at % 12 < span.to && (span.year === null || Math.floor(at / 12) === span.year);
};

/** A quarter or a half, not a year: years are told of plans, models and founders, too. */
const isPart = ({ from, to }: Span): boolean => to - from > 1 && to - from < 12;
const isShort = ({ period }: Claim): boolean => utc(period!.to) - utc(period!.from) < 32 * dayMs;
const isDay = ({ period }: Claim): boolean => utc(period!.to) - utc(period!.from) <= dayMs * 1.5;
const monthsMax = 36;

/**
 * Pure: the numbers of a sentence that is told of a month or a day that their claims' periods have no part of. A day says nothing against
 * a claim that is about more than a day: that something was posted, sent or seen then is told beside many a figure.
 */
export function inOtherPeriod<T extends Placed>(sentence: string, numbers: readonly T[]): T[] {
  const times = toldTimes(sentence);
  const told = times.filter(({ start }) => !aside.test(sentence.slice(Math.max(0, start - 40), start)));
  const others = spansIn(sentence, times).filter(({ start }) => !aside.test(sentence.slice(Math.max(0, start - 40), start)));
  if (told.length === 0 && !others.some(isPart)) return [];
  const cuts = [...sentence.matchAll(parts)].map(({ index }) => index);
  const partOf = (at: number): number => cuts.filter((cut) => cut < at).length;
  const fitting = new Map<Claim, boolean>();
  const fits = (claim: Claim): boolean => {
    const known = fitting.get(claim);
    if (known !== undefined) return known;
    const own = told.some((each) => touches(claim, each)) || others.some((span) => within(claim, span));
    fitting.set(claim, own);
    return own;
  };
  return numbers.filter(({ start, claims }) => {
    if (
      claims.length === 0 ||
      claims.some(({ period }) => period === null || utc(period.to) - utc(period.from) > monthsMax * 31 * dayMs)
    )
      return false;
    // Whatever of the sentence fits is what the number was said of.
    if (claims.some(fits)) return false;
    if (told.length === 0) return others.every(isPart) && claims.every(isShort) && partOf(others[0]!.start) === partOf(start);
    const own = told.filter((each) => partOf(each.start) === partOf(start));
    const near = own.length > 0 ? own : told;
    const telling = near.filter(({ day }) => day === null || claims.some(isDay));
    return own.length > 0 && telling.length > 0 && telling.length === near.length;
  });
}
