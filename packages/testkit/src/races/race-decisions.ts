import { isAitoError } from "@aito/base";
import { answerEscalation, castVote, closeDueRounds, overrideDecision, propose, withdraw } from "@aito/company";
import { type HumanAnswer, Proposal, type Vote } from "@aito/protocol";
import { sql } from "kysely";
import type { RaceGround } from "./race-ground.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** Refusals that a race may end in. Any other error is one of ours. */
const expected = new Set([
  "AITO_VOTE_CAST",
  "AITO_VOTE_LATE",
  "AITO_VOTE_NOT_YOURS",
  "AITO_DECISION_CLOSED",
  "AITO_DECISION_WITH_HUMAN",
  "AITO_DECISION_NOT_ESCALATED",
  "AITO_DECISION_NOT_DUE",
  "AITO_DECISION_NOT_YOURS",
  "AITO_DECISION_EXPIRED",
  "AITO_ESCALATION_SENT_BACK",
]);

export interface RaceTally {
  schedules: number;
  operations: number;
  refused: number;
  /** Errors that no refusal explains, with what they said. */
  unexpected: string[];
  /** Ids of decisions that no deadline and no human brought to an end. */
  stuck: string[];
}

const roundMs = 20_000;
/** Rounds and answers of a human that a decision can need until it ends. */
const turnsMax = 16;

interface Race {
  ground: RaceGround;
  random: SeededRandom;
  tally: RaceTally;
}

/**
 * `count` decisions at once: in each wave all voters, the deadline's tick, humans, the proposer and the operator start at the same
 * time in a random order. Then nobody acts any more but the tick and, where it is asked, a human, and all must end.
 */
export async function raceDecisions(ground: RaceGround, count: number, random: SeededRandom): Promise<RaceTally> {
  const race: Race = { ground, random, tally: { schedules: count, operations: 0, refused: 0, unexpected: [], stuck: [] } };
  const decisions = await Promise.all(Array.from({ length: count }, (_, index) => open(race, index)));
  const waves = random.pick([1, 1, 2, 3]);
  for (let wave = 0; wave < waves; wave += 1) {
    const waiting = await waitingEscalations(ground);
    const operations = decisions.flatMap((decision) => operationsOn(race, decision, waiting.get(decision.id) ?? null));
    await atOnce(race, random.shuffle([...operations, ...ticks(race)]));
  }
  await drain(race);
  return race.tally;
}

interface Opened {
  id: string;
  proposer: string;
}

async function open({ ground, random }: Race, index: number): Promise<Opened> {
  const proposer = random.pick(["cmo", "cto", "cfo", "ceo", "dao", "cmo"]);
  const validUntil = random.chance(0.1)
    ? new Date(ground.clock.now().getTime() + 1_000 + random.below(60_000)).toISOString()
    : null;
  const task = random.chance(0.2) ? { title: "Write it", description: "", workerType: "content-writer" } : null;
  const usd = random.chance(0.5) ? 500 : 1_500;
  const offer = Proposal.parse({
    title: `Race ${index} of ${ground.deps.newId()}`,
    type: "major",
    usd,
    validUntil,
    ...(task ? { task } : {}),
  });
  return { id: (await propose(ground.deps, proposer, offer)).id, proposer };
}

type Operation = () => Promise<unknown>;

function operationsOn(race: Race, { id, proposer }: Opened, escalation: string | null): Operation[] {
  const { ground, random } = race;
  const { deps } = ground;
  const operations: Operation[] = [];
  for (const voter of [...ground.fleet.file.heads, ...ground.fleet.file.council]) {
    const head = ground.fleet.file.heads.includes(voter);
    if (!random.chance(head ? 0.8 : 0.4)) continue;
    const session = ground.sessions.get(voter)!;
    const cast =
      (vote: Vote): Operation =>
      () =>
        castVote(deps, session, { decisionId: id, vote, reason: `${voter} says ${vote}` });
    operations.push(cast(random.pick(["approve", "approve", "veto", "veto", "abstain"])));
    // The answer to the first was lost, or it changed its mind: the same again, or another.
    if (random.chance(0.1)) operations.push(cast(random.pick(["approve", "veto"])));
  }
  if (random.chance(0.04)) operations.push(() => withdraw(deps, random.chance(0.8) ? proposer : "coo", id));
  if (random.chance(0.04))
    operations.push(() => overrideDecision(deps, { id, operator: "operator", reason: "it is not wanted" }));
  if (escalation) for (let human = 0; human < 1 + random.below(3); human += 1) operations.push(answer(race, escalation));
  return operations;
}

function answer({ ground, random }: Race, escalationId: string): Operation {
  const decision = random.pick<HumanAnswer["decision"]>(["approve", "veto", "send_back"]);
  return () => answerEscalation(ground.deps, { escalationId, operator: "operator", answer: { decision, comment: "because" } });
}

/** Two tickers, as while a leader changes; time passes before one of them in the middle of everything else. */
const ticks = ({ ground, random }: Race): Operation[] => [
  () => closeDueRounds(ground.deps),
  async () => {
    if (random.chance(0.6)) await ground.clock.advance(random.chance(0.5) ? roundMs : random.below(roundMs));
    await closeDueRounds(ground.deps);
  },
];

async function atOnce({ tally }: Race, operations: Operation[]): Promise<void> {
  tally.operations += operations.length;
  for (const { status, reason } of await Promise.allSettled(operations.map((operation) => operation())).then(reasons)) {
    if (status === "fulfilled") continue;
    if (isAitoError(reason) && expected.has(reason.code)) tally.refused += 1;
    else
      tally.unexpected.push(
        reason instanceof Error ? `${(reason as { code?: string }).code ?? ""} ${reason.message}` : String(reason),
      );
  }
}

const reasons = (results: PromiseSettledResult<unknown>[]): { status: string; reason: unknown }[] =>
  results.map((result) => ({ status: result.status, reason: result.status === "rejected" ? (result.reason as unknown) : null }));

async function drain(race: Race): Promise<void> {
  const { ground, tally } = race;
  for (let turn = 0; turn < turnsMax; turn += 1) {
    if ((await openDecisions(ground)).length === 0) return;
    await ground.clock.advance(roundMs);
    const waiting = [...(await waitingEscalations(ground)).values()];
    await atOnce(race, [() => closeDueRounds(ground.deps), ...waiting.flatMap((id) => [answer(race, id), answer(race, id)])]);
  }
  tally.stuck.push(...(await openDecisions(ground)));
}

async function openDecisions({ deps }: RaceGround): Promise<string[]> {
  return await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const found = await sql<{ id: string }>`select id from decisions where status in ('pending', 'escalated')`.execute(
      tx.queries,
    );
    return found.rows.map((row) => row.id);
  });
}

/** Decision to escalation. */
async function waitingEscalations({ deps }: RaceGround): Promise<Map<string, string>> {
  return await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const found = await sql<{ id: string; decision_id: string }>`select id, decision_id from escalations
      where status = 'waiting'`.execute(tx.queries);
    return new Map(found.rows.map((row) => [row.decision_id, row.id]));
  });
}
