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
export const sameMomentMs = 3_600_000;
const isSameTime = (a: StatedValue, b: StatedValue): boolean =>
  a.isPeriod || Math.abs(a.observedAt.getTime() - b.observedAt.getTime()) <= sameMomentMs;

/** Pure: whether two verified values of the same metric, entity and period cannot both be right. Units of two kinds are not compared. */
export const contradicts = (a: StatedValue, b: StatedValue): boolean =>
  (a.isPeriod || a.source !== b.source) && isSameTime(a, b) && agree(a, b) === false;

/** Pure: whether they say the same of the same time, whoever says it. */
export const saysTheSame = (a: StatedValue, b: StatedValue): boolean => isSameTime(a, b) && agree(a, b) === true;

/** Null: of two kinds, so that neither says anything of the other. */
function agree(a: StatedValue, b: StatedValue): boolean | null {
  const [first, second] = [quantity(a.value), quantity(b.value)];
  if (!first || !second) return null;
  const [asSecond, asFirst] = [inUnit(first, a.unit, b.unit), inUnit(second, b.unit, a.unit)];
  if (!asSecond || !asFirst) return null;
  // One may be the rounding of the other.
  return rounds(b, second, asSecond) || rounds(a, first, asFirst);
}

const rounds = (stated: StatedValue, value: Quantity, exact: Quantity): boolean =>
  says({ value, lastDigit: -(stated.value.split(".")[1]?.length ?? 0) }, exact);
