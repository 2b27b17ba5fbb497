import { describe, expect, test } from "vitest";
import { roundsMax } from "./machine.ts";
import { replay, step } from "./rules.ts";
import { all, council, play, setupOf, start } from "./rules-fixtures.ts";

const code = (attempt: ReturnType<typeof step>): string => (attempt.ok ? "ok" : attempt.code);
const split = { cmo: "approve", cto: "approve", cfo: "veto", coo: "approve", cco: "veto" } as const;

describe("the first round", () => {
  test("V01 a minor decision is recorded and approved alone, without a round", () => {
    const game = play({ type: "minor" });
    expect(game.state).toMatchObject({ status: "approved", rounds: [] });
    expect(game.count("approved")).toBe(1);
  });

  test("V03 both heads are asked first and nobody else", () => {
    const game = play();
    expect(game.effects).toMatchObject([{ kind: "round_opened", round: 1, phase: "heads", voters: ["ceo", "dao"] }]);
  });

  test("V04 both approve: approved, in one round", () => {
    const game = play().vote({ ceo: "approve", dao: "approve" });
    expect(game.state).toMatchObject({ status: "approved", outcomeReason: "both heads approved" });
    expect(game.state.rounds).toHaveLength(1);
  });

  test("V04 both veto: vetoed", () => {
    expect(play().vote({ ceo: "veto", dao: "veto" }).state.status).toBe("vetoed");
  });

  test.each([
    ["approve", "veto"],
    ["veto", "approve"],
    ["approve", "abstain"],
    ["veto", "abstain"],
  ] as const)("V04 %s and %s: the council is asked", (ceo, dao) => {
    expect(play().vote({ ceo, dao }).phase).toBe("analysis");
  });

  test("V04 an abstention closes the round at once, since no other ballot can change what follows", () => {
    expect(play().vote({ dao: "abstain" }).phase).toBe("analysis");
  });

  test("V04 silence of a head leads to the council, not to an approval", () => {
    const game = play().vote({ ceo: "approve" }).lapse();
    expect(game.phase).toBe("analysis");
    expect(game.state.rounds[0]!.ballots).toMatchObject([{ voter: "ceo" }, { voter: "dao", vote: "no_answer" }]);
  });
});

describe("the council", () => {
  test("V05 every council member gives an analysis, the proposer its case", () => {
    const game = play().vote({ ceo: "approve", dao: "veto" });
    expect(game.effects.at(-1)).toMatchObject({ kind: "round_opened", round: 2, voters: council });
    game.vote({ cmo: "veto", cto: "veto", cfo: "veto", coo: "veto" });
    expect(game.phase).toBe("analysis");
    expect(game.vote({ cco: "veto" }).phase).toBe("final");
  });

  test("V05 nobody decides in the analysis, whatever the leanings are", () => {
    const game = play().vote({ ceo: "approve", dao: "veto", ...all("approve") });
    expect(game.state.status).toBe("pending");
  });

  test("V06 more than half of the eligible council is its one ballot in the final round", () => {
    const leaning = { ...split, cfo: "approve" } as const;
    expect(
      play()
        .vote({ ceo: "approve", dao: "veto", ...leaning })
        .vote({ ceo: "approve", dao: "veto" }).state.status,
    ).toBe("approved");
  });

  test("V06 the proposer is recused: half of the rest is no majority", () => {
    const game = play()
      .vote({ ceo: "approve", dao: "veto", ...split })
      .vote({ ceo: "approve", dao: "veto" });
    expect(game.state).toMatchObject({ status: "escalated", outcomeReason: expect.stringContaining("deadlock") });
    expect(game.count("escalated")).toBe(1);
  });

  test("V06 the proposer has no ballot in the final round", () => {
    const game = play().vote({ ceo: "approve", dao: "veto", ...split, cmo: "abstain" });
    expect(code(game.attempt({ kind: "ballot", voter: "cmo", vote: "approve", reason: "" }))).toBe("AITO_VOTE_NOT_YOURS");
  });

  test("V06 a leaning stands unless its author changes it, and is recorded as standing", () => {
    const game = play().vote({ ceo: "approve", dao: "veto", ...split });
    game.vote({ cfo: "approve", ceo: "approve", dao: "veto" });
    expect(game.state.status).toBe("approved");
    const final = game.state.rounds[2]!.ballots;
    expect(final.filter((ballot) => ballot.standing).map((ballot) => ballot.voter)).toEqual(["cto", "coo", "cco"]);
  });

  test("V06 a member that gave no leaning is waited for where its ballot can matter", () => {
    const game = play().vote({ ceo: "approve", dao: "veto", cmo: "approve", cto: "approve", coo: "approve" }).lapse();
    expect(game.effects.at(-1)).toMatchObject({ voters: ["ceo", "dao", "cfo", "cco"], standing: ["cto", "coo"] });
    game.vote({ ceo: "approve", dao: "veto" });
    expect(game.phase).toBe("final");
    expect(game.vote({ cfo: "approve" }).state.status).toBe("approved");
  });

  test("V06 with fewer than two eligible members the council abstains", () => {
    const game = play({ council: ["cmo", "cto"] }).vote({ ceo: "approve", dao: "veto", cmo: "approve", cto: "approve" });
    expect(game.vote({ ceo: "approve", dao: "veto" }).state.status).toBe("escalated");
  });

  test("V06 without a council the final round is the heads' second vote", () => {
    const game = play({ council: [] }).vote({ ceo: "approve", dao: "veto" });
    expect(game.state.rounds.map((round) => round.phase)).toEqual(["heads", "analysis", "final"]);
    expect(game.vote({ ceo: "approve", dao: "approve" }).state.status).toBe("approved");
  });
});

