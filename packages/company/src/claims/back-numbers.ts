import { type CheckedClaim, microToUsd, type StatedNumber } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { type FoundNumber, findNumbers } from "./find-numbers.ts";
import { lentNumbers } from "./lent-numbers.ts";
import { toCheckedClaim } from "./list-claims.ts";
import { mayRepeat } from "./near-claims.ts";
import { selectClaims } from "./queries.ts";
import { repeats } from "./unsupported-numbers.ts";

const backedDays = 90;
const claimsMax = 300;
const dayMs = 86_400_000;
/** So many digits with a unit are no coincidence; fewer need the metric's name beside them. */
const tellingDigits = 4;
const wordLettersMin = 3;
const stemLetters = 5;

/** Of a text: claims that were made for it count without their metric being named; `titles` may be quoted. */
export interface TextOf {
  task?: string | null | undefined;
  titles?: readonly string[] | undefined;
  /** The record's own amount: whoever names it repeats the record and claims nothing. */
  amountMicroUsd?: string | undefined;
}

/**
 * Pure: each number of a text with the receipt of the verified claim that says it, or why it has none. A text that was not handed in
 * with its claims is about a claim only where it names the metric, or repeats a telling number in its unit.
 */
export function backNumbers(text: string, claims: readonly CheckedClaim[], of: TextOf = {}): StatedNumber[] {
  const words = stemsOf(text);
  const metrics = [...new Set(claims.map(({ metric }) => metric))];
  const about = claims.map((claim) => ({
    claim,
    named: (of.task != null && claim.task === of.task) || stemsOfMetric(claim).some((stem) => words.has(stem)),
  }));
  return findNumbers(text, of.titles)
    .filter((number) => !isAmount(number, of.amountMicroUsd))
    .map((number) => {
      const telling =
        number.readings.some(({ unit }) => unit !== null) && number.text.replaceAll(/\D/g, "").length >= tellingDigits;
      const saying = about
        .filter(({ claim, named }) => (named || telling) && mayRepeat(number, claim) && repeats(number, claim))
        .map(({ claim }) => claim);
      const said = lentNumbers(text, [{ number, claims: saying }], metrics).size === 0 ? saying[0] : undefined;
      const receipt = said?.receipts.find((id) => /^[0-9a-f-]{36}$/.test(id)) ?? null;
      return {
        text: number.text,
        start: number.start,
        end: number.end,
        claim: receipt === null ? null : said!.id,
        receipt,
        why: receipt === null ? "no verified claim says it" : null,
      };
    });
}

const isAmount = (number: FoundNumber, microUsd: string | undefined): boolean =>
  microUsd !== undefined &&
  number.readings.some(({ unit }) => unit === "USD") &&
  repeats(number, { value: microToUsd(microUsd), unit: "USD" });

const stemsIn = (name: string): string[] =>
  (name.toLowerCase().match(/\p{L}+/gu) ?? [])
    .filter((word) => word.length >= wordLettersMin)
    .map((word) => word.slice(0, stemLetters));
const ofMetrics = new WeakMap<CheckedClaim, string[]>();
/** Many texts are held against the same claims. */
function stemsOfMetric(claim: CheckedClaim): string[] {
  const known = ofMetrics.get(claim) ?? stemsIn(claim.metric);
  ofMetrics.set(claim, known);
  return known;
}
const stemsOf = (text: string): Set<string> => new Set(stemsIn(text));

/** Pure: the numbers of a text that a receipt itself says. */
export const statedBy = (text: string, receipt: string): StatedNumber[] =>
  findNumbers(text).map((number) => ({
    text: number.text,
    start: number.start,
    end: number.end,
    claim: null,
    receipt,
    why: null,
  }));

export type NumberReader = (text: string, of?: TextOf) => StatedNumber[];

/** Reads texts against the verified claims of the last 90 days; those that another agent's contradict are none. */
export async function numberReader(unit: Unit): Promise<NumberReader> {
  const since = new Date(unit.now.getTime() - backedDays * dayMs);
  const claims = (await selectClaims(unit, { since, verified: true, limit: claimsMax }))
    .map(toCheckedClaim)
    .filter(({ verified }) => verified);
  return (text, of) => backNumbers(text, claims, of);
}

const namedMax = 20;

/** For a reader that is an agent: the numbers of these texts that no receipt backs; nothing where there are none. */
export function unverifiedIn(
  read: NumberReader,
  texts: readonly (string | null | undefined)[],
  of?: TextOf,
): { unverifiedNumbers?: string[] } {
  const found = texts.flatMap((text) => (text ? read(text, of).filter(({ receipt }) => receipt === null) : []));
  const unverifiedNumbers = [...new Set(found.map(({ text }) => text))].slice(0, namedMax);
  return unverifiedNumbers.length > 0 ? { unverifiedNumbers } : {};
}

export interface TextToRead extends TextOf {
  text: string;
}

/** The numbers of each of these texts, in order. */
export async function readNumbers(deps: CompanyDeps, texts: readonly TextToRead[]): Promise<StatedNumber[][]> {
  return await transact(deps, async (unit) => {
    const read = await numberReader(unit);
    return texts.map(({ text, ...of }) => read(text, of));
  });
}
