/** A number in words, where it is large enough to be a figure. */
export interface SpelledNumber {
  value: number;
  start: number;
  end: number;
}

/** "Two things" and "twelve of us" are ways of speaking; from here on words are held against receipts as digits are. */
const figureFrom = 20;

const table = (words: string, from: number, step = 1): [string, number][] =>
  words.split(" ").flatMap((word, at) => word.split("|").map((one): [string, number] => [one, from + at * step]));

interface Tongue {
  small: ReadonlyMap<string, number>;
  /** Multiply what stands before them; alone they are a manner of speaking, or the half of a per cent. */
  scales: ReadonlyMap<string, number>;
  joint: ReadonlySet<string>;
}

const english: Tongue = {
  small: new Map([
    ...table(
      "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
      1,
    ),
    ...table("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
    ["dozen", 12],
  ]),
  scales: new Map([
    ["hundred", 100],
    ["thousand", 1_000],
    ["million", 1_000_000],
    ["billion", 1_000_000_000],
  ]),
  joint: new Set(["and"]),
};
const french: Tongue = {
  small: new Map([
    ...table("deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize", 2),
    ...table("vingt|vingts trente quarante cinquante soixante", 20, 10),
    ...table("septante huitante|octante nonante", 70, 10),
    ["un", 1],
    ["une", 1],
  ]),
  scales: new Map([
    ["cent", 100],
    ["cents", 100],
    ["mille", 1_000],
  ]),
  joint: new Set(["et"]),
};
const spanish: Tongue = {
  small: new Map([
    ...table("dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince", 2),
    ...table(
      "veinte veintiuno|veintiún veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve",
      20,
    ),
    ...table("treinta cuarenta cincuenta sesenta setenta ochenta noventa", 30, 10),
    ...table("doscientos|doscientas trescientos|trescientas cuatrocientos|cuatrocientas quinientos|quinientas", 200, 100),
    ...table("seiscientos|seiscientas setecientos|setecientas ochocientos|ochocientas novecientos|novecientas", 600, 100),
    ["uno", 1],
    ["una", 1],
  ]),
  scales: new Map([["mil", 1_000]]),
  joint: new Set(["y"]),
};
const tongues = [english, french, spanish];

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
function withWord(sum: Sum, word: string, { small, scales }: Tongue): Sum | null {
  const scale = scales.get(word);
  if (scale !== undefined) {
    if (sum.group === 0) return null;
    const group = sum.group * scale;
    return scale === 100 ? { ...sum, group, last: scale } : { total: sum.total + group, group: 0, last: scale };
  }
  const value = small.get(word);
  if (value === undefined) return null;
  if (value === 12 && word === "dozen") return sum.group > 0 ? { ...sum, group: sum.group * 12, last: 12 } : null;
  // Quatre-vingts is four times twenty; soixante-dix goes on from sixty.
  if (/^vingts?$/.test(word) && sum.last === 4) return { ...sum, group: sum.group - 4 + 80, last: 80 };
  const fits = sum.group === 0 || (sum.last >= 20 && value < Math.min(sum.last, 20)) || (sum.last >= 100 && value < sum.last);
  return fits ? { ...sum, group: sum.group + value, last: value } : null;
}

const words = /\p{L}+/gu;
const between = /^(?:[ \u00A0\u2011-]|,\s)$/u;
/** Not figures: hours of the day, "the twenty-first", and "one hundred per cent". */
const idiom = /^-\p{L}|^\s*(?:past\b|o[’']clock\b|to\s+(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)/iu;
const wholly = /^one\s+hundred$/iu;

/** Pure: figures in words (English, German, French, Spanish) of a text whose names and dates are covered. */
export function spelledNumbers(masked: string): SpelledNumber[] {
  const found: SpelledNumber[] = [];
  for (const line of linesOf(masked)) {
    const tokens = [...line.text.matchAll(words)].map((match) => ({
      word: match[0].toLowerCase(),
      start: match.index,
      end: match.index + match[0].length,
    }));
    for (let at = 0; at < tokens.length;) {
      const run = longestRun(tokens, at, line.text);
      at = run ? run.next : at + 1;
      if (!run || run.value < figureFrom) continue;
      const after = line.text.slice(run.end);
      if (idiom.test(after) || (wholly.test(line.text.slice(run.start, run.end)) && /^\s*per\s?cent\b/iu.test(after))) continue;
      found.push({ value: run.value, start: line.start + run.start, end: line.start + run.end });
    }
  }
  return found;
}

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

function longestRun(tokens: readonly Token[], at: number, line: string): (SpelledNumber & { next: number }) | null {
  const first = tokens[at]!;
  const value = germanValue(first.word);
  if (value !== null) return { value, start: first.start, end: first.end, next: at + 1 };
  let best: (SpelledNumber & { next: number }) | null = null;
  for (const tongue of tongues) {
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
      best = { value: sum.total + sum.group, start: first.start, end: tokens[end - 1]!.end, next: end };
  }
  return best;
}
