import type { DecisionType, RecordedVote } from "@aito/protocol";
import { afterAll, expect, test } from "vitest";
import { type DecisionEvent, type DecisionSetup, type Machine, openRound, roundsMax, type Round } from "./machine.ts";
import { step } from "./rules.ts";
import { council, heads, setupOf, start } from "./rules-fixtures.ts";
import { type Next, table } from "./rules-table.ts";
import { eligible } from "./tally.ts";
import { councilVotes, headVotes, votersOf } from "./voters.ts";

/**
 * Every order, not only every vector: from each state that can be reached, every voter casts each ballot, the deadline passes, and
 * all that may come between happens. Two states are one where nothing that is still to come can tell them apart: members of the
 * council without the proposer are alike, and of the rounds before only the leanings count.
 */
const said = ["approve", "veto", "abstain"] as const;
const completing: readonly RecordedVote[] = [...said, "no_answer"];

/** Two seconds alone; the machine may be busy. */
const enumerationMsMax = 120_000;
let states = 0;
let steps = 0;
let courses = 0n;
afterAll(() => {
  process.stdout.write(
    `decision machine: ${states} states, ${steps} steps, in which ${courses} orders of ballots and deadlines end\n`,
  );
});

interface Search {
  /** Courses from each state to an end. */
  known: Map<string, bigint>;
}

/** What the rest of the course depends on, and nothing else. */
function keyOf(state: Machine): string {
  const round = openRound(state);
  if (!round) return [state.status, state.rounds.length, state.discussionsUsed, state.sendBacksUsed].join();
  const standing = round.phase === "final" ? councilVotes(state, round) : new Map<string, RecordedVote>();
  const member = (name: string): string => {
    const cast = round.ballots.find((ballot) => ballot.voter === name)?.vote;
    return cast ? `cast ${cast}` : (standing.get(name) ?? "-");
  };
  const alike = state.council.filter((name) => name !== state.proposer).map(member);
  const apart = state.council.includes(state.proposer) ? member(state.proposer) : "";
  return [
    round.number,
    state.discussionsUsed,
    state.sendBacksUsed,
    ...headVotes(state, round),
    apart,
    ...alike.toSorted(),
  ].join();
}

/** One of each kind of voter: who is like another, ballot and all, makes the same difference. */
function votersApart(state: Machine, round: Round): { voter: string; alike: bigint }[] {
  const kinds = new Map<string, { voter: string; alike: bigint }>();
  const standing = round.phase === "final" ? councilVotes(state, round) : new Map<string, RecordedVote>();
  for (const voter of votersOf(state, round.phase)) {
    if (round.ballots.some((ballot) => ballot.voter === voter)) continue;
    const own = state.heads.includes(voter) || voter === state.proposer;
    const kind = own ? voter : `member ${standing.get(voter) ?? "-"}`;
    const known = kinds.get(kind);
    if (known) known.alike += 1n;
    else kinds.set(kind, { voter, alike: 1n });
  }
  return [...kinds.values()];
}

function take(state: Machine, event: DecisionEvent, at: number): Machine {
  const next = step(state, event, new Date(at));
  steps += 1;
  if (!next.ok) throw new Error(`${event.kind}: ${next.code} in ${JSON.stringify(state)}`);
  const escalations = next.effects.filter((effect) => effect.kind === "escalated").length;
  const arrived = next.state.status === "escalated" ? 1 : 0;
  if (escalations !== arrived) throw new Error("a deadlock reaches a human exactly once");
  if (next.state.rounds.length > roundsMax(state)) throw new Error("more rounds than the bound");
  return next.state;
}

/** Every vector that the ballots given can still become; of members that are alike, how many say what and not who says it. */
function* completions(
  setup: DecisionSetup,
  missing: string[],
  known: Map<string, RecordedVote>,
  from = 0,
): Generator<Map<string, RecordedVote>> {
  const [voter, ...rest] = missing;
  if (voter === undefined) {
    yield known;
    return;
  }
  const head = setup.heads.includes(voter);
  for (const [index, vote] of completing.entries()) {
    if (!head && index < from) continue;
    yield* completions(setup, rest, new Map(known).set(voter, vote), head ? from : index);
  }
}

/** The round's ballots as they count, and whose are missing (none after a deadline: they are recorded as no answer). */
function standingVotes(state: Machine, round: Round): { votes: Map<string, RecordedVote>; missing: string[] } {
  const votes = round.phase === "final" ? councilVotes(state, round) : new Map<string, RecordedVote>();
  for (const ballot of round.ballots) votes.set(ballot.voter, ballot.vote);
  const asked = round.phase === "final" ? [...state.heads, ...eligible(state)] : votersOf(state, round.phase);
  return { votes, missing: asked.filter((voter) => !votes.has(voter)) };
}