describe("unclear and deadlocked", () => {
  const undecided = { ceo: "approve", dao: "abstain" } as const;

  test("V07 fewer than two ballots cast: analysis and final round once more, then a human", () => {
    const game = play()
      .vote({ ...undecided, ...all("abstain") })
      .vote(undecided);
    expect(game.state).toMatchObject({ discussionsUsed: 1 });
    expect(game.state.rounds.at(-1)).toMatchObject({ number: 4, phase: "analysis" });
    game.vote(all("abstain")).vote(undecided);
    expect(game.state).toMatchObject({ status: "escalated", outcomeReason: expect.stringContaining("still unclear") });
    expect(game.state.rounds).toHaveLength(5);
  });

  test("V07 no more discussion where the fleet allows none", () => {
    const game = play({ discussionsMax: 0 })
      .vote({ ...undecided, ...all("abstain") })
      .vote(undecided);
    expect(game.state.status).toBe("escalated");
    expect(game.state.rounds).toHaveLength(3);
  });

  test("V08 a tie after three rounds goes to a human, once", () => {
    const game = play()
      .vote({ ceo: "approve", dao: "veto", ...all("abstain") })
      .vote({ ceo: "approve", dao: "veto" });
    expect(game.state.status).toBe("escalated");
    expect(game.count("escalated")).toBe(1);
    expect(game.effects.at(-1)!.kind).toBe("escalated");
  });

  test("V08 a final round in which no head voted goes to a human", () => {
    const game = play().lapse().vote(all("approve")).lapse();
    expect(game.state).toMatchObject({ status: "escalated", outcomeReason: "no head voted in the final round" });
  });

  test("V08 what would be approved without a head's ballot goes to a human", () => {
    const game = play().vote({ ceo: "approve" }).lapse().vote(all("approve")).vote({ ceo: "approve" });
    expect(game.phase).toBe("final");
    expect(game.lapse().state).toMatchObject({
      status: "escalated",
      outcomeReason: expect.stringContaining("dao gave no ballot"),
    });
  });

  test("V08 what is vetoed without a head's ballot is vetoed", () => {
    expect(play().vote({ ceo: "veto" }).lapse().vote(all("veto")).vote({ ceo: "veto" }).state.status).toBe("vetoed");
  });

  test("V12 the human approves or vetoes, and the answer is final", () => {
    for (const answer of ["approve", "veto"] as const) {
      const game = play()
        .vote({ ceo: "approve", dao: "veto", ...split })
        .vote({ ceo: "approve", dao: "veto" })
        .human(answer);
      expect(game.state.status).toBe(answer === "approve" ? "approved" : "vetoed");
      expect(code(game.attempt({ kind: "human", answer: "veto", comment: "" }))).toBe("AITO_DECISION_CLOSED");
    }
  });

  test("V12 the human sends back at most once, for one more discussion", () => {
    const game = play()
      .vote({ ceo: "approve", dao: "veto", ...split })
      .vote({ ceo: "approve", dao: "veto" })
      .human("send_back");
    expect(game.effects.slice(-2)).toMatchObject([{ kind: "sent_back" }, { kind: "round_opened", round: 4, phase: "analysis" }]);
    game.vote(split).vote({ ceo: "approve", dao: "veto" });
    expect(game.state.status).toBe("escalated");
    expect(game.count("escalated")).toBe(2);
    expect(code(game.attempt({ kind: "human", answer: "send_back", comment: "" }))).toBe("AITO_ESCALATION_SENT_BACK");
    expect(game.human("veto").state.status).toBe("vetoed");
  });
});

