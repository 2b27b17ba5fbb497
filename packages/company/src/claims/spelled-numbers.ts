import { collectiveNumbers } from "./collective-numbers.ts";
import { fractionWords } from "./fraction-words.ts";
import { countedBy } from "./counted-words.ts";
import { meansElse, type NumberTongue, numberTongues, table } from "./spelled-tongues.ts";
import { type Tongue, tongueOf } from "./tongue-of.ts";

/** A number in words. */
export interface SpelledNumber {
  value: number;
  start: number;
  end: number;
  /** Of so few people speak without having counted ("two remarks"): what they count; a figure only where somebody measures it. */
  few: string | null;
  /** The share that it is, with the other number: nine of ten; `alone` where it is nothing else: two thirds. */
  share?: { of: number; alone?: true };
}

/** From here on words are figures wherever they stand. */
const figureFrom = 20;
/** Below this, they are ways of telling things apart unless what they count is measured. */
const countFrom = 5;

const ones = table("ein zwei|zwo drei vier fünf sechs sieben acht neun", 1);
const germanTens = table("zwanzig dreißig|dreissig vierzig fünfzig sechzig siebzig achtzig neunzig", 20, 10);
const germanTeens = table("zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn", 10);
const german = new Map([...ones, ...germanTens, ...germanTeens, ["eins", 1]] as [string, number][]);
const anyOf = (words: readonly [string, number][]): string => words.map(([word]) => word).join("|");
const underHundred = (name: string): string =>
  `(?:(?:(?<${name}o>${anyOf(ones)})und)?(?<${name}t>${anyOf(germanTens)})|(?<${name}s>${anyOf(germanTeens)}|eins|${anyOf(ones)}))`;
const underThousand = (name: string): string =>
  `(?:(?<${name}h>${anyOf(ones)})hundert(?:und)?${underHundred(`${name}a`)}?|${underHundred(`${name}b`)})`;
const germanWord = new RegExp(`^(?:${underThousand("k")}tausend(?:und)?)?${underThousand("e")}?$`, "u");

/** A German number is one word: dreitausendfünfhundert. */
function germanValue(word: string): number | null {
  if (!/hundert|tausend|zig$|ßig$|ssig$/u.test(word)) return null;
  const groups = germanWord.exec(word)?.groups;
  if (!groups) return null;
  const part = (name: string): number => german.get(groups[name] ?? "") ?? 0;
  const low = (name: string): number => part(`${name}o`) + part(`${name}t`) + part(`${name}s`);
  const thousand = (name: string): number => part(`${name}h`) * 100 + low(`${name}a`) + low(`${name}b`);
  return thousand("k") * 1_000 + thousand("e");
}

interface Sum {
  total: number;
  group: number;
  last: number;
}

/** The sum with one more word; null where that word does not go on with the number. */
function withWord(sum: Sum, word: string, { small, scales }: NumberTongue): Sum | null {
  const scale = scales.get(word);
  if (scale !== undefined) {
    if (sum.group === 0 || (scale === 100 && sum.group >= 100)) return null;
    const group = sum.group * scale;
    return scale === 100 ? { ...sum, group, last: scale } : { total: sum.total + group, group: 0, last: scale };
  }
  const value = small.get(word);
  if (value === undefined) return null;
  if (value === 12 && word === "dozen")
    return sum.group > 0 && sum.last !== 0 ? { ...sum, group: sum.group * 12, last: 0 } : null;
  // Quatre-vingts is four times twenty; soixante-dix goes on from sixty.
  if (/^vingts?$/.test(word) && sum.last === 4) return { ...sum, group: sum.group - 4 + 80, last: 80 };
  // Dix-sept.
  if (sum.last === 10 && value >= 7 && value <= 9 && small.has("dix")) return { ...sum, group: sum.group + value, last: value };
  const fits = sum.group === 0 || (sum.last >= 20 && value < Math.min(sum.last, 20)) || (sum.last >= 100 && value < sum.last);
  return fits ? { ...sum, group: sum.group + value, last: value } : null;
}

