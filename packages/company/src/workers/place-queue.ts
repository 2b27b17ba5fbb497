/** A worker that holds a place: it has a container, or is being given one. */
export interface PlaceHolder {
  /** The standing agent for whom it works in the end. */
  root: string;
  depth: number;
}

export interface PlaceSeeker extends PlaceHolder {
  name: string;
  /** Its task's, 1 to 10. */
  priority: number;
  since: Date;
}

export interface Places {
  /** At once in the company. */
  max: number;
  /** How deep workers may start workers here. */
  depthMax: number;
}

export interface Queue {
  /** Who gets a place now. */
  starts: string[];
  /** Who waits, in order: the first one is next. */
  waits: string[];
}

/** Said of a worker that waits, in the plan and to people. */
export const waitsForPlace = (before: number, max: number): string =>
  `waits for a place: ${before === 0 ? "it is next" : `${before} before it`}; at most ${max} workers run at once`;

/**
 * Who gets the free places. Fair between the agents for whom the work is done: the next place goes to whose workers hold the
 * fewest; then the more urgent task, then who has waited longer. One who waits for a worker of its own keeps its place, so that
 * each deeper level has one place that no level above it may take: otherwise all could wait for each other.
 */
export function queueForPlaces(holders: readonly PlaceHolder[], seekers: readonly PlaceSeeker[], places: Places): Queue {
  const held = [...holders];
  const starts: string[] = [];
  const left = [...seekers];
  for (;;) {
    const free = left.filter((seeker) => hasRoom(held, seeker, places));
    if (free.length === 0) break;
    const next = nextOf(free, held);
    starts.push(next.name);
    held.push(next);
    left.splice(left.indexOf(next), 1);
  }
  const waits: string[] = [];
  // Who would come next, if places went on becoming free.
  while (left.length > 0) {
    const next = nextOf(left, held);
    waits.push(next.name);
    held.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return { starts, waits };
}

const hasRoom = (held: readonly PlaceHolder[], { depth }: PlaceHolder, { max, depthMax }: Places): boolean =>
  held.length < max && held.filter((holder) => holder.depth <= depth).length < max - Math.max(0, depthMax - depth);

function nextOf(seekers: readonly PlaceSeeker[], held: readonly PlaceHolder[]): PlaceSeeker {
  const holds = new Map<string, number>();
  for (const { root } of held) holds.set(root, (holds.get(root) ?? 0) + 1);
  const order = (a: PlaceSeeker, b: PlaceSeeker): number =>
    (holds.get(a.root) ?? 0) - (holds.get(b.root) ?? 0) ||
    b.priority - a.priority ||
    b.depth - a.depth ||
    a.since.getTime() - b.since.getTime() ||
    (a.name < b.name ? -1 : 1);
  return seekers.reduce((best, each) => (order(each, best) < 0 ? each : best));
}