describe("whose approval is enough", () => {
  const majority = { cto: "approve", cfo: "approve", coo: "approve", cco: "approve" } as const;

  test("V02 a critical decision is approved in round 1 with the guardian's own approve", () => {
    expect(play({ type: "critical" }).vote({ ceo: "approve", dao: "approve" }).state.status).toBe("approved");
  });

  test("V02 a critical decision without the guardian's approve goes to a human", () => {
    const game = play({ type: "critical" }).vote({ ceo: "approve", dao: "abstain", cmo: "approve", ...majority });
    expect(game.vote({ ceo: "approve", dao: "abstain" }).state).toMatchObject({
      status: "escalated",
      outcomeReason: expect.stringContaining("needs the approval of dao"),
    });
  });

  test("V02 a critical decision never passes over a head's veto", () => {
    const game = play({ type: "critical" }).vote({ ceo: "veto", dao: "approve", cmo: "approve", ...majority });
    expect(game.vote({ ceo: "veto", dao: "approve" }).state).toMatchObject({
      status: "escalated",
      outcomeReason: expect.stringContaining("veto of ceo"),
    });
  });

  test("V02 without a guardian only a human approves a critical decision", () => {
    expect(play({ type: "critical", guardian: null }).vote({ ceo: "approve", dao: "approve" }).state.status).toBe("escalated");
  });

  test("V06 a head's own proposal never passes over the other head's veto", () => {
    const game = play({ proposer: "ceo" }).vote({ ceo: "approve", dao: "veto", ...all("approve") });
    expect(game.vote({ ceo: "approve", dao: "veto" }).state.status).toBe("escalated");
  });

  test("V06 a head may be outvoted on its own proposal when it vetoes it", () => {
    const game = play({ proposer: "ceo" }).vote({ ceo: "veto", dao: "approve", ...all("approve") });
    expect(game.vote({ ceo: "veto", dao: "approve" }).state.status).toBe("approved");
  });

  test("V03 a single head decides round 1 alone; its own proposal needs the human", () => {
    const one = { heads: ["ceo"], guardian: "ceo" };
    expect(play(one).vote({ ceo: "approve" }).state.status).toBe("approved");
    expect(play(one).vote({ ceo: "veto" }).state.status).toBe("vetoed");
    expect(play({ ...one, proposer: "ceo" }).vote({ ceo: "approve" }).state.status).toBe("escalated");
  });
});

describe("ballots", () => {
  const game = () => play().vote({ ceo: "approve" });

  test("V09 approve, veto and abstain are recorded with their reasons", () => {
    const ballots = play({ council: ["cto", "cfo", "coo"] }).vote({
      ceo: "approve",
      dao: "veto",
      cto: "approve",
      cfo: "veto",
      coo: "abstain",
    }).state.rounds[1]!.ballots;
    expect(ballots.map((ballot) => [ballot.vote, ballot.reason])).toEqual([
      ["approve", "cto says approve"],
      ["veto", "cfo says veto"],
      ["abstain", "coo says abstain"],
    ]);
  });

  test("V10 the round number counts all rounds and the phase names their kind", () => {
    const { rounds } = play().vote({ ceo: "approve", dao: "veto", ...all("veto") }).state;
    expect(rounds.map(({ number, phase }) => [number, phase])).toEqual([
      [1, "heads"],
      [2, "analysis"],
      [3, "final"],
    ]);
  });

  test("V11 each officer's ballot is kept under its name", () => {
    const { rounds } = play().vote({ ceo: "approve", dao: "veto", ...split }).state;
    expect(Object.fromEntries(rounds[1]!.ballots.map((ballot) => [ballot.voter, ballot.vote]))).toEqual(split);
  });

  test("V14 an identical repeat changes nothing; a different one is refused", () => {
    const one = game();
    const before = structuredClone(one.state);
    expect(one.attempt({ kind: "ballot", voter: "ceo", vote: "approve", reason: "again" })).toMatchObject({
      ok: true,
      effects: [],
    });
    expect(one.state).toEqual(before);
    expect(code(one.attempt({ kind: "ballot", voter: "ceo", vote: "veto", reason: "" }))).toBe("AITO_VOTE_CAST");
  });

  test("V14 a repeat is idempotent even when the ballot itself closed the round", () => {
    const closed = game().vote({ dao: "approve" });
    expect(closed.attempt({ kind: "ballot", voter: "dao", vote: "approve", reason: "" })).toMatchObject({
      ok: true,
      effects: [],
    });
    expect(code(closed.attempt({ kind: "ballot", voter: "dao", vote: "veto", reason: "" }))).toBe("AITO_DECISION_CLOSED");
  });

  test("V14 a repeat that names its round is not counted in the round that it opened", () => {
    const asked = play({ type: "critical" }).vote({ ceo: "approve", dao: "veto" });
    for (const voter of ["cmo", "cto", "cfo", "coo"]) asked.vote({ [voter]: "approve" });
    const analysis = asked.state.rounds.at(-1)!;
    expect(analysis.phase).toBe("analysis");
    asked.vote({ cco: "approve" });
    const final = asked.state.rounds.at(-1)!;
    expect(final).toMatchObject({ phase: "final", ballots: [] });
    const repeat = { kind: "ballot", voter: "cco", vote: "approve", reason: "again", round: analysis.number } as const;
    expect(asked.attempt(repeat)).toMatchObject({ ok: true, effects: [] });
    expect(asked.state.rounds.at(-1)).toEqual(final);
    expect(code(asked.attempt({ ...repeat, vote: "veto" }))).toBe("AITO_VOTE_LATE");
    expect(code(asked.attempt({ ...repeat, round: final.number + 1 }))).toBe("AITO_VOTE_NOT_YOURS");
    expect(asked.attempt({ ...repeat, round: final.number })).toMatchObject({ effects: [{ kind: "ballot_recorded" }] });
  });

  test("V09 a ballot at or after the deadline is late, though no tick has run", () => {
    const late = game();
    const deadline = Date.parse(late.state.rounds[0]!.deadline);
    const event = { kind: "ballot", voter: "dao", vote: "approve", reason: "" } as const;
    expect(code(step(late.state, event, new Date(deadline)))).toBe("AITO_VOTE_LATE");
    expect(code(step(late.state, event, new Date(deadline - 1)))).toBe("ok");
  });

  test("V09 who has no ballot in the round is told so", () => {
    expect(code(game().attempt({ kind: "ballot", voter: "cto", vote: "veto", reason: "" }))).toBe("AITO_VOTE_NOT_YOURS");
    expect(code(game().attempt({ kind: "ballot", voter: "content-writer-1", vote: "veto", reason: "" }))).toBe(
      "AITO_VOTE_NOT_YOURS",
    );
  });
});

