import { canonicalJson } from "@aito/base";
import { columnsOf } from "../decisions/columns.ts";
import type { DecisionEvent, Machine } from "../decisions/machine.ts";
import { reasonText } from "../decisions/reason-text.ts";
import { replay } from "../decisions/rules.ts";
import type { TallyRow, VoteRow } from "./queries.ts";

const kinds: Record<DecisionEvent["kind"], true> = {
  opened: true,
  ballot: true,
  deadline: true,
  human: true,
  withdrawn: true,
  expired: true,
  overridden: true,
};
export const stepTypes: ReadonlySet<string> = new Set(Object.keys(kinds).map((kind) => `decision.${kind}`));

/** Whether an event is a step of the decision machine; others tell what came of one. */
export const isDecisionStep = (type: string): boolean => stepTypes.has(type);

export interface RecordedStep {
  title: string;
  step: number;
  input: DecisionEvent;
  at: string;
}

/** A step as its event tells it. */
export function parseStep(body: string): RecordedStep & { decision: string } {
  const { at, payload } = JSON.parse(body) as { at: string; payload: Omit<RecordedStep, "at"> & { decision: string } };
  return { ...payload, at };
}

/** Pure: what is wrong with a decision, given its record. */
export function checkDecision(row: TallyRow, record: RecordedStep[], votes: VoteRow[]): string | null {
  const steps = record.toSorted((a, b) => a.step - b.step);
  const misplaced = steps.findIndex(({ step }, index) => step !== index + 1);
  if (misplaced >= 0) return `decision ${row.id}: step ${misplaced + 1} is missing or there twice`;
  const machine = replay(steps.map(({ input, at }) => ({ event: input, at })));
  if (!machine) return `decision ${row.id}: its events are not a legal course`;
  if (canonicalJson(machine) !== canonicalJson(row.machine))
    return `decision ${row.id}: its state is not what its events lead to`;
  const human = steps.map(({ input }) => input).findLast((input) => input.kind === "human");
  const wanted = {
    ...wantedColumns(machine),
    title: steps[0]!.title,
    human: human?.answer ?? null,
    comment: human?.comment ?? null,
  };
  const got = { ...storedColumns(row), title: row.title, human: row.human_decision, comment: row.human_comment };
  if (canonicalJson(wanted) !== canonicalJson(got)) return `decision ${row.id}: its columns are not what its events lead to`;
  return checkVotes(row.id, machine, votes);
}

function wantedColumns(machine: Machine): Record<string, unknown> {
  const { ceoVote, daoVote, councilVotes, phase, deadlineAt } = columnsOf(machine);
  const { status, type, rounds, outcomeReason } = machine;
  const deadline = deadlineAt?.toISOString() ?? null;
  return {
    status,
    type,
    round: rounds.length,
    phase,
    deadline,
    ceo: ceoVote,
    dao: daoVote,
    council: councilVotes,
    reason: outcomeReason,
  };
}

const storedColumns = (row: TallyRow): Record<string, unknown> => ({
  status: row.status,
  type: row.decision_type,
  round: row.veto_round,
  phase: row.phase,
  deadline: row.deadline_at?.toISOString() ?? null,
  ceo: row.ceo_vote,
  dao: row.dao_vote,
  council: row.c_level_votes,
  reason: row.outcome_reason,
});

/** Each ballot of the machine is one row, and there are no others. */
function checkVotes(id: string, machine: Machine, votes: VoteRow[]): string | null {
  const wanted = machine.rounds.flatMap((round) =>
    round.ballots.map((ballot) => {
      const { voter, vote, at } = ballot;
      return canonicalJson([round.number, round.phase, voter, vote, reasonText(round, ballot), at]);
    }),
  );
  const got = votes.map((row) =>
    canonicalJson([row.round, row.phase, row.voter, row.vote, row.reason, row.cast_at.toISOString()]),
  );
  const same = canonicalJson(wanted.toSorted()) === canonicalJson(got.toSorted());
  return same ? null : `decision ${id}: its votes are not the ballots of its events`;
}
