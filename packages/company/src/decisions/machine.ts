import type { DecisionPhase, DecisionStatus, DecisionType, RecordedVote, Vote } from "@aito/protocol";

/** What a decision is opened with; fixed for its whole life, so that a later change of the fleet cannot change its rules. */
export interface DecisionSetup {
  type: DecisionType;
  proposer: string;
  /** One or two agents with a veto. */
  heads: string[];
  /** The head whose own approve a critical decision needs; null: only a human approves one. */
  guardian: string | null;
  /** Council members without the heads; the proposer may be among them and is recused where it matters. */
  council: string[];
  discussionsMax: number;
  sendBacksMax: number;
  /** How long a round of each kind stays open. */
  seconds: Record<DecisionPhase, number>;
  /** When the proposal lapses (ISO text); null: never. */
  validUntil: string | null;
}

export interface Ballot {
  voter: string;
  vote: RecordedVote;
  reason: string;
  /** ISO text of when it was cast; for `no_answer`, of when the round closed. */
  at: string;
  /** A leaning of the analysis that counts as the final ballot because its author did not change it. */
  standing: boolean;
}

export interface Round {
  number: number;
  phase: DecisionPhase;
  openedAt: string;
  /** ISO text; a ballot at or after it is late. */
  deadline: string;
  closedAt: string | null;
  ballots: Ballot[];
}

/** The state of one decision: a plain JSON value, stored in `decisions.machine`. Only the last round may be open. */
export interface Machine extends DecisionSetup {
  v: 1;
  /** How many events made this state, the opening included; numbers the record for replay. */
  steps: number;
  status: DecisionStatus;
  rounds: Round[];
  discussionsUsed: number;
  sendBacksUsed: number;
  /** Why the status is what it is; null while nothing has been decided. */
  outcomeReason: string | null;
}

export type DecisionEvent =
  | { kind: "opened"; setup: DecisionSetup }
  /** `round` is the number of the round that the voter answers; left out: whichever asks for the voter now. */
  | { kind: "ballot"; voter: string; vote: Vote; reason: string; round?: number }
  | { kind: "deadline" }
  | { kind: "human"; answer: "approve" | "veto" | "send_back"; comment: string }
  | { kind: "withdrawn"; by: string }
  | { kind: "expired" }
  | { kind: "overridden"; by: string; reason: string };

/** What the programs must do because of a step. */
export type Effect =
  /** Somebody must vote: `voters` are asked, `standing` are council members whose leaning counts unless they change it. */
  | { kind: "round_opened"; round: number; phase: DecisionPhase; deadline: string; voters: string[]; standing: string[] }
  | { kind: "ballot_recorded"; round: number; phase: DecisionPhase; ballot: Ballot }
  | { kind: "round_closed"; round: number; phase: DecisionPhase }
  | { kind: "escalated"; reason: string }
  | { kind: "sent_back"; comment: string }
  | { kind: "approved"; reason: string; byHuman: boolean }
  | { kind: "vetoed"; reason: string; byHuman: boolean }
  | { kind: "withdrawn"; by: string }
  | { kind: "overridden"; by: string; reason: string; was: DecisionStatus };

export const refusals = {
  AITO_VOTE_CAST: "a different ballot of this voter is recorded in this round; the first one is final",
  AITO_VOTE_LATE: "the round is closed, or its deadline has passed",
  AITO_VOTE_NOT_YOURS: "this voter has no ballot in the open round",
  AITO_DECISION_CLOSED: "the decision is closed",
  AITO_DECISION_WITH_HUMAN: "the decision is with a human, who alone can answer it now",
  AITO_DECISION_NOT_ESCALATED: "the decision is not with a human",
  AITO_DECISION_NOT_DUE: "nothing is due yet",
  AITO_DECISION_NOT_YOURS: "only the proposer can withdraw a decision",
  AITO_DECISION_EXPIRED: "the proposal is past the time until which it was valid",
  AITO_DECISION_OPEN: "the decision is open already",
  AITO_DECISION_UNOPENED: "the decision has not been opened",
  AITO_DECISION_SETUP: "a decision needs one or two heads and a guardian who is one of them",
  AITO_ESCALATION_SENT_BACK: "it has been sent back as often as the fleet file allows; approve or veto it",
} as const;
export type RefusalCode = keyof typeof refusals;

export type Step = { ok: true; state: Machine; effects: Effect[] } | { ok: false; code: RefusalCode; message: string };

/** The round that takes ballots, if any. */
export function openRound(state: Machine): Round | null {
  const last = state.rounds.at(-1);
  return state.status === "pending" && last && last.closedAt === null ? last : null;
}

/** No decision has more rounds than this. */
export const roundsMax = (setup: Pick<DecisionSetup, "discussionsMax" | "sendBacksMax">): number =>
  3 + 2 * (setup.discussionsMax + setup.sendBacksMax);
