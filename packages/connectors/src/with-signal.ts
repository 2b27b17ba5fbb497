/** What the work comes to, or the signal's reason as soon as that aborts; the work itself is not waited for then. */
export async function withSignal<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await work;
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true, signal: over.signal });
  });
  return await Promise.race([aborted, work]).finally(() => over.abort());
}
