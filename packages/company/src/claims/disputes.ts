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
  const found = new Set<Joined>();
  const of = new Map<string, Joined>();
  for (const pair of pairs.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const [one, other] = [of.get(pair.first), of.get(pair.second)];
    const joined = one && other ? join(found, of, [one, other]) : (one ?? other ?? { pairs: [], claims: [] });
    found.add(joined);
    joined.pairs.push(pair);
    for (const claim of [pair.first, pair.second]) {
      if (of.get(claim) !== joined) joined.claims.push(claim);
      of.set(claim, joined);
    }
  }
  return [...found]
    .map(({ pairs: own, claims }) => ({ pairs: own.toSorted((a, b) => (a.id < b.id ? -1 : 1)), claims: claims.toSorted() }))
    .map((dispute) => ({ id: dispute.pairs[0]!.id, ...dispute }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

type Joined = Omit<Dispute, "id">;

/** The smaller one into the larger one, so that however many there are, a claim seldom moves. */
function join(found: Set<Joined>, of: Map<string, Joined>, [one, other]: readonly [Joined, Joined]): Joined {
  if (one === other) return one;
  const [larger, smaller] = one.claims.length < other.claims.length ? [other, one] : [one, other];
  for (const pair of smaller.pairs) larger.pairs.push(pair);
  for (const claim of smaller.claims) {
    larger.claims.push(claim);
    of.set(claim, larger);
  }
  found.delete(smaller);
  return larger;
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
