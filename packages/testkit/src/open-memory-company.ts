import { makeNewId } from "@aito/base";
import { type Bus, deliverOver, memoryBus } from "@aito/bus";
import type { CompanyDeps } from "@aito/company";
import type { Database } from "@aito/db";
import { openTestDatabase } from "@aito/db/testing";
import { migrationsFolder } from "./start-postgres.ts";
import { type TestClock, testClock } from "./test-clock.ts";

export interface MemoryCompany {
  deps: CompanyDeps;
  bus: Bus;
  clock: TestClock;
  /** A second company in the same database. */
  another(slug: string): Promise<CompanyDeps>;
  close(): Promise<void>;
}

/** An empty company on an embedded database in memory and the memory bus; time stands still until the clock is moved. */
export async function openMemoryCompany(
  options: { slug?: string; clock?: TestClock; rehearsal?: boolean } = {},
): Promise<MemoryCompany> {
  const clock = options.clock ?? testClock();
  const db = await openTestDatabase({ clock, migrations: migrationsFolder });
  const bus = memoryBus({ clock });
  const company = (slug: string): Promise<CompanyDeps> =>
    companyOver({ db, bus, clock, slug, rehearsal: options.rehearsal ?? false });
  return {
    deps: await company(options.slug ?? "acme"),
    bus,
    clock,
    another: company,
    close: async () => {
      await bus.close();
      await db.close();
    },
  };
}

/** What use cases are given, over any database and bus; makes the company if it is not there. */
export async function companyOver(options: {
  db: Database;
  bus: Bus;
  clock: TestClock;
  slug: string;
  rehearsal: boolean;
}): Promise<CompanyDeps> {
  const { db, bus, clock, slug } = options;
  const newId = makeNewId(() => clock.now());
  return {
    db,
    companyId: await db.findOrCreateCompany({ id: newId(), slug, name: slug }),
    clock,
    newId,
    deliver: deliverOver(bus),
    rehearsal: options.rehearsal,
  };
}
