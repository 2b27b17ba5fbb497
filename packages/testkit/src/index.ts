export { testClock, type TestClock } from "./test-clock.ts";
export { waitFor } from "./wait-for.ts";
export { migrationsFolder, type PostgresServer, startPostgres, type TestDatabase } from "./start-postgres.ts";
export { type RedisServer, startRedis } from "./start-redis.ts";
export { type Used, usePostgres, useRedis } from "./use-service.ts";
export { companyOver, type MemoryCompany, openMemoryCompany } from "./open-memory-company.ts";
export { sweepContainers } from "./sweep.ts";
export { type CommandResult, companyUnderTest, type CompanyUnderTest } from "./company-under-test.ts";
export { type RunningCompany, startCompany } from "./start-company.ts";
