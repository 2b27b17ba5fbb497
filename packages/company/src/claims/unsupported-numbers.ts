import type { Claim, Mark } from "@aito/protocol";
import { wronglyAscribed } from "./ascribed.ts";
import { periodText } from "./check-claim.ts";
import { type FoundNumber, findNumbers } from "./find-numbers.ts";
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
  const said = findNumbers(text, [...titles, ...supported.map(({ entity }) => entity)]).map((number) => ({
    number,
    claims: supported.filter((claim) => mayRepeat(number, claim) && repeats(number, claim)),
  }));
  const elsewhere = wronglyAscribed(text, said, supported);
  const lent = lentNumbers(text, said, metrics);
  return said
    .filter(({ number, claims }) => claims.length === 0 || elsewhere.has(number) || lent.has(number))
    .map(({ number, claims }) => ({
      text: number.text,
      start: number.start,
      end: number.end,
      why: whyNot(claims, supported, lent.get(number) ?? null),
    }));
}

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
