/** Who stands in the record. */
export interface Live {
  /** By id. */
  agents: ReadonlySet<string>;
  /** By hash, also those that were replaced a moment ago. */
  sessions: ReadonlySet<string>;
}

/**
 * What parts of the gateway remember of agents is let go with them: workers come and go by the hundred a day. Who began after the record was
 * read may be let go by mistake, so only what is asked for anew by itself may be kept this way.
 */
export interface LiveAgents {
  /** Calls `keepOnly` each time it was seen who stands. */
  onSeen(keepOnly: (live: Live) => void): void;
  seen(live: Live): void;
}

export function makeLiveAgents(): LiveAgents {
  const parts: ((live: Live) => void)[] = [];
  return {
    onSeen: (keepOnly) => void parts.push(keepOnly),
    seen: (live) => {
      for (const keepOnly of parts) keepOnly(live);
    },
  };
}

/** Takes from a map that is in the order of time what is over, from the oldest on. */
export function dropOver<T>(map: Map<string, T>, isOver: (value: T) => boolean): void {
  for (const [key, value] of map) {
    if (!isOver(value)) return;
    map.delete(key);
  }
}

/** Leaves in a map what `stands` says of its keys. */
export function keepKeys<T>(map: Map<string, T>, stands: (key: string) => boolean): void {
  for (const key of map.keys()) if (!stands(key)) map.delete(key);
}
