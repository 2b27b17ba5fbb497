export { type RehearsalModel, type RehearsalOptions, startRehearsalModel } from "./start-rehearsal-model.ts";
export { type Ballot, ballotFor, type BallotRule, ballotRules } from "./rules/ballots.ts";
export { readBallotTable } from "./read-ballot-table.ts";
export type { LedgerEntry, LedgerView } from "./ledger.ts";
