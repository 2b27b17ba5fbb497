import type { DecisionType, Fleet } from "@aito/protocol";
import type { DecisionSetup } from "./machine.ts";

/** A rehearsal's voters answer at once; whoever does not is waited for no longer than this. */
export const rehearsalRoundSeconds = 20;

/** Pure: the rules that the fleet file sets for a decision of this type, frozen into the decision. */
export function setupFor(
  fleet: Fleet,
  input: { type: DecisionType; proposer: string; rehearsal: boolean; validUntil: Date | null; emergency?: boolean },
): DecisionSetup {
  const { heads, council, guardian, decisions } = fleet.file;
  const [first, second, third] =
    decisions.deadlines[input.emergency ? "emergency" : input.type === "critical" ? "critical" : "major"];
  const pace = (seconds: number): number => (input.rehearsal ? rehearsalRoundSeconds : seconds);
  return {
    type: input.type,
    proposer: input.proposer,
    heads,
    guardian: guardian ?? heads.find((head) => head === "dao") ?? null,
    council: council.filter((member) => !heads.includes(member)),
    discussionsMax: decisions.discussionsMax,
    sendBacksMax: decisions.sendBacksMax,
    seconds: { heads: pace(first), analysis: pace(second), final: pace(third) },
    validUntil: input.validUntil?.toISOString() ?? null,
  };
}
