import { AitoError } from "@aito/base";
import type { Database } from "@aito/db";
import { type CompanyDeps, type Joined, transact, type Unit } from "./company.ts";

/** How use cases ended that ran together: with a value, or by an error that they threw after what they wrote was to stand. */
export type Ended<T> = { value: T } | { error: unknown };

/**
 * Runs use cases in one transaction and lets `end` write its last rows into the same: all stand or none. What a use case refuses
 * within its transaction undoes everything and is thrown; what it throws afterwards (a refusal that is itself on record) is `end`ed, too,
 * and answered. After a deadlock all of it runs again from the start, so `run` keeps nothing of its own, waits for
 * nothing outside the database, and is done when it answers.
 */
export async function inOneTransaction<T>(
  deps: CompanyDeps,
  run: (deps: CompanyDeps) => Promise<T>,
  end: (unit: Unit, ended: Ended<T>) => Promise<void>,
): Promise<Ended<T>> {
  return await transact(deps, async (unit): Promise<Ended<T>> => {
    const joined = joining(unit);
    let how: Ended<T>;
    try {
      how = { value: await run({ ...deps, db: joinedDatabase(deps.db, unit), within: joined }) };
    } catch (error) {
      if (!joined.stands()) throw error;
      how = { error };
    }
    await end(unit, how);
    return how;
  });
}

function joining(unit: Unit): Joined & { stands(): boolean } {
  let [finished, failed] = [0, 0];
  return {
    stands: () => finished > 0 && failed === 0,
    run: async (useCase) => {
      try {
        const value = await useCase(unit);
        // The next one may read it.
        await unit.flush();
        finished += 1;
        return value;
      } catch (error) {
        failed += 1;
        throw error;
      }
    },
  };
}

/** What use cases read beside `transact`, seen from within the same transaction. */
const joinedDatabase = (db: Database, unit: Unit): Database => ({
  kind: db.kind,
  transaction: (_scope, run) => run(unit),
  call: (_companyId, name) =>
    Promise.reject(new AitoError("AITO_DB_OUTSIDE_TX", `${name} is a transaction of its own, and one is under way`)),
  findOrCreateCompany: (company) => db.findOrCreateCompany(company),
  findCompany: (slug) => db.findCompany(slug),
  ping: () => db.ping(),
  close: () => db.close(),
});
