import type { Ballot, Round } from "./machine.ts";

/** A ballot's reason as it is shown and stored: a standing leaning says that it is one. */
export const reasonText = (round: Pick<Round, "number">, ballot: Ballot): string =>
  ballot.standing ? `leaning of round ${round.number - 1} stands: ${ballot.reason}` : ballot.reason;
