import type { Claim, Mark } from "@aito/protocol";
import { type FoundNumber, findNumbers } from "./find-numbers.ts";
import { type Quantity, quantity, says } from "./quantity.ts";
import { inUnit, unitsLike } from "./units.ts";

/** Pure: the numbers of a text that say none of these claims, which are all supported. */
export function unsupportedNumbers(text: string, supported: readonly Claim[], titles: readonly string[] = []): Mark[] {
  return findNumbers(text, titles)
    .filter((number) => !supported.some((claim) => repeats(number, claim)))
    .map(({ text: written, start, end }) => ({
      text: written,
      start,
      end,
      why: supported.length === 0 ? "no verified claim of this report says it" : "none of the report's verified claims says it",
    }));
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
