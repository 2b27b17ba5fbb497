/** What was said, as far as it is loaded, and how far it was played. Pure; the page fetches and waits. */
export interface Reel<M extends { id: string; timestamp: string }> {
  /** Oldest first. */
  items: M[];
  /** The last one that is shown; -1: none yet. */
  at: number;
  /** Where the next page begins; null: nothing more was said. */
  next: string | null;
}

/** So many are kept behind the one that plays, and shown. */
export const keptMax = 200;
/** With fewer ahead the next page is fetched. */
const aheadMin = 20;
/** A long silence is not sat through, and a burst can be read. */
const waitMs = { least: 120, most: 2_500 };

export const emptyReel = { items: [], at: -1, next: null };

export const shownOf = <M extends { id: string; timestamp: string }>({ items, at }: Reel<M>): M[] =>
  items.slice(Math.max(0, at + 1 - keptMax), at + 1);

export const wantsMore = ({ items, at, next }: Reel<{ id: string; timestamp: string }>): boolean =>
  next !== null && items.length - 1 - at < aheadMin;

/** A page that was fetched; what is far behind is let go, so that a long replay stays small. */
export function withPage<M extends { id: string; timestamp: string }>(
  reel: Reel<M>,
  page: { items: M[]; next: string | null },
): Reel<M> {
  const known = new Set(reel.items.map(({ id }) => id));
  const drop = Math.max(0, reel.at + 1 - keptMax);
  return {
    items: [...reel.items.slice(drop), ...page.items.filter(({ id }) => !known.has(id))],
    at: reel.at - drop,
    next: page.next,
  };
}

/** One forward or back, as far as there is something. */
export function stepped<M extends { id: string; timestamp: string }>(reel: Reel<M>, by: 1 | -1): Reel<M> {
  const at = Math.min(reel.items.length - 1, Math.max(-1, reel.at + by));
  return { ...reel, at };
}

export const isOver = ({ items, at, next }: Reel<{ id: string; timestamp: string }>): boolean =>
  next === null && at >= items.length - 1;

/** How long to wait for the next one at this speed (1: as it was); null while there is none. */
export function pauseMs({ items, at }: Reel<{ id: string; timestamp: string }>, speed: number): number | null {
  const [now, next] = [items[at], items[at + 1]];
  if (!next) return null;
  if (!now) return waitMs.least;
  const gap = (Date.parse(next.timestamp) - Date.parse(now.timestamp)) / speed;
  return Math.min(waitMs.most, Math.max(waitMs.least, gap));
}
