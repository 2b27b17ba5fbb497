import type { Claim } from "@aito/protocol";
import type { FoundNumber } from "./find-numbers.ts";
import { measuresOf } from "./measures.ts";
import { unitWords } from "./number-words.ts";

/** A number of the text and the supported claims that say it. */
interface SaidNumber {
  number: FoundNumber;
  claims: readonly Pick<Claim, "metric" | "entity" | "unit">[];
}

/** How far beside a number its own words stand. */
const besideCharacters = 60;
const wordsBeside = 2;
const wordsAround = 5;
const metricsMax = 2_000;

/** Between a number and the word that it counts, and between a name and its number. */
const afterGap = /^[\s*_`~|)]*(?:(?:new|more|fewer|total|unique|of|in|der|die|de|des|di)\s+)?/iu;
const beforeGap =
  /(?:\s+(?:was|were|is|are|at|to|of|reached|hit|totalled|totaled|stood at|came to|war|waren|lag bei|sind|ist))?[\s*_`~|:=(–-]*$/iu;

const words = (text: string): string[] => (text.match(/\p{L}+/gu) ?? []).map((word) => word.toLowerCase());
/** English words in the plural as in the singular. */
const singular = (word: string): string =>
  word.length > 4 && word.endsWith("ies")
    ? `${word.slice(0, -3)}y`
    : word.length > 3 && /[^s]s$/.test(word)
      ? word.slice(0, -1)
      : word;
const root = (word: string): string => word.slice(0, Math.max(4, word.length - 3));

/** A metric's name as the words that it consists of; null where it is too short to be told from other words, or only a unit. */
function nameOf(metric: string): readonly string[] | null {
  const parts = words(metric).map(singular);
  const telling = parts.filter(
    (word) => word.length >= 4 && !Object.hasOwn(unitWords, word) && !Object.hasOwn(unitWords, `${word}s`),
  );
  return telling.length === parts.length && parts.length > 0 && parts.length <= wordsBeside ? parts : null;
}

/**
 * Pure: numbers whose own words name one of the company's metrics, while every claim of that value is about another one: "visits 1,204"
 * where 1,204 are the signups, or something that no business means by its name: clicks are no impressions. What the words name. A number that also stands beside a word of its own claim is left alone, as
 * is one beside words that name no known metric.
 */
export function lentNumbers(text: string, said: readonly SaidNumber[], metrics: readonly string[]): Map<FoundNumber, string> {
  const lent = new Map<FoundNumber, string>();
  const names = new Map<string, string>();
  for (const metric of metrics.slice(0, metricsMax)) {
    const name = nameOf(metric);
    if (name) names.set(name.join(" "), metric);
  }
  for (const { number, claims } of said) {
    if (claims.length === 0) continue;
    const after = text.slice(number.end, number.end + besideCharacters).split("\n")[0]!;
    const before = text
      .slice(Math.max(0, number.start - besideCharacters), number.start)
      .split("\n")
      .at(-1)!;
    const around = [...words(before).slice(-wordsAround), ...words(after).slice(0, wordsAround)];
    const other = otherMeasure(before, after, text, number, claims);
    if (other !== null) lent.set(number, other);
    if (names.size === 0 || other !== null) continue;
    const own = claims
      .flatMap(({ metric, entity, unit }) => [metric, entity, unit].flatMap(words))
      .filter((word) => word.length > 2);
    if (around.some((word) => own.some((each) => word.startsWith(root(each)) || each.startsWith(root(word))))) continue;
    const named = namedBeside(before, after, names);
    if (named !== null) lent.set(number, named);
  }
  return lent;
}

const adjectivesMax = 2;
const sentenceCharacters = 200;

/** What the noun behind a number, or the label before it, is, where it is something else than what any of its claims counts. */
function otherMeasure(
  before: string,
  after: string,
  text: string,
  number: FoundNumber,
  claims: SaidNumber["claims"],
): string | null {
  if (claims.some(({ unit }) => !/^(?:count|ratio|percent)$/.test(unit)) || number.readings.some(({ unit }) => unit !== null))
    return null;
  const own = claims.map(({ metric, entity, unit }) => [metric, entity, unit].flatMap(words));
  const known = own.map((list) => new Set(list.flatMap((word) => [...measuresOf(word)])));
  if (known.some((kinds) => kinds.size === 0)) return null;
  const behind = words(after.replace(afterGap, "").split(/[.;:!?,()|]/)[0]!).slice(0, 1 + adjectivesMax);
  const stop = behind.findIndex((word) => word.length < 3 || stops.test(word));
  const label = /(?:^|[\n|.;*-])\s*([^.;|\n]{3,40}?)[*_]*\s?[:=|][\s*_|]*$/u.exec(before)?.[1];
  const nouns = [...(stop < 0 ? behind : behind.slice(0, stop)), ...(label === undefined ? [] : words(label))];
  const noun = nouns.find((word) => measuresOf(word).size > 0);
  if (noun === undefined || known.some((kinds) => nouns.some((word) => [...measuresOf(word)].some((kind) => kinds.has(kind)))))
    return null;
  const around = words(text.slice(Math.max(0, number.start - sentenceCharacters), number.end + sentenceCharacters));
  const metric = claims.flatMap(({ metric: name }) => words(name)).filter((word) => word.length > 3);
  return around.some((word) => metric.some((each) => word.startsWith(root(each)))) ? null : noun;
}
const stops =
  /^(?:and|for|from|with|per|were|was|are|had|has|have|und|für|von|mit|bei|waren|sind|pour|dans|avec|sont|para|con|por|fueron|per|nel|sono)$/u;

/** The known metric that the words right beside a number are: one of two words by both, in any order; one of one word next to it. */
function namedBeside(before: string, after: string, names: ReadonlyMap<string, string>): string | null {
  const next = words(after.replace(afterGap, "").split(/[.;:!?,]/)[0]!).slice(0, wordsBeside);
  const last = words(
    before
      .replace(beforeGap, "")
      .split(/[.;!?,]/)
      .at(-1)!,
  ).slice(-wordsBeside);
  const beside = [...last, ...next].map(singular);
  for (const one of beside)
    for (const other of beside) {
      const found = one === other ? undefined : names.get(`${one} ${other}`);
      if (found !== undefined) return found;
    }
  for (const word of [next[0], last.at(-1)]) {
    const found = word === undefined ? undefined : names.get(singular(word));
    if (found !== undefined) return found;
  }
  return null;
}
