import type { Records } from "../src/records.ts";
import type { All, FixtureOptions } from "./fixture-company.ts";
import { agents, start } from "./fixture-data.ts";
import { explained, lessons, operations, orgSeats, runs } from "./fixture-roles.ts";
import { found } from "./fixture-rows.ts";

/** Seven agents, and how each stands. */
export const fixtureAgents = (
  all: All,
  options: FixtureOptions,
  openEscalations: () => Promise<number>,
): Pick<
  Records,
  "status" | "agent" | "agentState" | "why" | "runs" | "explain" | "lessons" | "org" | "success" | "workers" | "operations"
> => ({
  status: async () => ({
    fleet: "AITO",
    company: "aito",
    agents: options.empty ? [] : agents(),
    budget: { usdTotal: "20000.00", usdLeft: "14260.00" },
    nextWake: options.empty
      ? null
      : { agent: "cmo", at: new Date(start + 240_000).toISOString(), reason: "Review campaign performance" },
    switches: [],
    alerts: options.empty
      ? []
      : all.tasks
          .filter(({ quarantine }) => quarantine)
          .map(({ id: of, title, quarantine }) => ({
            kind: "quarantine",
            subject: `task ${of}`,
            title: `The task «${title}» is quarantined`,
            openedAt: quarantine!.since,
          })),
    openEscalations: await openEscalations(),
  }),
  agent: async (name) =>
    found(
      agents().find((row) => row.name === name),
      "AGENT",
    ),
  agentState: async (name) => ({
    ...found(
      agents().find((row) => row.name === name),
      "AGENT",
    ),
    desired: "running",
    switch: null,
    quarantined: false,
    failures: 0,
    failedRuns: 0,
    retryAt: null,
    startedAt: null,
    run: null,
    queue: [],
    loop: { intervalSeconds: 3_600 },
    profile: { path: "cmo.md", model: "claude-sonnet-5-5" },
    git: { repository: null, filter: null },
    limits: { memoryMb: 256, cpus: 0.5, pids: 128, runtime: null, runSecondsMax: 600 },
    sessions: [],
    grants: { tools: ["send_message"], autonomy: "supervised", releases: [] },
    cost: { modelCalls: 0, usd: "0.00", unknownCalls: 0 },
  }),
  why: async (name) => ({
    agent: found(
      agents().find((row) => row.name === name),
      "AGENT",
    ),
    wanted: "running",
    switch: null,
    quarantined: false,
    failures: 0,
    retryAt: null,
    replacing: false,
    failedRuns: 0,
    plan: { do: "wait", why: "runs and was heard", since: new Date(start).toISOString() },
    lastAction: null,
    run: null,
    waitingWork: [],
  }),
  runs: async (name) => (options.empty ? [] : runs(name)),
  explain: async (name) => explained(name),
  lessons: async () => (options.empty ? [] : lessons()),
  org: async () => (options.empty ? [] : orgSeats()),
  success: async () => [{ name: "cmo", succeeded: 5, failed: 1 }],
  workers: () => Promise.resolve([]),
  operations: async () => operations(options.empty ?? false),
});
