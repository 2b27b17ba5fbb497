/** Runs `run` for each item, at most `limit` at a time; waits for all, then returns what was thrown. */
export async function inParallel<T>(items: T[], limit: number, run: (item: T) => Promise<void>): Promise<unknown[]> {
  const errors: unknown[] = [];
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      try {
        await run(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return errors;
}
