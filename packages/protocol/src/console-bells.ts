export interface ConsoleBellHeard {
  types: string[];
  /** Nothing was written that could be read: who works on events goes on resting. Open pages are told all the same. */
  isHint: boolean;
}

const typesMax = 50;

/**
 * What a bell on `channels.console` tells. Bells of events carry each event's id; a hint (model calls, vectors) has none, for no event
 * stands behind it. What cannot be read may have told of events.
 */
export function readConsoleBell(body: string): ConsoleBellHeard {
  try {
    const events = (JSON.parse(body) as { events: { id?: unknown; type?: unknown }[] }).events;
    const types = [...new Set(events.map(({ type }) => String(type)))].slice(0, typesMax);
    return { types, isHint: events.length > 0 && events.every(({ id }) => id === undefined) };
  } catch {
    return { types: [], isHint: false };
  }
}