const words = /\p{L}+/gu;
const between = /^(?:[ \u00A0\u2011-]|,\s)$/u;
/** Not figures: hours of the day, "the twenty-first", and "one hundred per cent". */
const idiom = /^-\p{L}|^\s*(?:past\b|o[’']clock\b|to\s+(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)/iu;
const wholly = /^one\s+hundred$/iu;

const half = /^\s(?:and\sa\shalf|y\smedi[oa]|e\smezz[oa]|et\sdemie?|e\smei[oa]|en\seen\shalve?)(?!\p{L})/iu;
const ofOthers = /^\s(?:of|out\sof|in|von|sur|de\scada|su|em\scada|van\sde|av)\s(?=\p{L})/iu;

/** Pure: figures in words of a text whose names and dates are covered, in eight languages. `counted`: also those below twenty that count something. */
export function spelledNumbers(masked: string, { counted = false }: { counted?: boolean } = {}): SpelledNumber[] {
  const found: SpelledNumber[] = [];
  const whole = counted ? tongueOf(masked) : null;
  for (const line of linesOf(masked)) {
    const tokens = [...line.text.matchAll(words)].map((match) => ({
      word: match[0].toLowerCase(),
      start: match.index,
      end: match.index + match[0].length,
    }));
    let ofLine: Tongue | null | undefined;
    const own = counted ? collectiveNumbers(line.text) : [];
    const at = (run: Span): SpelledNumber => ({ ...run, few: null, start: line.start + run.start, end: line.start + run.end });
    const fractions = counted ? fractionWords(line.text) : [];
    for (const { of, ...span } of fractions) found.push({ ...at(span), ...(of === null ? {} : { share: { of, alone: true } }) });
    found.push(...own.map(({ value, start, end }) => at({ value, start, end })));
    for (let index = 0; index < tokens.length;) {
      const run = longestRun(tokens, index, line.text);
      index = run ? run.next : index + 1;
      if (!run || [...own, ...fractions].some(({ start, end }) => start < run.end && run.start < end)) continue;
      // "Per cento" is a unit.
      if (run.value === 100 && /(?:^|[^\p{L}])p(?:e|o|ou)r\s$/iu.test(justBefore(line.text, run.start, 8))) continue;
      if (run.value < figureFrom) {
        if (counted) {
          if (ofLine === undefined) ofLine = tongueOf(line.text) ?? whole;
          const small = smallNumber(run, line.text, ofLine);
          if (small) found.push({ ...small, start: line.start + small.start, end: line.start + small.end });
        }
        continue;
      }
      const after = line.text.slice(run.end);
      if (idiom.test(after) || (wholly.test(line.text.slice(run.start, run.end)) && /^\s*per\s?cent\b/iu.test(after))) continue;
      found.push(at({ value: run.value, start: run.start, end: run.end }));
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
}

interface Span {
  value: number;
  start: number;
  end: number;
}

const inTongue = new Map(numberTongues.map((tongue) => [tongue.name, tongue]));

/** A number below twenty where it counts something, in the language of its sentence. */
function smallNumber(run: Run, line: string, tongue: Tongue | null): SpelledNumber | null {
  const first = line.slice(run.start, run.end).toLowerCase();
  const own = meansElse.has(first) ? tongue : run.tongue;
  if (run.value < 2 || own === null || !inTongue.get(own)?.small.has(first.split(/[\s-]/)[0]!)) return null;
  const name = /^\p{Lu}/u.test(line.slice(run.start)) && /\p{L},?\s$/u.test(justBefore(line, run.start, 4));
  if (name || idiom.test(line.slice(run.end))) return null;
  const before = line.slice(Math.max(0, run.start - 40), run.start);
  const and = half.exec(line.slice(run.end))?.[0] ?? "";
  const end = run.end + and.length;
  const after = line.slice(end, end + 120);
  const others = ofOthers.exec(after)?.[0];
  const second = others === undefined ? null : wordNumber(after.slice(others.length), own);
  const noun = countedBy(before, second ? after.slice(others!.length + second.length) : after, own);
  const value = run.value + (and === "" ? 0 : 0.5);
  if (second && second.value > value && second.value >= countFrom)
    return { value, start: run.start, end, few: null, share: { of: second.value } };
  if (noun === null) return null;
  if (second && second.value > value) return { value, start: run.start, end, few: null, share: { of: second.value } };
  return { value, start: run.start, end, few: value < countFrom && and === "" && noun !== "" ? noun : null };
}

/** The number word that a text begins with. */
function wordNumber(text: string, tongue: Tongue): { value: number; length: number } | null {
  const word = /^\p{L}+/u.exec(text)?.[0];
  const value = word === undefined ? undefined : inTongue.get(tongue)?.small.get(word.toLowerCase());
  return value === undefined ? null : { value, length: word!.length };
}

const justBefore = (line: string, at: number, characters: number): string => line.slice(Math.max(0, at - characters), at);

function linesOf(text: string): { text: string; start: number }[] {
  let start = 0;
  return text.split("\n").map((line) => {
    const own = { text: line, start };
    start += line.length + 1;
    return own;
  });
}

interface Token {
  word: string;
  start: number;
  end: number;
}

interface Run extends Span {
  next: number;
  tongue: Tongue;
}

function longestRun(tokens: readonly Token[], at: number, line: string): Run | null {
  const first = tokens[at]!;
  const value = germanValue(first.word);
  if (value !== null) return { value, start: first.start, end: first.end, next: at + 1, tongue: "de" };
  let best: Run | null = null;
  for (const tongue of numberTongues) {
    let sum: Sum = { total: 0, group: 0, last: 0 };
    let end = at;
    for (let index = at; index < tokens.length; index++) {
      const token = tokens[index]!;
      if (index > at && !between.test(line.slice(tokens[index - 1]!.end, token.start))) break;
      if (index > at && tongue.joint.has(token.word)) continue;
      const next = withWord(sum, token.word, tongue);
      if (!next) break;
      sum = next;
      end = index + 1;
    }
    if (end > at && end > (best?.next ?? 0))
      best = { value: sum.total + sum.group, start: first.start, end: tokens[end - 1]!.end, next: end, tongue: tongue.name };
  }
  return best;
}
