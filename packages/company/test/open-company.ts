import { type Clock, makeNewId, newToken, sha256 } from "@aito/base";
import { openTestDatabase } from "@aito/db/testing";
import { type Fleet, FleetFile, Profile } from "@aito/protocol";
import {
  type AgentSession,
  beginIncarnation,
  type CompanyDeps,
  hello,
  type OutboxRow,
  recordReceipt,
  registerFleet,
} from "../src/index.ts";

/** A clock that moves only when told to. */
export function handClock(start = "2026-03-02T09:00:00.000Z"): Clock & { advance(ms: number): void } {
  let now = new Date(start).getTime();
  return {
    now: () => new Date(now),
    sleep: () => Promise.resolve(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
    advance: (ms) => {
      now += ms;
    },
  };
}

const profile = (name: string): Profile =>
  Profile.parse({
    name,
    department: name.toUpperCase(),
    reportsTo: "CEO",
    manages: [],
    mission: `The mission of ${name}.`,
    responsibilities: [],
    authority: {
      minor: ["Daily posts"],
      major: ["New campaigns"],
      critical: ["Rebrand"],
      majorAboveMicroUsd: "100000000",
      criticalAboveMicroUsd: "1000000000",
    },
    loop: {
      intervalSeconds: 3_600,
      actions: [
        { text: "Check pending tasks", everySeconds: 3_600, creative: false },
        { text: "Generate ideas", everySeconds: 86_400, creative: true },
      ],
    },
    git: null,
    communicationStyle: [],
    escalationRules: [],
  });

const roles = ["ceo", "dao", "cmo", "cto", "cfo", "coo", "cco"];

export const testFleet = (): Fleet => ({
  file: FleetFile.parse({
    version: 1,
    company: "acme",
    name: "Acme",
    heads: ["ceo", "dao"],
    guardian: "dao",
    lead: "ceo",
    council: ["cmo", "cto", "cfo", "coo", "cco"],
    roles: Object.fromEntries(roles.map((role) => [role, { profile: `${role}.md` }])),
    workers: { "content-writer": { profile: "content-writer.md" } },
    models: { agents: "claude-sonnet-5-5", workers: "claude-haiku-5-5" },
    budget: { usd: 20_000 },
    limits: { majorAboveUsd: 100, criticalAboveUsd: 1_000 },
    kickoff: { goal: "Grow." },
  }),
  profiles: Object.fromEntries(
    [...roles, "content-writer"].map((role) => [role, { path: `${role}.md`, markdown: `# ${role}`, profile: profile(role) }]),
  ),
});

export interface TestCompany {
  deps: CompanyDeps;
  clock: ReturnType<typeof handClock>;
  rung: OutboxRow[];
  /** Starts the next incarnation of an agent and says hello. */
  enter(agent: string): Promise<AgentSession>;
  another(slug: string): Promise<CompanyDeps>;
  close(): Promise<void>;
}

/** A company on an embedded database in memory, with the seven roles registered. */
export async function openCompany(
  options: { deliver?: (rows: OutboxRow[]) => Promise<void>; fleet?: Fleet } = {},
): Promise<TestCompany> {
  const clock = handClock();
  const newId = makeNewId(() => clock.now());
  const db = await openTestDatabase({ clock, migrations: new URL("../../../migrations", import.meta.url).pathname });
  const rung: OutboxRow[] = [];
  const keep = (rows: OutboxRow[]): Promise<void> => {
    rung.push(...rows);
    return Promise.resolve();
  };
  const deliver = options.deliver ?? keep;
  const open = async (slug: string): Promise<CompanyDeps> => ({
    db,
    companyId: await db.findOrCreateCompany({ id: newId(), slug, name: slug }),
    clock,
    newId,
    deliver,
    rehearsal: false,
  });
  const deps = await open("acme");
  await registerFleet(deps, options.fleet ?? testFleet());
  return {
    deps,
    clock,
    rung,
    another: open,
    enter: async (agent) => {
      const token = newToken("run");
      const { epoch } = await beginIncarnation(deps, { agent, tokenHash: sha256(token) });
      return await hello(deps, {
        tokenHash: sha256(token),
        epoch,
        sessionHash: sha256(newToken("ses")),
        redisPasswordHash: sha256("password"),
      });
    },
    close: () => db.close(),
  };
}

/** What an agent reports at the end of a run that went well; `extra` overrides. */
export const report = (run: string, extra: object = {}) => ({
  run,
  outcome: "done" as const,
  summary: "did it",
  error: null,
  modelCalls: 1,
  state: {},
  acknowledged: [],
  task: null,
  ...extra,
});

/** A call that shows work on the task: without one it cannot be handed in as done. */
export async function worked(deps: CompanyDeps, session: AgentSession, task: string): Promise<string> {
  const receipt = { tool: "save_work", argumentsDigest: "d", ok: true, effect: true, result: {}, durationMs: 1, run: null, task };
  return (await recordReceipt(deps, session, receipt, "k".repeat(32))).id;
}

interface Usage {
  agentId: string;
  epoch: number;
  runId: string | null;
  status: number;
  costMicroUsd: bigint | null;
}

/** A model call's row, as the gateway's settlement leaves it; no budget is touched. */
export async function addUsage(deps: CompanyDeps, { agentId, epoch, runId, status, costMicroUsd }: Usage): Promise<void> {
  await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    await tx.queries
      .insertInto("usage")
      .values({
        id: deps.newId(),
        company_id: tx.companyId,
        agent_id: agentId,
        epoch,
        run_id: runId,
        model: "claude-sonnet-5-5",
        upstream: "anthropic",
        status,
        input_tokens: 1,
        output_tokens: 1,
        cost_micro_usd: costMicroUsd,
        duration_ms: 5,
        created_at: tx.now,
      })
      .execute();
  });
}
