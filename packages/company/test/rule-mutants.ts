/** A rule broken on purpose: in `file`, the one place that reads `was` reads `is` instead. The suite must notice each. */
export interface RuleMutant {
  breaks: string;
  file: "machine.ts" | "rules.ts" | "rounds.ts" | "tally.ts" | "voters.ts";
  was: string;
  is: string;
}

export const ruleMutants: RuleMutant[] = [
  {
    breaks: "one approval is enough in the final round",
    file: "tally.ts",
    was: "if (approvals >= needed)",
    is: "if (approvals >= 1)",
  },
  {
    breaks: "half of the council is a majority",
    file: "tally.ts",
    was: `if (2 * count("approve") > members.length)`,
    is: `if (2 * count("approve") >= members.length)`,
  },
  {
    breaks: "the proposer votes on its own proposal in the council",
    file: "tally.ts",
    was: "setup.council.filter((member) => member !== setup.proposer)",
    is: "setup.council.filter((member) => member !== null)",
  },
  {
    breaks: "a decision is approved though a head was silent",
    file: "tally.ts",
    was: "if (silent.length > 0)",
    is: "if (silent.length > 1)",
  },
  {
    breaks: "a critical decision passes while the guardian abstains",
    file: "tally.ts",
    was: `if (votes[setup.heads.indexOf(setup.guardian)] !== "approve")`,
    is: `if (votes[setup.heads.indexOf(setup.guardian)] === "veto")`,
  },
  {
    breaks: "a critical decision passes over the veto of a head",
    file: "tally.ts",
    was: "if (vetoing.length > 0)",
    is: "if (vetoing.length > 1)",
  },
  {
    breaks: "a head's own proposal passes over the other head's veto",
    file: "tally.ts",
    was: "if (own && vetoing.some((head) => head !== setup.proposer))",
    is: "if (own && vetoing.length > 1)",
  },
  {
    breaks: "a deadlock is talked about for ever instead of reaching a human",
    file: "tally.ts",
    was: "if (approvals === 1 && vetoes === 1)",
    is: "if (approvals === 1 && vetoes === 2)",
  },
  {
    breaks: "one discussion more than the fleet allows",
    file: "rounds.ts",
    was: "state.discussionsUsed < state.discussionsMax",
    is: "state.discussionsUsed <= state.discussionsMax",
  },
  {
    breaks: "a round closes without asking what silence would do",
    file: "tally.ts",
    was: `["abstain", "approve", "veto", "no_answer"] as const) yield*`,
    is: `["abstain", "approve", "veto"] as const) yield*`,
  },
  {
    breaks: "a ballot counts at the very deadline",
    file: "rules.ts",
    was: "if (now.getTime() >= Date.parse(round.deadline)) return",
    is: "if (now.getTime() > Date.parse(round.deadline)) return",
  },
  {
    breaks: "a second ballot replaces the first",
    file: "rules.ts",
    was: `if (cast) return refuse("AITO_VOTE_CAST")`,
    is: "if (cast) round.ballots.splice(round.ballots.indexOf(cast), 1)",
  },
  {
    breaks: "a human sends back once more than allowed",
    file: "rules.ts",
    was: "state.sendBacksUsed >= state.sendBacksMax",
    is: "state.sendBacksUsed > state.sendBacksMax",
  },
  {
    breaks: "a vetoed decision can be withdrawn",
    file: "rules.ts",
    was: `if (!isOpen(state)) return refuse("AITO_DECISION_CLOSED");
      return end(turn, "withdrawn"`,
    is: `if (state.status === "approved") return refuse("AITO_DECISION_CLOSED");
      return end(turn, "withdrawn"`,
  },
  {
    breaks: "an expired proposal waits on",
    file: "rules.ts",
    was: "state.validUntil !== null && now.getTime() >= Date.parse(state.validUntil)",
    is: "state.validUntil !== null && now.getTime() > Date.parse(state.validUntil) + 3_600_000",
  },
];