/** Rounds that this step closed are held against the table: with every ballot that they did not wait for. */
function checkClosed(before: Machine, after: Machine): void {
  let used = before.discussionsUsed;
  for (const round of after.rounds.slice(Math.max(0, before.rounds.length - 1))) {
    if (round.closedAt === null) continue;
    const following = after.rounds[round.number];
    const got = (following?.phase ?? (after.status === "escalated" ? "human" : after.status)) as Next;
    const { votes, missing } = standingVotes(after, round);
    for (const vector of completions(after, missing, votes)) {
      const wanted = table(after, round, vector, used);
      if (got !== wanted) throw new Error(`${JSON.stringify([round, [...vector]])}: ${got} instead of ${wanted}`);
    }
    if (round.phase === "final" && following) used += 1;
  }
}

function checkApproval(state: Machine): void {
  const round = state.rounds.at(-1)!;
  const votes = headVotes(state, round);
  if (votes.filter((vote) => vote === "veto").length > 1) throw new Error("approved over two vetoes");
  if (votes.includes("no_answer") || votes.includes(undefined)) throw new Error("approved without a head's ballot");
  if (state.type !== "critical") return;
  const guardian = votes[state.heads.indexOf(state.guardian ?? "")];
  if (guardian !== "approve" || votes.includes("veto")) throw new Error("a critical approval over the guardian or a veto");
}

/** What may come between at any moment ends it, and nothing that comes late counts. */
function checkBetween(state: Machine, round: Round): void {
  const at = Date.parse(round.openedAt) + 1;
  if (take(state, { kind: "withdrawn", by: state.proposer }, at).status !== "withdrawn")
    throw new Error("a withdrawal did not end it");
  if (take(state, { kind: "overridden", by: "operator", reason: "" }, at).status !== "overridden")
    throw new Error("an override did not end it");
  const [late] = votersApart(state, round);
  const refused =
    late && step(state, { kind: "ballot", voter: late.voter, vote: "approve", reason: "" }, new Date(round.deadline));
  if (refused?.ok) throw new Error("a late ballot counted");
  if (step(state, { kind: "human", answer: "approve", comment: "" }, new Date(at)).ok)
    throw new Error("a human decided an open round");
}

function explore(state: Machine, search: Search): bigint {
  const key = keyOf(state);
  const known = search.known.get(key);
  if (known !== undefined) return known;
  states += 1;
  const round = openRound(state);
  const found = round ? exploreRound(state, round, search) : exploreEnd(state, search);
  search.known.set(key, found);
  return found;
}

function exploreRound(state: Machine, round: Round, search: Search): bigint {
  checkBetween(state, round);
  const lapsed = take(state, { kind: "deadline" }, Date.parse(round.deadline));
  checkClosed(state, lapsed);
  let found = explore(lapsed, search);
  for (const { voter, alike } of votersApart(state, round)) {
    for (const vote of said) {
      const next = take(state, { kind: "ballot", voter, vote, reason: "" }, Date.parse(round.openedAt) + 1);
      checkClosed(state, next);
      found += alike * explore(next, search);
    }
  }
  return found;
}

function exploreEnd(state: Machine, search: Search): bigint {
  if (state.status === "approved") checkApproval(state);
  if (state.status === "approved" || state.status === "vetoed") return 1n;
  if (state.status !== "escalated") throw new Error(`ended as ${state.status}`);
  const at = start + 86_400_000;
  for (const answer of ["approve", "veto"] as const) {
    const ended = take(state, { kind: "human", answer, comment: "" }, at).status;
    if (ended !== (answer === "approve" ? "approved" : "vetoed")) throw new Error(`${answer} led to ${ended}`);
  }
  if (state.sendBacksUsed === state.sendBacksMax) return 2n;
  return 2n + explore(take(state, { kind: "human", answer: "send_back", comment: "" }, at), search);
}

const types: DecisionType[] = ["minor", "major", "critical"];
const proposers = ["ceo", "dao", "cmo", "outsider"];

test.each(types.flatMap((type) => proposers.map((proposer) => ({ type, proposer }))))(
  "Y01 V04 V06 V08 $type by $proposer, two heads and five members: every order of ballots and deadlines ends legally",
  ({ type, proposer }) => {
    // What a further discussion leads to depends on the ones before it by their number alone: one of the setups goes all the way.
    const further = type === "major" && proposer === "outsider" ? 1 : 0;
    const setup = setupOf({ type, proposer, heads, council, discussionsMax: further, sendBacksMax: further });
    const opened = step(null, { kind: "opened", setup }, new Date(start));
    if (!opened.ok) throw new Error(opened.code);
    if (type === "minor") {
      expect(opened.state.status).toBe("approved");
      return;
    }
    const found = explore(opened.state, { known: new Map() });
    courses += found;
    expect(found).toBeGreaterThan(100_000n);
  },
  enumerationMsMax,
);
