import { equal, quantity } from "./quantity.ts";
import { inUnit } from "./units.ts";

/** Two claims that contradict each other; neither has been withdrawn or refuted. */
export interface OpenPair {
  id: string;
  first: string;
  second: string;
}

/** Claims that contradict each other, directly or through others of them. */
export interface Dispute {
  /** Of its first pair, as long as that is open. */
  id: string;
  pairs: OpenPair[];
  /** In the order in which they were stated. */
  claims: string[];
}

/** Pure: open pairs put together to disputes, the oldest first. Ids are in the order of time. */
export function disputes(pairs: readonly OpenPair[]): Dispute[] {
  const found: Dispute[] = [];
  for (const pair of pairs.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const touched = found.filter(({ claims }) => claims.includes(pair.first) || claims.includes(pair.second));
    const joined = touched[0] ?? { id: pair.id, pairs: [], claims: [] };
    if (touched.length === 0) found.push(joined);
    for (const other of touched.slice(1)) {
      joined.pairs.push(...other.pairs);
      joined.claims.push(...other.claims);
      found.splice(found.indexOf(other), 1);
    }
    joined.pairs.push(pair);
    joined.claims = [...new Set([...joined.claims, pair.first, pair.second])].toSorted();
  }
  return found;
}

interface Stated {
  agent: string;
  value: string;
  unit: string;
}

/** Pure: of claims of a dispute, in the order in which they were stated, the first in which each agent states each quantity, however written. */
export function sidesOf<T extends Stated>(claims: readonly T[]): T[] {
  const sides = new Map<string, T[]>();
  for (const claim of claims) {
    const own = sides.get(claim.agent) ?? [];
    sides.set(claim.agent, own);
    if (!own.some((side) => isSameSide(side, claim))) own.push(claim);
  }
  const first = new Set([...sides.values()].flat());
  return claims.filter((claim) => first.has(claim));
}

/** Pure: whether one agent says the same quantity in both. */
export function isSameSide(a: Stated, b: Stated): boolean {
  if (a.agent !== b.agent) return false;
  const [first, second] = [quantity(a.value), quantity(b.value)];
  const asSecond = first && inUnit(first, a.unit, b.unit);
  return asSecond && second ? equal(asSecond, second) : a.value === b.value && a.unit === b.unit;
}
