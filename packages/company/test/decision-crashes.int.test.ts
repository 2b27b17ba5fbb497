import { isAitoError } from "@aito/base";
import type { Database } from "@aito/db";
import { type HumanAnswer, Proposal, type Vote } from "@aito/protocol";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DecisionEvent, type Machine, openRound } from "../src/decisions/machine.ts";
import { isExpired, isOpen, step } from "../src/decisions/rules.ts";
import {
  type AgentSession,
  answerEscalation,
  castVote,
  closeDueRounds,
  type CompanyDeps,
  overrideDecision,
  propose,
  sealEvents,
  verifyChain,
  withdraw,
} from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

/**
 * The real use cases against the pure machine, with a crash between any two steps: `crashAt` is the statement before which the
 * process dies (all of the transaction is lost), `"answer"` lets it die after the commit (doorbells and answer are lost). Whoever
 * was cut off asks again.
 */
type Crash = number | "answer" | null;
class Died extends Error {}

let company: TestCompany;
const sessions = new Map<string, AgentSession>();
const names = ["ceo", "dao", "cmo", "cto", "cfo", "coo", "cco"];
let commands = 0;
let crashes = 0;

beforeAll(async () => {
  company = await openCompany();
  for (const agent of names) sessions.set(agent, await company.enter(agent));
});
afterAll(async () => {
  process.stdout.write(`decisions with crashes: ${commands} commands, ${crashes} crashes between steps\n`);
  await company.close();
});

/** The company as a process sees it that will die before its n-th statement. */
function dying(crash: Crash): CompanyDeps {
  let statements = 0;
  const die = (): void => {
    statements += 1;
    if (statements === crash) throw new Died();
  };
  const db: Database = {
    ...company.deps.db,
    transaction: (scope, run) =>
      company.deps.db.transaction(scope, (tx) => {
        const transformQuery: Parameters<typeof tx.queries.withPlugin>[0]["transformQuery"] = ({ node }) => {
          die();
          return node;
        };
        const queries = tx.queries.withPlugin({ transformQuery, transformResult: ({ result }) => Promise.resolve(result) });
        return run({ ...tx, queries });
      }),
  };
  return { ...company.deps, db, deliver: () => Promise.reject(new Died()) };
}

interface Model {
  machine: Machine;
  escalations: number;
}
interface Real {
  id: string;
}

async function stored(id: string): Promise<Machine> {
  return await company.deps.db.transaction({ companyId: company.deps.companyId }, async (tx) => {
    const found = await sql<{ machine: Machine }>`select machine from decisions where id = ${id}`.execute(tx.queries);
    return found.rows[0]!.machine;
  });
}

/** `done`, `died`, or the code of a refusal. */
type Outcome = string;

/** Runs a use case that may die, and once more for who got no answer. */
async function attempt(crash: Crash, run: (deps: CompanyDeps) => Promise<unknown>): Promise<Outcome> {
  commands += 1;
  try {
    await run(dying(crash));
    return "done";
  } catch (error) {
    if (error instanceof Died) return "died";
    if (isAitoError(error)) return error.code;
    throw error;
  }
}

/** Holds what came of a use case against what the rules say, crash or not. */
async function mirror(
  model: Model,
  real: Real,
  event: DecisionEvent,
  crash: Crash,
  run: (deps: CompanyDeps) => Promise<unknown>,
) {
  const before = await stored(real.id);
  expect(before).toEqual(model.machine);
  let outcome = await attempt(crash, run);
  if (outcome === "died") {
    crashes += 1;
    expect(await stored(real.id)).toEqual(before);
    outcome = await attempt(null, run);
  } else if (outcome === "done" && crash === "answer") {
    crashes += 1;
    await attempt(null, run);
  }
  const next = step(model.machine, event, company.clock.now());
  expect(outcome).toBe(next.ok ? "done" : next.code);
  if (!next.ok) return;
  model.escalations += next.effects.filter((effect) => effect.kind === "escalated").length;
  model.machine = next.state;
  expect(await stored(real.id)).toEqual(model.machine);
}

type Command = fc.AsyncCommand<Model, Real>;
const command = (name: string, run: Command["run"], check: Command["check"] = () => true): Command => ({
  check,
  run,
  toString: () => name,
});

const vote = (voter: string, said: Vote, crash: Crash): Command =>
  command(`vote(${voter}, ${said}, ${crash})`, async (model, real) => {
    const ballot = { vote: said, reason: `${voter}: ${said}`, round: model.machine.rounds.at(-1)!.number };
    await mirror(model, real, { kind: "ballot", voter, ...ballot }, crash, (deps) =>
      castVote(deps, sessions.get(voter)!, { decisionId: real.id, ...ballot }),
    );
  });

