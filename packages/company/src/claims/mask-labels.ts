import {
  isAmountVerb,
  isDeterminer,
  isLabelWord,
  isMeasureWord,
  isPredicate,
  isPreposition,
  isSmallWord,
  isSubject,
} from "./label-words.ts";
import { measuresOf } from "./measures.ts";
import { codes, currencyWords, multipliers, unitWords } from "./number-words.ts";
import type { Tongue } from "./tongue-of.ts";

/**
 * A number is a label where it stands behind the noun that it numbers, and nothing is counted or measured by it: "fermenter 6", "the Golf
 * 8", "in Halle 5", "rooms 3 and 4". A figure stands before what it counts ("6 fermenters"), behind a verb ("sold 6"), behind a sign ("=
 * 6"), or behind what is measured ("revenue 6", "losses 6", "Leeds 91, York 77").
 */

const word = "\\p{L}[\\p{L}\\p{M}’'-]{0,30}";
const number = "(?:\\d{1,14}(?:[./-]\\d{1,6}){0,4}(?:-?[A-Za-z])?|[A-Z]\\d{1,5}|\\d[A-Z]\\d(?:\\s\\d{2,4}){0,3})";
const pattern = new RegExp(
  `(?<word>(?<![\\p{L}\\p{N}\\uFFFC’'-])${word})(?<gap>\\.?[ \\u00A0](?:(?:n[°º.]|no\\.|nr\\.)\\s?)?#?)(?<number>${number}(?:\\s(?:of|von|sur|de|di|van|av)\\s\\d{1,3}(?=\\s*(?:[.,;)]|$|\\s(?:is|are|was|and|ist|und|est|et|y|e)\\b)))?)(?![\\p{L}\\p{N}_%‰€$£¥°]|[.,:’'/–-]\\d|-\\p{L}|\\s?[%‰€$£¥]|(?<!\\d{4})[ \\u00A0\\u2009\\u202F]\\d{3}(?!\\d)|\\s(?:per|por|pour)\\s(?:cent|cien))`,
  "giu",
);

const wordsOf = (words: Readonly<Record<string, unknown>>): string[] => Object.keys(words).filter((each) => /^\p{L}/u.test(each));
const measured = new Set(
  [...wordsOf(unitWords), ...wordsOf(currencyWords), ...wordsOf(multipliers), ...codes.split("|")].map((each) =>
    each.toLowerCase(),
  ),
);
/** In the plural without an ending. */
const many = new Set(
  "people persons men women children staff crew personnel strong percent per guests Leute personnes personas persone pessoas mensen".split(
    " ",
  ),
);
const behindCharacters = 40;

export interface LabelContext {
  /** Of the whole text. */
  tongue: Tongue | null;
  /** What the company's metrics and the report's entities are called, in small letters: numbers behind these are figures. */
  figures: ReadonlySet<string>;
}

/** Pure: the text with every number covered that only says which one. */
export function coverLabels(text: string, context: LabelContext, covered: (found: string) => string): string {
  let masked = text.replace(pattern, (found: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Record<string, string>;
    const [at, whole] = [rest.at(-3) as number, rest.at(-2) as string];
    if (
      !isLabel(
        { raw: groups["word"]!, gap: groups["gap"]!, written: groups["number"]! },
        sides(whole, at, at + found.length),
        context,
      )
    )
      return found;
    const kept = found.length - groups["number"]!.length;
    return found.slice(0, kept) + covered(groups["number"]!);
  });
  masked = masked.replace(several, (found: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Record<string, string>;
    const low = groups["word"]!.toLowerCase();
    const [first, second, ...more] = groups["numbers"]!.match(/\d+/gu)!.map(Number);
    const inTurn = more.length === 0 && second === first! + 1;
    if (isSmallWord(low) || isAmountVerb(low) || context.figures.has(low)) return found;
    if (!inTurn && (isMeasureWord(low) || measuresOf(low).size > 0)) return found;
    return `${groups["word"]!} ${covered(groups["numbers"]!)}`;
  });
  if (context.tongue === "en") masked = coverCalled(masked, covered);
  return coverFurther(masked, covered);
}

interface Sides {
  before: string;
  after: string;
}
const sides = (whole: string, start: number, end: number): Sides => ({
  before: whole.slice(Math.max(0, start - behindCharacters), start),
  after: whole.slice(end, end + behindCharacters),
});

