import { AsyncLocalStorage } from "node:async_hooks";

/** Whom and what the work under way is about, by names and ids of ours. */
export interface About {
  agent?: string;
  epoch?: number;
  run?: string | null;
}

const now = new AsyncLocalStorage<About>();

/** Whatever is logged or traced while `run` goes on is about this, beside what it was about already. */
export const whileAbout = <T>(about: About, run: () => T): T => now.run({ ...now.getStore(), ...about }, run);

/** What became known meanwhile; without anything that is under way it is nothing. */
export function alsoAbout(about: About): void {
  const store = now.getStore();
  if (store) Object.assign(store, about);
}

export const aboutNow = (): About =>
  Object.fromEntries(Object.entries(now.getStore() ?? {}).filter(([, value]) => value !== undefined && value !== null));