describe("ends that are not a vote", () => {
  test("V17 the proposer withdraws an open decision, nobody else does", () => {
    expect(code(play().attempt({ kind: "withdrawn", by: "cto" }))).toBe("AITO_DECISION_NOT_YOURS");
    const game = play();
    expect(code(game.attempt({ kind: "withdrawn", by: "cmo" }))).toBe("ok");
    expect(code(game.attempt({ kind: "withdrawn", by: "cmo" }))).toBe("AITO_DECISION_CLOSED");
  });

  test("V17 a human overrides a decided decision", () => {
    const game = play().vote({ ceo: "approve", dao: "approve" });
    expect(code(game.attempt({ kind: "overridden", by: "operator", reason: "a mistake" }))).toBe("ok");
    expect(game.effects.at(-1)).toMatchObject({ kind: "overridden", was: "approved" });
  });

  test("V08 a proposal that lapses is vetoed, and nothing approves it afterwards", () => {
    const validUntil = new Date(start + 30_000).toISOString();
    const game = play({ validUntil }).vote({ ceo: "approve" });
    expect(code(game.attempt({ kind: "expired" }))).toBe("AITO_DECISION_NOT_DUE");
    game.wait(60);
    expect(code(game.attempt({ kind: "deadline" }))).toBe("AITO_DECISION_EXPIRED");
    expect(code(game.attempt({ kind: "expired" }))).toBe("ok");
    expect(game.state).toMatchObject({ status: "vetoed", outcomeReason: expect.stringContaining("expired") });
    expect(code(step(null, { kind: "opened", setup: setupOf({ validUntil }) }, new Date(start + 30_000)))).toBe(
      "AITO_DECISION_EXPIRED",
    );
  });

  test("refuses a setup that no rule covers, a second opening, and events before the opening", () => {
    const open = (changes: object) => step(null, { kind: "opened", setup: setupOf(changes) }, new Date(start));
    expect(code(open({ heads: [] }))).toBe("AITO_DECISION_SETUP");
    expect(code(open({ heads: ["ceo", "ceo"] }))).toBe("AITO_DECISION_SETUP");
    expect(code(open({ guardian: "cfo" }))).toBe("AITO_DECISION_SETUP");
    expect(code(step(null, { kind: "deadline" }, new Date(start)))).toBe("AITO_DECISION_UNOPENED");
    expect(code(play().attempt({ kind: "opened", setup: setupOf() }))).toBe("AITO_DECISION_OPEN");
  });

  test("the stored state is the fold of the recorded events", () => {
    const game = play()
      .vote({ ceo: "approve", dao: "veto", ...split })
      .vote({ ceo: "approve" })
      .lapse();
    expect(replay(game.record)).toEqual(game.state);
    expect(replay([...game.record, { event: { kind: "deadline" }, at: new Date(start).toISOString() }])).toBeNull();
    expect(roundsMax(setupOf())).toBe(7);
  });
});