function isLabel(
  { raw, gap, written }: { raw: string; gap: string; written: string },
  { before, after }: Sides,
  { tongue, figures }: LabelContext,
): boolean {
  const digits = written.split(" ")[0]!;
  const name = raw.replace(/[’']s$/u, "");
  const low = name.toLowerCase();
  const capital = /^\p{Lu}/u.test(name);
  const decimal = /^\d+\.\d+$/.test(digits);
  if (/\d[kKmM]$/.test(digits)) return false;
  const coded =
    (/[A-Za-z]/.test(digits) && !/\dB$/.test(digits)) || /[/-]/.test(digits) || /\..*\./.test(digits) || /^0\d/.test(digits);
  const known = isLabelWord(low) || /(?:n[°º.]|no\.|nr\.)\s?#?$/iu.test(gap);
  const last = /(\p{L}[\p{L}’'-]*)\s+$/u.exec(before)?.[1]?.toLowerCase() ?? "";
  const led = isDeterminer(last) || isPreposition(last);
  if (figures.has(low) || (known && toldOf.test(last))) return false;
  // A road, a building: the A 8.
  if (/^\p{Lu}$/u.test(raw) && led) return true;
  // Words in capitals are headings or kinds of codes, which have rules of their own.
  if (!known && (isSmallWord(low) || measured.has(low) || /^\p{Lu}{2,}$/u.test(name))) return false;
  const next = /^\s+(\p{L}[\p{L}’'-]*)/u.exec(after)?.[1] ?? "";
  if (
    counts(next, {
      known,
      led: led && (capital || by.test(last)) && !joins.test(last),
      tongue,
    })
  )
    return false;
  if (known || (coded && !isMeasureWord(low))) return true;
  // Romance languages put "de" before an amount: "el presupuesto 1187" is a paper.
  if (/^(?:es|fr|it|pt)$/.test(tongue ?? "") && /^(?:el|la|le|il|o)$/.test(last)) return true;
  if (isMeasureWord(low) || isAmountVerb(low) || isPlural(low, tongue)) return false;
  if (isSubject(last) && !capital) return false;
  // Behind another number of the same thing: VDE 0100 Teil 600.
  if (capital && /[\d\uFFFC]\s$/u.test(before)) return true;
  // One of several that are told one after the other, of which the one before is a figure: "scrap 311, rework 48".
  const told = /(\p{L}+)\s\d[\d.,]{0,12}(?:\s?%)?,\s(?:and\s)?$/u.exec(before)?.[1]?.toLowerCase();
  if (told !== undefined && (isMeasureWord(told) || figures.has(told) || isPlural(told, tongue))) return false;
  const clause = /(?:^|[.!?:;,(|–—"“•*>]|[-*]\s|\n)[\s*_]*$/u.test(before);
  if (capital && (tongue !== "de" || clause)) {
    if (clause) return /^\s\(/u.test(after) || (next !== "" && !joins.test(next.toLowerCase()) && !now.test(next));
    if (led) return isDeterminer(last) || !frontedIn(before, after);
    return last !== "" && !isSmallWord(last) ? true : goesOn(next);
  }
  if (capital) return (led && !frontedIn(before, after)) || goesOn(next);
  if (
    decimal ||
    (/(?:ing|ly)$/u.test(low) && !/^\d{5,}$/.test(digits)) ||
    (/[a-z]ed$|[óò]$|[oei]u$/u.test(low) && tongue !== "de")
  )
    return false;
  // English numbers its things without an article: "the remaining 40" is an amount.
  if (tongue === "en" || tongue === null) return !isDeterminer(last);
  return led || clause;
}

/** Behind a number: what it counts or measures. */
function counts(next: string, { known, led, tongue }: { known: boolean; led: boolean; tongue: Tongue | null }): boolean {
  if (next === "") return false;
  const low = next.toLowerCase();
  if (measured.has(low) || many.has(low)) return true;
  if (tongue === "de" && /^\p{Lu}/u.test(next)) return !known;
  // "Per shift 40 parts", but "belt 5 jams": only what a sentence begins with does something.
  if (isPredicate(low) && !isCounted(low) && !(led && /[a-z]s$/u.test(low) && !isSmallWord(low))) return false;
  return isPlural(low, tongue) && !(known && (/^\p{Lu}/u.test(next) || next.length < 4));
}
/** Before a thing that something is told of, one by one; a number behind it is no part of its name. */
const toldOf =
  /^(?:per|each|every|this|last|next|past|previous|same|whole|pro|je|jede[nrms]?|diese[nrms]?|letzte[nrms]?|chaque|cada|ogni|elke|varje)$/u;
const by = /^(?:per|each|every|at|by|pro|je|par|por)$/u;
/** Terse figures end so: "Leeds 91 yesterday". */
const now =
  /^(?:today|yesterday|now|tonight|so|vs|versus|after|against|heute|gestern|jetzt|hoy|ayer|hier|oggi|ieri|more|less|mehr|weniger|más|menos|plus|moins|più|meno|up|down|plus|minus)$/iu;
const joins = /^(?:and|or|but|und|oder|aber|et|ou|mais|y|e|o|pero|ma|en|och|og|men)$/u;
const isCounted = (low: string): boolean => low.endsWith("s") && measuresOf(low).size > 0;

const isPlural = (low: string, tongue: Tongue | null): boolean =>
  tongue === "de" || tongue === "it" ? measuresOf(low).size > 0 && /(?:en|s|i|e)$/u.test(low) : /[^su’'i]s$/u.test(low);

const goesOn = (next: string): boolean => next !== "" && isPredicate(next.toLowerCase()) && !isCounted(next.toLowerCase());

/** "In Leeds 91, in York 77": a place at the beginning of what is said of it, and its figure at the end. */
const frontedIn = (before: string, after: string): boolean =>
  /(?:^|[.!?:;,(|–—]\s*|\b(?:and|und|et|y|e|en|och)\s+)\p{L}+\s+$/iu.test(before) &&
  /^\s*(?:[.,;)|]|$|\p{L}+\s\p{L}+\s\d)/u.test(after);

/** Several of a kind: nodes 3 and 4, lines 12, 14 and 15. */
const several =
  /(?<word>(?<![\p{L}\p{N}])\p{L}{3,30}s) (?<numbers>\d{1,4}(?:, \d{1,4}){0,8},? (?:and|or|to|&|und|et|y|e|o|ou) \d{1,4})(?![\p{L}\p{N}_%‰€$£¥°]|[.,:’'/–-]\d|-\p{L}|\s?[%‰€$£¥])(?=\s*(?:$|[.,;:)!?]|\s(?:is|are|was|were|has|have|will|can|in|on|at|from|to|for|with)\b))/gu;
/** One after the other: gates 12, 14 and 15; la habitación 312 y la 415; Fiat 500 and Peugeot 208. */
const further =
  /(?<=\uFFFC(?:\s?[,/–-]\s?|,?\s(?:and|or|to|und|oder|bis|et|ou|y|o|e|en|och|og|&)\s(?:(?:the|die|der|das|la|le|el|il|lo)\s)?))\d{1,6}[A-Za-z]?(?![\p{L}\p{N}_%‰€$£¥°]|[.,:’'/]\d|-\p{L})(?=\s*(?:$|[.,;:)!?]|\s(?:and|or|is|are|was|were|has|have|und|sind|et|sont|y|e|están|sono|en|zijn)\s))/gu;

/** The first of several whose last is covered: Fiat 500 and Peugeot 208 are sold. */
const earlier =
  /(?<=(?:^|[.!?]\s)\p{Lu}\p{Ll}{2,20}\s)\d{1,4}(?=(?:,|\s(?:and|or|und|et|y|e|o|ou))\s(?:the\s)?\p{Lu}\p{L}{2,20}\s\uFFFC)/gmu;

const furtherMax = 4;
export function coverFurther(text: string, covered: (found: string) => string): string {
  if (!text.includes("\uFFFC")) return text;
  let masked = text;
  for (let round = 0; round < furtherMax; round += 1) masked = masked.replace(further, covered);
  return masked.replace(earlier, covered).replace(named, covered);
}

/** Known from before: la 14 est partie, the 7 is late. */
const named = /(?<=(?<!\p{L})(?:la|le|el|il|the|der|die|das)\s)\d{1,4}(?=\s(?:est|es|è|está|ist|is|was|war|a|ha|hat|has)\s)/giu;

/**
 * English counts in the plural: a bare number between an article and a noun in the singular is what that is called ("the 1889 Monet", "the
 * 404 page", "a 911 call").
 */
const called =
  /(?<=(?<!\p{L})(?:the|a|an|our|my|your|his|her|its|their|this|that)\s)\d{2,4}(?=\s(?<words>[\p{L}’'-]{3,30}(?:\s[\p{L}’'-]{2,30}){0,3}))/giu;
const endsNoun =
  /^(?:of|in|on|at|to|from|for|with|by|as|and|or|but|is|was|are|were|has|had|have|that|which|who|than|goes|went|will)$/iu;

function coverCalled(text: string, covered: (found: string) => string): string {
  return text.replace(called, (found: string, ...rest: unknown[]) => {
    const words = (rest.at(-1) as Record<string, string>)["words"]!.split(/\s/);
    if (/^1[5-9]\d\d$/.test(found) && /^\p{Lu}/u.test(words[0]!) && !words[0]!.endsWith("s")) return covered(found);
    const stop = words.findIndex((each) => endsNoun.test(each));
    const noun = stop < 0 ? words : words.slice(0, stop);
    const amount = noun.some(
      (each) => measured.has(each.toLowerCase()) || many.has(each.toLowerCase()) || /[^su’'i]s$/u.test(each),
    );
    return noun.length === 0 || amount ? found : covered(found);
  });
}
