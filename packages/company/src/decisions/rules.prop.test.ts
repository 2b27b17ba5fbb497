import fc from "fast-check";
import { expect, test } from "vitest";
import { columnsOf } from "./columns.ts";
import { type DecisionEvent, type Effect, type Machine, openRound, refusals, roundsMax } from "./machine.ts";
import { isOpen, replay, step } from "./rules.ts";
import { council, heads, setupOf, start } from "./rules-fixtures.ts";
import { votersOf, waitingFor } from "./voters.ts";

const names = [...heads, ...council, "stranger"];
const voteOf = fc.constantFrom("approve", "veto", "abstain" as const);

const setups = fc
  .record({
    type: fc.constantFrom("minor", "major", "critical" as const),
    heads: fc.constantFrom(heads, ["ceo"], ["dao"]),
    size: fc.integer({ min: 0, max: 5 }),
    proposer: fc.constantFrom(...names),
    guarded: fc.boolean(),
    discussionsMax: fc.integer({ min: 0, max: 2 }),
    sendBacksMax: fc.integer({ min: 0, max: 1 }),
    lapses: fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: null }),
  })
  .map(({ size, guarded, lapses, ...rest }) =>
    setupOf({
      ...rest,
      council: council.slice(0, size),
      guardian: guarded ? rest.heads.at(-1)! : null,
      validUntil: lapses === null ? null : new Date(start + lapses * 1_000).toISOString(),
    }),
  );

const events: fc.Arbitrary<DecisionEvent> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      kind: fc.constant("ballot" as const),
      voter: fc.constantFrom(...names),
      vote: voteOf,
      reason: fc.string(),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: "deadline" as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("human" as const),
      answer: fc.constantFrom("approve", "veto", "send_back" as const),
      comment: fc.string(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("withdrawn" as const), by: fc.constantFrom(...names) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "expired" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("overridden" as const), by: fc.constant("operator"), reason: fc.string() }),
  },
);
/** An event and how many seconds passed before it. */
const courses = fc.array(fc.tuple(events, fc.nat({ max: 90 })), { maxLength: 80 });

interface Played {
  states: Machine[];
  effects: Effect[];
  record: { event: DecisionEvent; at: string }[];
  now: number;
}

function playOut(setup: ReturnType<typeof setupOf>, course: [DecisionEvent, number][]): Played {
  const opening = { kind: "opened", setup } as const;
  const opened = step(null, opening, new Date(start));
  if (!opened.ok) throw new Error(opened.code);
  const played: Played = {
    states: [opened.state],
    effects: [...opened.effects],
    record: [{ event: opening, at: new Date(start).toISOString() }],
    now: start,
  };
  for (const [event, seconds] of course) {
    played.now += seconds * 1_000;
    const before = played.states.at(-1)!;
    const frozen = JSON.stringify(before);
    const next = step(before, event, new Date(played.now));
    expect(JSON.stringify(before)).toBe(frozen);
    if (!next.ok) {
      expect(refusals).toHaveProperty(next.code);
      continue;
    }
    played.states.push(next.state);
    played.effects.push(...next.effects);
    if (next.state.steps > before.steps) played.record.push({ event, at: new Date(played.now).toISOString() });
  }
  return played;
}

const run = (check: (played: Played) => void): void =>
  fc.assert(
    fc.property(setups, courses, (setup, course) => check(playOut(setup, course))),
    { numRuns: 1_500 },
  );

test("V07 a decision ends within its bound of rounds, whoever is silent", () => {
  run(({ states, now }) => {
    let state = states.at(-1)!;
    let ticks = 0;
    while (openRound(state)) {
      now = Math.max(now, Date.parse(openRound(state)!.deadline));
      const due = step(state, { kind: "deadline" }, new Date(now));
      const next = due.ok ? due : step(state, { kind: "expired" }, new Date(now));
      if (!next.ok) throw new Error(next.code);
      state = next.state;
      expect((ticks += 1)).toBeLessThanOrEqual(roundsMax(state));
    }
    expect(state.rounds.length).toBeLessThanOrEqual(roundsMax(state));
    expect(state.status).not.toBe("pending");
  });
});

