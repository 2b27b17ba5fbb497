import { microToUsd } from "@aito/protocol";

/** A call of a dangerous tool. */
export interface DangerousCall {
  tool: string;
  argumentsDigest: string;
  amountMicroUsd: bigint;
}

/** What the decision that the agent names says about it. */
export interface Permit {
  id: string;
  status: string;
  /** Proposed by the agent, or the one behind a task that it holds. */
  isOwn: boolean;
  action: { tool: string; argumentsDigest: string | null; timesLeft: number; leftMicroUsd: bigint } | null;
}

export type Release = { do: "run" } | { do: "refuse"; code: "AITO_TOOL_NOT_RELEASED" | "AITO_DECISION_BUDGET"; why: string };

/** Pure: whether an approved decision of this agent releases exactly this call of a tool that the operator lists, within its amount. */
export function judgeRelease(call: DangerousCall, listed: readonly string[], permit: Permit | null): Release {
  const refuse = (why: string): Release => ({ do: "refuse", code: "AITO_TOOL_NOT_RELEASED", why });
  if (!listed.includes(call.tool)) return refuse(`the fleet file does not list ${call.tool} under releases for this role`);
  if (!permit) return refuse(`${call.tool} needs an approved decision that releases it`);
  if (permit.status !== "approved") return refuse(`decision ${permit.id} is ${permit.status}, not approved`);
  if (!permit.isOwn) return refuse(`decision ${permit.id} is neither this agent's nor behind a task of its`);
  const { action } = permit;
  if (action?.tool !== call.tool) return refuse(`decision ${permit.id} releases ${action?.tool ?? "no tool"}, not ${call.tool}`);
  if (action.argumentsDigest !== null && action.argumentsDigest !== call.argumentsDigest) {
    return refuse(`decision ${permit.id} releases ${call.tool} with other arguments`);
  }
  if (action.timesLeft <= 0) return refuse(`decision ${permit.id} has been used as often as it allows`);
  if (call.amountMicroUsd > action.leftMicroUsd) {
    const [cost, left] = [call.amountMicroUsd, action.leftMicroUsd > 0n ? action.leftMicroUsd : 0n].map(microToUsd);
    return {
      do: "refuse",
      code: "AITO_DECISION_BUDGET",
      why: `$${cost} is more than the $${left} left of decision ${permit.id}`,
    };
  }
  return { do: "run" };
}
