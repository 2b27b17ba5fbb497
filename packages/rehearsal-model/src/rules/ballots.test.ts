import { readFileSync } from "node:fs";
import { type DecisionView, usdToMicro, type Vote } from "@aito/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBallotTable } from "../read-ballot-table.ts";
import { contextOf, decisionOf } from "../rehearsal-fixtures.ts";
import { ballotFor, ballotRules } from "./ballots.ts";

const table = readBallotTable(readFileSync(new URL("../../README.md", import.meta.url), "utf8"));
const roles = ["ceo", "dao", "cmo", "cto", "cfo", "coo", "cco"] as const;

/** What the README says, computed from its table alone. */
function expectedBy(role: string, amountUsd: number, leftUsd: number, limitUsd: number | null): Vote {
  const row = table.find((each) => each.role === role)!;
  const share = usdToMicro(amountUsd) * 100n <= usdToMicro(leftUsd) * BigInt(row.percent);
  return share || (row.criticalLimit && limitUsd !== null && amountUsd <= limitUsd) ? "approve" : "veto";
}

const vote = (
  role: string,
  usd: number,
  more: { left?: number; limit?: number | null; decision?: Partial<DecisionView> } = {},
): Vote =>
  ballotFor(
    contextOf({ role, usdLeft: (more.left ?? 20_000).toFixed(2), criticalUsd: more.limit === undefined ? 1_000 : more.limit }),
    decisionOf(usd, more.decision),
  ).vote;

const leaningsOf = (votes: Record<string, Vote | "no_answer">): Partial<DecisionView> => ({
  round: 3,
  phase: "final",
  rounds: [
    { round: 1, phase: "heads", votes: [] },
    {
      round: 2,
      phase: "analysis",
      votes: Object.entries(votes).map(([voter, each]) => ({ voter, vote: each, reason: "", castAt: null })),
    },
    { round: 3, phase: "final", votes: [] },
  ],
});

test("Q02 the README's table of ballots is the code's table", () => {
  expect(table).toEqual(ballotRules);
});

test("Q02 ballots are those that the README's table gives", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...roles),
      fc.integer({ min: 0, max: 30_000 }),
      fc.integer({ min: 0, max: 30_000 }),
      fc.option(fc.integer({ min: 0, max: 5_000 })),
      (role, usd, left, limit) => {
        const decision = { proposedBy: role === "cto" ? "cmo" : "cto" };
        expect(vote(role, usd, { left, limit, decision })).toBe(expectedBy(role, usd, left, limit));
      },
    ),
  );
});

test("Q02 titles, names and the seed change no ballot", () => {
  const word = fc.string({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(
      fc.constantFrom(...roles),
      fc.integer({ min: 0, max: 20_000 }),
      word,
      word,
      word,
      (role, usd, title, description, name) => {
        const context = contextOf({ role, name: "someone-else" });
        const named = { ...context, profile: { ...context.profile, name, department: description } };
        const other = ballotFor(named, decisionOf(usd, { title, description, proposedBy: "operator" }));
        expect(other.vote).toBe(ballotFor(contextOf({ role }), decisionOf(usd, { proposedBy: "operator" })).vote);
      },
    ),
  );
});

test("Q02 the amount, the budget left and a profile's limit do change it", () => {
  expect([vote("ceo", 10_000), vote("ceo", 10_001)]).toEqual(["approve", "veto"]);
  expect([vote("ceo", 10_000, { left: 19_999 }), vote("cfo", 2_000), vote("cfo", 2_000.01)]).toEqual(["veto", "approve", "veto"]);
  expect([vote("dao", 5_000), vote("dao", 5_000, { limit: 5_000 }), vote("dao", 4_000), vote("dao", 4_000.01)]).toEqual([
    "veto",
    "approve",
    "approve",
    "veto",
  ]);
  expect([vote("dao", 900, { left: 1_000 }), vote("dao", 900, { left: 1_000, limit: null })]).toEqual(["approve", "veto"]);
});

describe("the story's amounts with a budget of $20,000", () => {
  const council = (usd: number): Record<string, Vote> =>
    Object.fromEntries(
      ["cmo", "cto", "cfo", "coo", "cco"].map((role) => [role, vote(role, usd, { decision: { phase: "analysis", round: 2 } })]),
    );

  test("V05 $400 is approved by both heads in round 1", () => {
    expect([vote("ceo", 400), vote("dao", 400)]).toEqual(["approve", "approve"]);
  });

  test("V06 $5,000 divides heads and council alike, and no leaning moves a head", () => {
    expect([vote("ceo", 5_000), vote("dao", 5_000)]).toEqual(["approve", "veto"]);
    const leanings = council(5_000);
    expect(leanings).toEqual({ cmo: "approve", cto: "approve", cfo: "veto", coo: "approve", cco: "veto" });
    const final = leaningsOf(leanings);
    expect([vote("ceo", 5_000, { decision: final }), vote("dao", 5_000, { decision: final })]).toEqual(["approve", "veto"]);
  });

  test("V05 $15,000 is vetoed by both heads", () => {
    expect([vote("ceo", 15_000), vote("dao", 15_000)]).toEqual(["veto", "veto"]);
  });
});

describe("the final round", () => {
  test("V07 a head gives way to more than half of the other leanings, in both directions", () => {
    const most = leaningsOf({ cmo: "veto", cto: "approve", cfo: "approve", coo: "approve", cco: "veto" });
    expect(vote("dao", 5_000, { decision: most })).toBe("approve");
    const few = leaningsOf({ cmo: "approve", cto: "veto", cfo: "veto", coo: "veto", cco: "approve" });
    expect(vote("ceo", 5_000, { decision: few })).toBe("veto");
  });

  test("V07 the proposer's leaning and missing answers count for nothing", () => {
    const half = leaningsOf({ cmo: "approve", cto: "approve", cfo: "veto", coo: "no_answer", cco: "no_answer" });
    expect(vote("dao", 5_000, { decision: half })).toBe("veto");
    const oneOfOne = leaningsOf({ cmo: "veto", cto: "approve" });
    expect(vote("dao", 5_000, { decision: oneOfOne })).toBe("approve");
  });

  test("V07 the leanings of the newest analysis count", () => {
    const first = leaningsOf({ cto: "approve", cfo: "approve" });
    const again = {
      ...first,
      round: 5,
      rounds: [
        ...first.rounds!,
        { round: 4, phase: "analysis" as const, votes: [{ voter: "cto", vote: "veto" as const, reason: "", castAt: null }] },
      ],
    };
    expect(vote("dao", 5_000, { decision: again })).toBe("veto");
  });
});

test("V06 a council member stands by its own proposal, whatever it costs", () => {
  expect(vote("cfo", 19_000, { decision: { proposedBy: "cfo", phase: "analysis" } })).toBe("approve");
});

test("V04 the reason names amount, share, budget left and the rule", () => {
  const { reason } = ballotFor(contextOf({ role: "dao" }), decisionOf(5_000));
  expect(reason).toBe(
    "$5,000.00 is 25.0 % of the $20,000.00 left. It is above my limit of $1,000.00. I approve no more than 20 %.",
  );
});

test("Q02 a role that the table does not name follows the general rows", () => {
  expect(vote("treasurer", 6_000)).toBe("approve");
  expect(vote("treasurer", 6_001)).toBe("veto");
});
