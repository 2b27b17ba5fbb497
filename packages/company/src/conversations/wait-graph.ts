/** `waiter` has asked `on` for an answer that is still due. Names of agents. */
export interface Wait {
  waiter: string;
  on: string;
}

/**
 * The circle that `next` would close, from its waiter back to its waiter, or null. The shortest one, so that a person can read it.
 * Where the waits so far hold no circle, none appears as long as every wait is asked about before it is added.
 */
export function circleClosedBy(waits: readonly Wait[], next: Wait): string[] | null {
  if (next.on === next.waiter) return [next.waiter, next.waiter];
  const waitsOn = Map.groupBy(waits, ({ waiter }) => waiter);
  const cameFrom = new Map<string, string>([[next.on, next.waiter]]);
  const toVisit = [next.on];
  for (let at = toVisit.shift(); at !== undefined; at = toVisit.shift()) {
    for (const { on } of waitsOn.get(at) ?? []) {
      if (on === next.waiter) return [...pathTo(at, cameFrom, next.waiter), next.waiter];
      if (cameFrom.has(on)) continue;
      cameFrom.set(on, at);
      toVisit.push(on);
    }
  }
  return null;
}

function pathTo(end: string, cameFrom: ReadonlyMap<string, string>, start: string): string[] {
  const path = [end];
  for (let at = end; at !== start;) {
    at = cameFrom.get(at)!;
    path.unshift(at);
  }
  return path;
}
