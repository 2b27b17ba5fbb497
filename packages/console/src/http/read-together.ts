interface Asked<T> {
  running: Promise<T>;
  /** Begun when `running` has ended: for whoever asked after that had begun, and so may know of a change that it does not see. */
  next: Promise<T> | null;
}

/**
 * Reads that several ask for at the same time are done once for all of them. Nobody is given what was read before they asked, and nothing
 * is kept once it was answered.
 */
export function readTogether<T>(): (key: string, read: () => Promise<T>) => Promise<T> {
  const asked = new Map<string, Asked<T>>();

  const begin = (key: string, read: () => Promise<T>): Promise<T> => {
    const running = read();
    const mine: Asked<T> = { running, next: null };
    asked.set(key, mine);
    const end = (): void => void (asked.get(key) === mine && mine.next === null && asked.delete(key));
    running.then(end, end);
    return running;
  };
  return (key, read) => {
    const now = asked.get(key);
    if (!now) return begin(key, read);
    const goOn = (): Promise<T> => begin(key, read);
    now.next ??= now.running.then(goOn, goOn);
    return now.next;
  };
}
