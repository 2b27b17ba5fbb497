import { quantity, times } from "./quantity.ts";
import { unitOf } from "./units.ts";

/** Two claims that contradict each other; neither has been withdrawn or refuted. */
export interface OpenPair {
  id: string;
  first: string;
  second: string;
  /** The same for all between the same two agents about the same figure. */
  between: string;
}

/** Claims that contradict each other, directly or through others of them; two agents have one at a time about a figure. */
export interface Dispute<P extends OpenPair = OpenPair> {
  /** Of its first pair, as long as that is open. */
  id: string;
  /** The oldest first. */
  pairs: P[];
  /** In the order in which they were stated. */
  claims: string[];
}

/** Pure: open pairs put together to disputes, the oldest first. Ids are in the order of time. */
export function disputes<P extends OpenPair>(pairs: readonly P[]): Dispute<P>[] {
  const groups = new Map<string, P[]>();
  for (const pair of pairs) {
    const nodes = [pair.first, pair.second, pair.between];
    const touched = [...new Set(nodes.map((node) => groups.get(node)).filter((group) => group !== undefined))];
    const [joined = [], ...others] = touched.toSorted((a, b) => b.length - a.length);
    for (const moved of others.flat()) {
      joined.push(moved);
      for (const node of [moved.first, moved.second, moved.between]) groups.set(node, joined);
    }
    joined.push(pair);
    for (const node of nodes) groups.set(node, joined);
  }
  return [...new Set(groups.values())]
    .map((group) => {
      const sorted = group.toSorted(inTime);
      return {
        id: sorted[0]!.id,
        pairs: sorted,
        claims: [...new Set(sorted.flatMap(({ first, second }) => [first, second]))].toSorted(),
      };
    })
    .toSorted(inTime);
}

const inTime = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

interface Stated {
  agent: string;
  value: string;
  unit: string;
}

/** Pure: of claims of a dispute, in the order in which they were stated, the first in which each agent states each quantity, however written. */
export function sidesOf<T extends Stated>(claims: readonly T[]): T[] {
  const seen = new Set<string>();
  return claims.filter((claim) => {
    const side = sideKey(claim);
    if (seen.has(side)) return false;
    seen.add(side);
    return true;
  });
}

/** Pure: whether one agent says the same quantity in both. */
export const isSameSide = (a: Stated, b: Stated): boolean => sideKey(a) === sideKey(b);

/** The agent, and the quantity in its kind's base as a fraction in lowest terms. */
function sideKey({ agent, value, unit }: Stated): string {
  const said = quantity(value);
  if (!said) return JSON.stringify([agent, value, unit]);
  const { kind, factor } = unitOf(unit);
  const { num, den } = times(said, factor);
  const shared = commonDivisor(num < 0n ? -num : num, den);
  return JSON.stringify([agent, kind, `${num / shared}/${den / shared}`]);
}

const commonDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : commonDivisor(b, a % b));