const human = (answer: HumanAnswer["decision"], crash: Crash): Command =>
  command(
    `human(${answer}, ${crash})`,
    async (model, real) => {
      const escalationId = await company.deps.db.transaction({ companyId: company.deps.companyId }, async (tx) => {
        const found = await sql<{ id: string }>`select id from escalations where decision_id = ${real.id}
          and status = 'waiting'`.execute(tx.queries);
        expect(found.rows).toHaveLength(1);
        return found.rows[0]!.id;
      });
      await mirror(model, real, { kind: "human", answer, comment: "because" }, crash, (deps) =>
        answerEscalation(deps, { escalationId, operator: "operator", answer: { decision: answer, comment: "because" } }),
      );
    },
    (model) => model.machine.status === "escalated",
  );

const tick = (crash: Crash): Command =>
  command(
    `tick(${crash})`,
    async (model, real) => {
      const kind = isExpired(model.machine, company.clock.now()) ? "expired" : "deadline";
      await mirror(model, real, { kind }, crash, (deps) => closeDueRounds(deps));
    },
    ({ machine }) => {
      const round = openRound(machine);
      const due = round !== null && company.clock.now().getTime() >= Date.parse(round.deadline);
      return isOpen(machine) && (due || isExpired(machine, company.clock.now()));
    },
  );

const wait = (seconds: number): Command =>
  command(`wait(${seconds})`, () => {
    company.clock.advance(seconds * 1_000);
    return Promise.resolve();
  });

/** Not idempotent: who got no answer to it asks again and is told that it is closed. */
const endings = (kind: "withdrawn" | "overridden", crash: number | null): Command =>
  command(`${kind}(${crash})`, async (model, real) => {
    const event: DecisionEvent = kind === "withdrawn" ? { kind, by: "cmo" } : { kind, by: "operator", reason: "no" };
    await mirror(model, real, event, crash, (deps) =>
      kind === "withdrawn"
        ? withdraw(deps, "cmo", real.id)
        : overrideDecision(deps, { id: real.id, operator: "operator", reason: "no" }),
    );
  });

const crash: fc.Arbitrary<Crash> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 25 }) },
  { weight: 1, arbitrary: fc.constant("answer" as const) },
);
const early = fc.option(fc.integer({ min: 1, max: 30 }), { nil: null });
const voter = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("ceo", "dao") },
  { weight: 4, arbitrary: fc.constantFrom(...names.slice(2)) },
);
const votes = fc.tuple(voter, fc.constantFrom<Vote>("approve", "veto", "abstain"), crash).map((given) => vote(...given));
const all = [
  votes,
  votes,
  votes,
  votes,
  votes,
  fc
    .tuple(fc.constantFrom("approve" as const, "veto" as const, "send_back" as const, "send_back" as const), crash)
    .map((given) => human(...given)),
  crash.map(tick),
  fc.constantFrom(1, 900, 1_800).map(wait),
  fc.constantFrom(900, 1_800, 3_600).map(wait),
];
const rare = fc.tuple(fc.constantFrom("withdrawn" as const, "overridden" as const), early).map((given) => endings(...given));

test("Y01 V14 with a crash between any two steps, what is stored is what the rules say, and a replay gives it again", async () => {
  const courses = fc.commands([...all, ...all, ...all, rare], { maxCommands: 40, size: "+1" });
  const settings = fc.record({
    usd: fc.constantFrom(500, 5_000),
    lapses: fc.option(fc.integer({ min: 60, max: 9_000 }), { nil: null }),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(settings, courses, async ({ usd, lapses }, course) => {
      run += 1;
      const validUntil = lapses === null ? null : new Date(company.clock.now().getTime() + lapses * 1_000).toISOString();
      const { id } = await propose(
        company.deps,
        "cmo",
        Proposal.parse({ title: `Course ${run}`, type: "major", usd, validUntil }),
      );
      const model: Model = { machine: await stored(id), escalations: 0 };
      await fc.asyncModelRun(() => ({ model, real: { id } }), course);
      const told = await company.deps.db.transaction({ companyId: company.deps.companyId }, async (tx) => {
        const found = await sql<{ escalations: bigint }>`select count(*) as escalations from escalations
          where decision_id = ${id}`.execute(tx.queries);
        return Number(found.rows[0]!.escalations);
      });
      expect(told).toBe(model.escalations);
      if (isOpen(model.machine)) await overrideDecision(company.deps, { id, operator: "operator", reason: "the course is over" });
    }),
    { numRuns: 60 },
  );
  company.clock.advance(1_000);
  while ((await sealEvents(company.deps)) > 0);
  expect(await verifyChain(company.deps)).toMatchObject({ ok: true });
  expect(crashes).toBeGreaterThan(20);
});
