import { type Quantity, quantity, says } from "./quantity.ts";
import { inUnit } from "./units.ts";

interface Written {
  value: string;
  unit: string;
}

export interface StatedValue extends Written {
  observedAt: Date;
  source: string | null;
  isPeriod: boolean;
}

/** Values at a moment change by themselves: only two systems that were asked within so long of each other can contradict. */
export const sameMomentMs = 3_600_000;
export const isSameTime = (a: StatedValue, b: StatedValue): boolean =>
  a.isPeriod || Math.abs(a.observedAt.getTime() - b.observedAt.getTime()) <= sameMomentMs;

/** Pure: whether two verified values of the same metric, entity and period cannot both be right. Units of two kinds are not compared. */
export const contradicts = (a: StatedValue, b: StatedValue, compare = agree): boolean =>
  (a.isPeriod || a.source !== b.source) && isSameTime(a, b) && compare(a, b) === false;

/** Pure: whether they say the same of the same time, whoever says it. */
export const saysTheSame = (a: StatedValue, b: StatedValue): boolean => isSameTime(a, b) && agree(a, b) === true;

/** To compare many with many: what is written alike is compared once. */
export function compareOnce(): typeof agree {
  const known = new Map<string, boolean | null>();
  return (a, b) => {
    const key = JSON.stringify([a.value, a.unit, b.value, b.unit]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const said = agree(a, b);
    known.set(key, said);
    return said;
  };
}

/** Null: of two kinds, so that neither says anything of the other. */
function agree(a: Written, b: Written): boolean | null {
  const [first, second] = [quantity(a.value), quantity(b.value)];
  if (!first || !second) return null;
  const [asSecond, asFirst] = [inUnit(first, a.unit, b.unit), inUnit(second, b.unit, a.unit)];
  if (!asSecond || !asFirst) return null;
  // One may be the rounding of the other.
  return rounds(b, second, asSecond) || rounds(a, first, asFirst);
}

const rounds = (stated: Written, value: Quantity, exact: Quantity): boolean =>
  says({ value, lastDigit: -(stated.value.split(".")[1]?.length ?? 0) }, exact);
