import { AitoError } from "@aito/base";
import { Id } from "@aito/protocol";
import { agentRowById } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import { sumPaidBy } from "../budgets/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { decisionUnknown } from "../decisions/decision-view.ts";
import { type DecisionRow, lockDecision } from "../decisions/queries.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { taskRow } from "../tasks/task-view.ts";
import { type DangerousCall, judgeCall, type Permit, type Verdict } from "./gate.ts";
import { autonomyOf } from "./mode-of.ts";
import { insertAction, selectActionsOf, selectOwnTask } from "./queries.ts";

export interface GatedCall extends DangerousCall {
  /** The decision that the agent names; a worker's is the one behind its task if it names none. */
  decisionId: string | null;
  /** What it would do, in a line for people. */
  summary: string;
  receiptId: string | null;
  /** Writes the call's receipt in the transaction in which its outcome is recorded: what ran, was shadowed or was refused. */
  receipt?: (unit: Unit, outcome: GateOutcome) => Promise<void>;
}

export interface GateOutcome {
  status: "succeeded" | "shadowed" | "refused";
  result: Record<string, unknown>;
}

/** What the effect of a dangerous tool is given beside the open transaction. */
export interface Permission {
  agent: AgentRow;
  decisionId: string;
}

export type Effect = (unit: Unit, permission: Permission) => Promise<{ result: Record<string, unknown>; undo: string | null }>;

export type Gated = { ran: true; result: Record<string, unknown> } | { ran: false };

/**
 * The one way to a dangerous effect. Judges the call by the role's autonomy and, in an autonomous role, by the decision that the
 * agent names; runs the effect in the same transaction that counts it. `ran: false` is shadow mode: recorded, nothing done. A
 * refusal is recorded, too, then thrown (403): AITO_APPROVAL_NEEDED, AITO_TOOL_NOT_RELEASED, AITO_DECISION_BUDGET.
 */
export async function useGate(deps: CompanyDeps, session: AgentSession, call: GatedCall, effect: Effect): Promise<Gated> {
  const outcome = await transact(deps, async (unit): Promise<Gated | { refused: Extract<Verdict, { do: "refuse" }> }> => {
    const agent = await fence(unit, session);
    const autonomy = autonomyOf((await currentFleet(unit)).file, await roleOf(unit, agent));
    const found = autonomy.mode === "autonomous" ? await permitFor(unit, agent, call) : null;
    const verdict = judgeCall(call, autonomy, found?.permit ?? null);
    await unit.event({
      type: eventOf[verdict.do === "refuse" ? verdict.code : verdict.do],
      source: agent.name,
      payload: {
        tool: call.tool,
        arguments: call.argumentsDigest,
        summary: call.summary,
        amountMicroUsd: call.amountMicroUsd.toString(),
        mode: autonomy.mode,
        decision: found?.row.id ?? null,
        ...(verdict.do === "refuse" ? { why: verdict.why } : {}),
      },
    });
    if (verdict.do === "refuse") {
      await call.receipt?.(unit, {
        status: "refused",
        result: { code: verdict.code, message: verdict.why, hint: hints[verdict.code] },
      });
      return { refused: verdict };
    }
    if (verdict.do === "record") {
      await call.receipt?.(unit, { status: "shadowed", result: { shadow: true, would_have: call.summary } });
      return { ran: false };
    }
    const { result, undo } = await effect(unit, { agent, decisionId: found!.row.id });
    await insertAction(unit, {
      id: unit.newId(),
      agent_id: agent.id,
      decision_id: found!.row.id,
      task_id: found!.taskId,
      tool: call.tool,
      arguments_digest: call.argumentsDigest,
      amount_micro_usd: call.amountMicroUsd,
      summary: call.summary,
      undo,
      receipt_id: call.receiptId,
    });
    await call.receipt?.(unit, { status: "succeeded", result });
    return { ran: true, result };
  });
  if (!("refused" in outcome)) return outcome;
  // Thrown after the commit: the record of the refusal must stand.
  throw new AitoError(outcome.refused.code, outcome.refused.why, { hint: hints[outcome.refused.code], status: 403 });
}

const eventOf = {
  record: "tool.shadowed",
  run: "tool.released",
  AITO_APPROVAL_NEEDED: "approval.needed",
  AITO_TOOL_NOT_RELEASED: "tool.refused",
  AITO_DECISION_BUDGET: "tool.refused",
} as const;

const hints = {
  AITO_APPROVAL_NEEDED: "it is recorded for a human; go on with other work",
  AITO_TOOL_NOT_RELEASED:
    "propose it with propose_decision and its action; once it is approved, call the tool with its decision_id",
  AITO_DECISION_BUDGET: "propose the rest as a decision of its own",
} as const;

/** A worker acts with the autonomy of whom it works for. */
async function roleOf(unit: Unit, agent: AgentRow): Promise<string> {
  return agent.parent_agent_id ? (await agentRowById(unit, agent.parent_agent_id)).type : agent.type;
}

async function permitFor(
  unit: Unit,
  agent: AgentRow,
  call: GatedCall,
): Promise<{ permit: Permit; row: DecisionRow; taskId: string | null } | null> {
  const behind = agent.task_id ? (await taskRow(unit, agent.task_id)).decision_id : null;
  const id = call.decisionId ?? behind;
  if (id === null) return null;
  const row = Id.safeParse(id).success ? await lockDecision(unit, id) : null;
  if (!row) throw decisionUnknown(id);
  const own = await selectOwnTask(unit, { decisionId: row.id, agentId: agent.id });
  return {
    row,
    taskId: row.task_id,
    permit: {
      id: row.id,
      status: row.machine.status,
      isOwn: row.proposed_by === agent.id || own !== null,
      action: await actionLeft(unit, row),
    },
  };
}

/** What is left of a decision's action: of its own amount, and of the decision's after all that its task has spent. */
async function actionLeft(unit: Unit, row: DecisionRow): Promise<Permit["action"]> {
  const action = row.attached_action;
  if (!action) return null;
  const ran = await selectActionsOf(unit, row.id);
  const spent = ran.reduce((total, each) => total + each.amount_micro_usd, 0n);
  const ofAction = BigInt(action.amountMicroUsd) - spent;
  const ofDecision =
    row.amount_micro_usd - (row.task_id ? await sumPaidBy(unit, { id: row.task_id, decisionId: row.id }) : spent);
  return {
    tool: action.tool,
    argumentsDigest: action.argumentsDigest,
    timesLeft: action.timesMax - ran.length,
    leftMicroUsd: ofAction < ofDecision ? ofAction : ofDecision,
  };
}
