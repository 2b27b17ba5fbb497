import { type Bus } from "@aito/bus";
import type { CompanyDeps } from "@aito/company";
import type { Database } from "@aito/db";
import { type TestClock } from "./test-clock.ts";
export interface MemoryCompany {
    deps: CompanyDeps;
    bus: Bus;
    clock: TestClock;
    /** A second company in the same database. */
    another(slug: string): Promise<CompanyDeps>;
    close(): Promise<void>;
}
/** An empty company on an embedded database in memory and the memory bus; time stands still until the clock is moved. */
export declare function openMemoryCompany(options?: {
    slug?: string;
    clock?: TestClock;
    rehearsal?: boolean;
}): Promise<MemoryCompany>;
/** What use cases are given, over any database and bus; makes the company if it is not there. */
export declare function companyOver(options: {
    db: Database;
    bus: Bus;
    clock: TestClock;
    slug: string;
    rehearsal: boolean;
}): Promise<CompanyDeps>;
