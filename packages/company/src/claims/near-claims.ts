import type { Claim } from "@aito/protocol";
import type { FoundNumber } from "./find-numbers.ts";
import { type Quantity, quantity } from "./quantity.ts";
import { inUnit, unitsLike } from "./units.ts";

type Stated = Pick<Claim, "value" | "unit">;

/** A claim's size in each unit that a number may be written in. */
const sizesOf = new WeakMap<Stated, ReadonlyMap<string, number>>();

function sizes(claim: Stated): ReadonlyMap<string, number> {
  const known = sizesOf.get(claim);
  if (known) return known;
  const value = quantity(claim.value);
  const made = new Map<string, number>();
  for (const unit of value ? unitsLike(claim.unit) : []) {
    const exact = inUnit(value!, claim.unit, unit);
    if (exact) made.set(unit, size(exact));
  }
  sizesOf.set(claim, made);
  return made;
}

const size = ({ num, den }: Quantity): number => Math.abs(Number(num) / Number(den));
const floatError = 1e-9;

/**
 * Pure: whether the claim may be what the number says, so that exact arithmetic is worth its time. Never false for one that it says:
 * what is off by more than half of the last digit that was written, or is written in a unit of another kind, cannot be its rounding.
 */
export function mayRepeat(number: FoundNumber, claim: Stated): boolean {
  const known = sizes(claim);
  for (const { value, lastDigit, unit } of number.readings) {
    const written = size(value);
    const off = 0.5 * 10 ** lastDigit * (1 + floatError);
    const near = (wanted: number): boolean =>
      Math.abs(wanted - written) <= off + floatError * (wanted > written ? wanted : written);
    if (unit !== null) {
      const wanted = known.get(unit);
      if (wanted !== undefined && near(wanted)) return true;
      continue;
    }
    for (const wanted of known.values()) if (near(wanted)) return true;
  }
  return false;
}
