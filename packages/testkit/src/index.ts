export { testClock, type TestClock } from "./test-clock.ts";
export { waitFor } from "./wait-for.ts";
export { migrationsFolder, type PostgresServer, startPostgres, type TestDatabase } from "./start-postgres.ts";
export { type RedisServer, startRedis } from "./start-redis.ts";
export { type Used, usePostgres, useRedis } from "./use-service.ts";
export { companyOver, type MemoryCompany, openMemoryCompany } from "./open-memory-company.ts";
export { sweepContainers } from "./sweep.ts";
export { type ApprovalGround, approvalGround } from "./approvals/approval-ground.ts";
export { type ApprovalKills, playApprovalKills } from "./approvals/approval-kills.ts";
export { addReport, emptyReport, type RaceReport, runRaces, schedulesPerDatabase } from "./races/run-races.ts";
export { fillHistory, readHistory } from "./fill-history.ts";
export { fillRecords } from "./fill-records.ts";
export { fillTasks } from "./fill-tasks.ts";
export { timePages } from "./time-pages.ts";
export { fillMemories } from "./memories/fill-memories.ts";
export { drawn, questionAbout, type Sentence } from "./memories/sentences.ts";
export { type CommandResult, companyUnderTest, type CompanyUnderTest } from "./company-under-test.ts";
export { type RunningCompany, startCompany } from "./start-company.ts";
export { chaosDefaults, type ChaosPlan, type ChaosReport, runChaos } from "./chaos/run-chaos.ts";
export { runPoison } from "./chaos/run-poison.ts";
export { runStops, stopMsMax, type StopReport, stopSituations } from "./chaos/run-stops.ts";
export { type StopScope, stopScopes } from "./chaos/stop-target.ts";
export { promises } from "./chaos/measure-recovery.ts";
export { missingPrivateEngine } from "./chaos/private-engine.ts";
export { bugs, plantBugs } from "./chaos/plant-bugs.ts";
export type { ChaosStack } from "./chaos/chaos-stack.ts";
export { probe, type ProbeReport, probeTargets, seenFromOutside } from "./isolation-probe.ts";
export { missingNeighbour, type Neighbour, plugInNeighbour } from "./neighbour.ts";
export { writePack } from "./write-pack.ts";
export {
  type ClaimsCase,
  type ClaimsCorpus,
  claimsCorpusFile,
  type CorpusHalf,
  readClaimsCorpus,
} from "./claims-corpus/claims-case.ts";
