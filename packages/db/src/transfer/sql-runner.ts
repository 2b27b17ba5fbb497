/** What a transfer asks of a database, as its owner: node-postgres' client and PGlite both answer it. */
export interface SqlRunner {
  query<T>(text: string, values?: unknown[]): Promise<{ rows: T[] }>;
}

/** Runs `run` in one transaction of the runner's. */
export async function within<T>(runner: SqlRunner, begin: string, run: () => Promise<T>): Promise<T> {
  await runner.query(begin);
  try {
    const result = await run();
    await runner.query("commit");
    return result;
  } catch (error) {
    await runner.query("rollback").catch(() => undefined);
    throw error;
  }
}
