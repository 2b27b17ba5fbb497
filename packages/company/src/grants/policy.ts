import type { DataClass, ToolRisk } from "@aito/protocol";
import { judgeRelease, type Permit } from "../autonomy/gate.ts";
import type { Autonomy } from "../autonomy/mode-of.ts";
import { type GrantLayers, withheld } from "./held-tools.ts";
import { permits, type StandingPermission } from "./standing.ts";

/** A tool call as the policy sees it. */
export interface PolicyCall {
  tool: string;
  risk: ToolRisk;
  dataClass: DataClass;
  /** Its effect is in somebody else's system, whatever its data class. */
  outward?: boolean;
  arguments: Record<string, unknown>;
  argumentsDigest: string;
  amountMicroUsd: bigint;
  /** What goes with it. */
  files?: readonly unknown[];
}

/** Everything that the policy knows of the caller. */
export interface PolicyFacts {
  layers: GrantLayers;
  /** Data that the caller sees. */
  sees: readonly DataClass[];
  autonomy: Autonomy;
  /** The text from outside that the caller has read; null: none. */
  taint: string | null;
  /** The decision that the call names. */
  permit: Permit | null;
  /** What the operator permits for this tool and caller, with what is left of it. */
  standing: readonly StandingPermission[];
  /** Calls of this tool by this agent within the rate's period; null where the fleet file names no rate. */
  rate: { used: number; times: number; per: string } | null;
  /** Calls of this agent that wait for a human, this one apart. */
  waiting: { now: number; max: number };
}

export type PolicyVerdict =
  | { do: "allow"; rule: string; permission: StandingPermission | null }
  | { do: "record"; rule: string }
  | { do: "ask"; rule: string; why: string }
  | { do: "deny"; rule: string; code: DenyCode; why: string };
export type DenyCode = "AITO_TOOL_NOT_GRANTED" | "AITO_TOOL_RATE" | "AITO_TOOL_NOT_RELEASED" | "AITO_DECISION_BUDGET";

/** Whether the effect leaves the company: a dangerous tool's always does. */
export const isOutward = ({ risk, dataClass, outward }: Pick<PolicyCall, "risk" | "dataClass" | "outward">): boolean =>
  risk === "dangerous" || (risk === "write" && (outward === true || dataClass === "public" || dataClass === "web"));

/**
 * Pure, and the one place where it is decided: whether a call runs, waits for a human, is only recorded or is refused, with the rule
 * that says so. In this order: grants, shielding, rate, shadow, taint, standing permissions, autonomy.
 */
export function decideCall(call: PolicyCall, facts: PolicyFacts): PolicyVerdict {
  const kept = withheld(facts, { name: call.tool, dataClass: call.dataClass });
  if (kept) return { do: "deny", code: "AITO_TOOL_NOT_GRANTED", ...kept };
  if (!isOutward(call)) return { do: "allow", rule: `risk.${call.risk}`, permission: null };
  const { rate, autonomy, taint } = facts;
  if (rate && rate.used >= rate.times) {
    const why = `${call.tool} was called ${rate.used} times within the last ${rate.per}; at most ${rate.times} are allowed`;
    return { do: "deny", rule: `rate.${call.tool}`, code: "AITO_TOOL_RATE", why };
  }
  if (autonomy.mode === "shadow") return { do: "record", rule: "mode.shadow" };
  if (taint !== null) {
    return ask(facts, "taint", `its run has read text from outside (${taint}), so that a human must look at ${call.tool}`);
  }
  if (call.risk !== "dangerous") return { do: "allow", rule: `risk.${call.risk}`, permission: null };
  const permission = facts.standing.find((each) => permits(each, call));
  if (permission) return { do: "allow", rule: `standing.${permission.name}`, permission };
  if (autonomy.mode === "supervised") return ask(facts, "mode.supervised", `${call.tool} needs a human's approval`);
  const release = judgeRelease(call, autonomy.releases, facts.permit);
  return release.do === "run"
    ? { do: "allow", rule: `decision.${facts.permit!.id}`, permission: null }
    : { do: "deny", rule: "mode.autonomous", code: release.code, why: release.why };
}

function ask({ waiting }: PolicyFacts, rule: string, why: string): PolicyVerdict {
  if (waiting.now < waiting.max) return { do: "ask", rule, why };
  return {
    do: "deny",
    rule: "rate.waiting",
    code: "AITO_TOOL_RATE",
    why: `${waiting.now} of its calls wait for a human already; at most ${waiting.max} may`,
  };
}
