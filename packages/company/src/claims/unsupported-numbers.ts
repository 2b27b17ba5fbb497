import type { Claim, Mark } from "@aito/protocol";
import { wronglyAscribed } from "./ascribed.ts";
import { periodText } from "./check-claim.ts";
import { dataBlocks, unreadLines } from "./data-blocks.ts";
import { type FoundNumber, findNumbers } from "./find-numbers.ts";
import { isLabelWord } from "./label-words.ts";
import { lentNumbers } from "./lent-numbers.ts";
import { mayRepeat } from "./near-claims.ts";
import { type Quantity, quantity, says } from "./quantity.ts";
import { inUnit, unitsLike } from "./units.ts";

/**
 * Pure: the numbers of a text that say none of these claims, which are all supported, or say one of something else. `metrics` are names
 * that a number's own words may give it.
 */
export function unsupportedNumbers(
  text: string,
  supported: readonly Claim[],
  { titles = [], metrics = [] }: { titles?: readonly string[]; metrics?: readonly string[] } = {},
): Mark[] {
  const measured = measuredWords([...metrics, ...supported.map(({ metric }) => metric)]);
  const said = findNumbers(text, [...titles, ...supported.map(({ entity }) => entity)], {
    counted: true,
    figures: figureNames(supported),
  })
    .map((number) => ({
      number,
      claims: supported.filter((claim) => mayRepeat(number, claim) && repeats(number, claim)),
    }))
    .filter(({ number, claims }) => number.few === undefined || claims.length > 0 || measured.has(wordStem(number.few)));
  said.push(...inBlocks(text, said, supported, measured));
  said.sort((a, b) => a.number.start - b.number.start);
  const elsewhere = wronglyAscribed(text, said, supported);
  const lent = lentNumbers(text, said, metrics);
  const unread = unreadLines(text).map((line) => ({
    ...line,
    why: "so long a line among code is not read: give its figures as text",
  }));
  const marks = said
    .filter(({ number, claims }) => claims.length === 0 || elsewhere.has(number) || lent.has(number))
    .map(({ number, claims }) => ({
      text: number.text,
      start: number.start,
      end: number.end,
      why: whyNot(claims, supported, lent.get(number) ?? null),
    }));
  return unread.length === 0 ? marks : [...marks, ...unread].toSorted((a, b) => a.start - b.start);
}

/** The numbers of blocks that state one of the report's own figures, or name what the company measures: they are part of the report. */
function inBlocks(
  text: string,
  said: readonly { number: FoundNumber }[],
  supported: readonly Claim[],
  measured: ReadonlySet<string>,
): { number: FoundNumber; claims: Claim[] }[] {
  return dataBlocks(text).flatMap((block) => {
    const end = block.start + block.text.length;
    const read = said.flatMap(({ number }) => (number.end > block.start && number.start < end ? [number.start] : []));
    const own = findNumbers(block.text)
      .filter((number) => !read.includes(number.start + block.start))
      .map((number) => ({
        number: { ...number, start: number.start + block.start, end: number.end + block.start },
        claims: supported.filter((claim) => mayRepeat(number, claim) && repeats(number, claim)),
      }));
    const states = own.some(({ number, claims }) => claims.length > 0 && /\d\D*\d/u.test(number.text));
    return states || block.fields.some((field) => measured.has(wordStem(field))) ? own : [];
  });
}

/** What figures stand behind: the last word of a metric's name, and names of what claims are about; none that numbers its things. */
function figureNames(supported: readonly Claim[]): Set<string> {
  const names = supported.flatMap(({ metric, entity }) => [
    /(?:^|_)(?:per|by|of)_/u.test(metric) ? "" : (/\p{L}+$/u.exec(metric)?.[0] ?? ""),
    /^\p{L}+$/u.test(entity) ? entity : "",
  ]);
  return new Set(names.map((name) => name.toLowerCase()).filter((name) => name.length > 2 && !isLabelWord(name)));
}

const stemLetters = 6;
const wordStem = (word: string): string => word.toLowerCase().normalize("NFD").replaceAll(/\p{M}/gu, "").slice(0, stemLetters);
/** What the company measures under a name of one word. */
const measuredWords = (metrics: readonly string[]): Set<string> =>
  new Set(metrics.filter((metric) => /^\p{L}{4,}$/u.test(metric)).map(wordStem));

function whyNot(of: readonly Claim[], supported: readonly Claim[], lent: string | null): string {
  const [claim] = of;
  if (claim && lent !== null)
    return `its claim is about ${claim.metric} of ${claim.entity}, the text says it of ${lent}, which no claim is about`;
  if (claim)
    return `its claim is about ${claim.metric} of ${claim.entity} (${periodText(claim.period)}), the text says it of something else`;
  return supported.length === 0 ? "no verified claim of this report says it" : "none of the report's verified claims says it";
}

/** Whether the number says what the claim says: in the unit that the text gives, or in one of the claim's kind where it gives none. */
export function repeats(number: FoundNumber, claim: Pick<Claim, "value" | "unit">): boolean {
  const value = quantity(claim.value);
  if (!value) return false;
  return number.readings.some((reading) =>
    (reading.unit === null ? unitsLike(claim.unit) : [reading.unit]).some((unit) => {
      const exact = inUnit(value, claim.unit, unit);
      if (!exact) return false;
      // "fell by 5 %" says a change of -5 %.
      return says(reading, exact) || (number.falls && exact.num < 0n && says(reading, minus(exact)));
    }),
  );
}

const minus = (value: Quantity): Quantity => ({ num: -value.num, den: value.den });
