import { type Quantity, quantity, says } from "./quantity.ts";
import { inUnit } from "./units.ts";

export interface StatedValue {
  value: string;
  unit: string;
  observedAt: Date;
  source: string | null;
  isPeriod: boolean;
}

/** Values at a moment change by themselves: only two systems that were asked within so long of each other can contradict. */
const sameMomentMs = 3_600_000;

/** Pure: whether two verified values of the same metric, entity and period cannot both be right. Units of two kinds are not compared. */
export function contradicts(a: StatedValue, b: StatedValue): boolean {
  const [first, second] = [quantity(a.value), quantity(b.value)];
  if (!first || !second) return false;
  const [asSecond, asFirst] = [inUnit(first, a.unit, b.unit), inUnit(second, b.unit, a.unit)];
  if (!asSecond || !asFirst) return false;
  if (!a.isPeriod && (a.source === b.source || Math.abs(a.observedAt.getTime() - b.observedAt.getTime()) > sameMomentMs))
    return false;
  // One may be the rounding of the other.
  return !rounds(b, second, asSecond) && !rounds(a, first, asFirst);
}

const rounds = (stated: StatedValue, value: Quantity, exact: Quantity): boolean =>
  says({ value, lastDigit: -(stated.value.split(".")[1]?.length ?? 0) }, exact);