test("V06 nothing is approved over two vetoes, and nothing critical without the guardian, except by a human", () => {
  run(({ states, effects }) => {
    const state = states.at(-1)!;
    const approved = effects.find((effect) => effect.kind === "approved");
    if (!approved || approved.byHuman || state.type === "minor") return;
    const votes = new Map(state.rounds.at(-1)!.ballots.map((ballot) => [ballot.voter, ballot.vote]));
    const vetoing = state.heads.filter((head) => votes.get(head) === "veto");
    expect(vetoing.length).toBeLessThan(2);
    expect(state.heads.filter((head) => votes.get(head) === "no_answer")).toEqual([]);
    if (state.heads.includes(state.proposer)) expect(vetoing.filter((head) => head !== state.proposer)).toEqual([]);
    if (state.type === "critical") expect([votes.get(state.guardian ?? ""), vetoing]).toEqual(["approve", []]);
  });
});

test("V08 each deadlock reaches a human exactly once, and only from there does a human decide", () => {
  run(({ states, effects }) => {
    let waiting = false;
    for (const effect of effects) {
      if (effect.kind === "escalated") {
        expect(waiting).toBe(false);
        waiting = true;
      } else if (effect.kind === "sent_back" || ((effect.kind === "approved" || effect.kind === "vetoed") && effect.byHuman)) {
        expect(waiting).toBe(true);
        waiting = false;
      } else if (effect.kind === "round_opened" || (effect.kind === "approved" && !effect.byHuman)) {
        expect(waiting).toBe(false);
      }
    }
    expect(effects.filter((effect) => effect.kind === "sent_back").length).toBeLessThanOrEqual(states.at(-1)!.sendBacksMax);
  });
});

test("V14 one ballot a round and voter, never changed, never from who has none", () => {
  run(({ states }) => {
    for (const [index, state] of states.entries()) {
      for (const round of state.rounds) {
        const voters = round.ballots.map((ballot) => ballot.voter);
        expect(new Set(voters).size).toBe(voters.length);
        for (const voter of voters) expect(votersOf(state, round.phase)).toContain(voter);
        const before = index > 0 ? (states[index - 1]!.rounds[round.number - 1]?.ballots ?? []) : [];
        expect(round.ballots.slice(0, before.length)).toEqual(before);
      }
    }
  });
});

test("V10 only the last round is ever open, and an open round waits for somebody", () => {
  run(({ states }) => {
    for (const state of states) {
      for (const round of state.rounds.slice(0, -1)) expect(round.closedAt).not.toBeNull();
      const open = openRound(state);
      expect(open !== null).toBe(state.status === "pending");
      if (open) expect(waitingFor(state, open)).not.toEqual([]);
    }
  });
});

test("V08 what is closed stays closed, but for a human's override", () => {
  run(({ states }) => {
    for (const [index, state] of states.slice(1).entries()) {
      const before = states[index]!;
      if (!isOpen(before) && state.steps > before.steps) expect(state.status).toBe("overridden");
    }
  });
});

test("V14 the fold of the record is the state, and it survives JSON", () => {
  run(({ states, record }) => {
    const state = states.at(-1)!;
    expect(replay(JSON.parse(JSON.stringify(record)) as typeof record)).toEqual(state);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

test("V11 the seed's columns hold each voter's latest ballot", () => {
  run(({ states }) => {
    const state = states.at(-1)!;
    const { ceoVote, daoVote, councilVotes, deadlineAt } = columnsOf(state);
    const last = (voter: string) =>
      state.rounds.flatMap((round) => round.ballots).findLast((ballot) => ballot.voter === voter)?.vote ?? null;
    if (state.heads.length === 2) expect([ceoVote, daoVote]).toEqual([last("ceo"), last("dao")]);
    for (const member of state.council) expect(councilVotes[member] ?? null).toBe(last(member));
    expect(deadlineAt === null).toBe(openRound(state) === null);
  });
});
