import { currencyWordsAbroad } from "./abroad-words.ts";
import { isAmountVerb } from "./label-words.ts";
import { codes, currencyWords } from "./number-words.ts";

/**
 * Pure: the text with its numbers as figures are written, as long as it was: the digits of any script in our own, and without a mark of
 * names in front of what money or shares are told in, or what is counted behind a verb of amounts ("#48000 USD", "we had #48000
 * customers"). A mark stays where a ticket, a version or a paragraph may be meant ("fixed #48000").
 */
export function undisguised(text: string): string {
  return inOurDigits(text).replace(mark, (found: string, ...rest: unknown[]) => {
    const [at, whole] = [rest.at(-3) as number, rest.at(-2) as string];
    const sign = (rest.at(-1) as Record<string, string>)["sign"]!;
    const behind = whole.slice(at + found.length, at + found.length + lookCharacters);
    const written = /^\d[\d.,’']*/u.exec(behind)![0];
    const verb = verbBefore.exec(whole.slice(Math.max(0, at - lookCharacters), at))?.[1] ?? "";
    // Letters are of quarters, halves and models, too: Q3 EUR revenue. Versions and revisions are of no currency.
    const isShort = /\p{L}/u.test(sign) && !/^\d{5,}$/u.test(written);
    if (isShort && !/[vr]/u.test(sign)) return found;
    const isCounted =
      !isShort && (isAmountVerb(verb.toLowerCase()) || has.test(verb)) && things.test(behind.slice(written.length));
    return isCounted || told.test(behind.slice(written.length)) ? " ".repeat(found.length) : found;
  });
}

const lookCharacters = 40;
const mark = /(?<![\p{L}\p{N}_.,/#-])(?<sign>[#№§!]|\p{L})(?=\d)/gu;
const verbBefore = /(?<!\p{L})(\p{L}+)\s$/u;
const has = /^(?:have|has|of|over|about|around|nearly|almost|only|exactly|roughly)$/iu;
/** English counts in the plural; a verb that ends alike is not told from it. */
const things = /^\s\p{Ll}{3,20}(?<![su])s(?!\p{L})/u;
const named = [currencyWords, currencyWordsAbroad].flatMap((words) =>
  Object.keys(words).filter((word) => /^\p{L}{3,}$/u.test(word)),
);
/** A share, or money that is not the next number's. */
const told = new RegExp(`^\\s?(?:[%％‰€£¥]|\\$(?!\\s?\\d)|(?:${[codes, ...named].join("|")})(?![\\p{L}\\p{N}]|\\s?\\d))`, "u");

const foreign = /(?![0-9])\p{Nd}/gu;
/** Arabic points, commas and percent signs. */
const signs = /(?<=\d)(?:[\u066B\u066C](?=\d)|\u066A)/gu;
const asOurs: Readonly<Record<string, string>> = { "\u066A": "%", "\u066B": ".", "\u066C": "," };

/** Of the scripts whose digits take as much room as ours. */
function inOurDigits(text: string): string {
  const digits = text.replace(foreign, (digit) => (digit.length === 1 ? String(valueOf(digit.charCodeAt(0))) : digit));
  return digits.replace(signs, (sign) => asOurs[sign]!);
}

/** Unicode has the digits of a script, from nought to nine, one after the other. */
function valueOf(code: number): number {
  let zero = code;
  while (zero > code - 9 && /\p{Nd}/u.test(String.fromCharCode(zero - 1))) zero -= 1;
  return code - zero;
}
