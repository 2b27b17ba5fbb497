import { AitoError } from "@aito/base";
import { type DataClass, type FleetFile, Id, type ToolRisk } from "@aito/protocol";
import type { AgentRow } from "../agents/queries.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import { sumPromisedToOthers, sumTaskWindow } from "../budgets/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { decisionUnknown } from "../decisions/decision-view.ts";
import { type DecisionRow, lockDecision } from "../decisions/queries.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { taskRow } from "../tasks/task-view.ts";
import { type ApprovalRow, storeFile } from "../approvals/queries.ts";
import { type CallToApprove, joinApproval, journalCall, requestApproval } from "../approvals/request-approval.ts";
import { decideCall, type PolicyVerdict } from "../grants/policy.ts";
import { selectTaintOf } from "../grants/queries.ts";
import { policyFacts } from "../grants/policy-facts.ts";
import { taintIn } from "../grants/taint.ts";
import type { Permit } from "./gate.ts";
import { insertAction, selectActionsOf, selectOwnTask } from "./queries.ts";

export interface GatedCall extends CallToApprove {
  /** SHA-256 over the arguments as a decision's action names them. */
  argumentsDigest: string;
  risk: ToolRisk;
  dataClass: DataClass;
  /** Its effect is in somebody else's system, whatever its data class. */
  outward?: boolean;
  /** What its answer brings into the run that made it; null: nothing from outside. */
  taints?: string | null;
  /** The decision that the agent names; a worker's is the one behind its task if it names none. */
  decisionId: string | null;
  /** Where its effect is outside the database: how long nothing may be heard of it. */
  outsideLeaseMs: number | null;
  /** Its caller runs it and leaves its receipt, and writes it down as begun by this, in the transaction that permits it. */
  begin?: (unit: Unit) => Promise<void>;
  /** Writes the call's receipt in the transaction in which its outcome is recorded: what ran, was shadowed, asked for or refused. */
  receipt?: (unit: Unit, outcome: GateOutcome) => Promise<void>;
}

export interface GateOutcome {
  status: "succeeded" | "shadowed" | "refused";
  result: Record<string, unknown>;
}

/** What the effect of a dangerous tool is given beside the open transaction: who acts, and what permits it. */
export interface Permission {
  agent: AgentRow;
  decisionId: string | null;
  approvalId: string | null;
  permissionId: string | null;
}

export type Effect = (unit: Unit, permission: Permission) => Promise<{ result: Record<string, unknown>; undo: string | null }>;

export type Gated =
  | { did: "ran"; result: Record<string, unknown> }
  | { did: "recorded" }
  /** Written down as begun by the call's own `begin`: the caller runs it now. */
  | { did: "permitted" }
  /** Written down as begun: the caller runs it now. */
  | { did: "begun"; approval: ApprovalRow }
  | { did: "asked"; approval: ApprovalRow; why: string };

type Found = Awaited<ReturnType<typeof permitFor>>;
type Refused = Extract<PolicyVerdict, { do: "deny" }>;

/**
 * The one way to an outward effect. Judges the call by the policy; runs an effect inside the database in the transaction that counts it,
 * writes one outside down as begun, and puts before a human what needs one. `recorded` is shadow mode: nothing is done. A refusal is
 * recorded, too, then thrown: AITO_TOOL_NOT_GRANTED, AITO_TOOL_NOT_RELEASED, AITO_DECISION_BUDGET (403), AITO_TOOL_RATE (429).
 */
export async function useGate(deps: CompanyDeps, session: AgentSession, call: GatedCall, effect: Effect | null): Promise<Gated> {
  const outcome = await transact(deps, async (unit): Promise<Gated | { refused: Refused }> => {
    const agent = await fence(unit, session);
    const { file } = await currentFleet(unit);
    let found: Found = null;
    const facts = await policyFacts(unit, file, {
      agent,
      call,
      permitOf: async (mode) => {
        // What is permitted without a decision uses none up.
        found = !call.begin && mode === "autonomous" ? await permitFor(unit, agent, call) : null;
        return found?.permit ?? null;
      },
    });
    // What a tainted run proposed is a way for the text from outside, too.
    if (found) facts.taint ??= await selectTaintOf(unit, "decisions", [(found as NonNullable<Found>).row.id]);
    const joined = await joinApproval(unit, agent, call);
    const verdict = decideCall(call, joined ? { ...facts, waiting: { now: 0, max: 1 } } : facts);
    return await applyVerdict(unit, { agent, call, verdict, file, joined, permit: found, mode: facts.autonomy.mode, effect });
  });
  if (!("refused" in outcome)) return outcome;
  // Thrown after the commit: the record of the refusal must stand.
  const { code, why } = outcome.refused;
  throw new AitoError(code, why, { hint: hints[code], status: code === "AITO_TOOL_RATE" ? 429 : 403 });
}

interface Judged {
  agent: AgentRow;
  call: GatedCall;
  verdict: PolicyVerdict;
  file: FleetFile;
  joined: ApprovalRow | null;
  permit: Found;
  mode: string;
  effect: Effect | null;
}

async function applyVerdict(unit: Unit, judged: Judged): Promise<Gated | { refused: Refused }> {
  const { agent, call, verdict, file, joined, permit } = judged;
  if (verdict.do === "ask") {
    const approval = joined ?? (await requestApproval(unit, file, { agent, call, rule: verdict.rule, why: verdict.why }));
    const { id, expires_at } = approval;
    await call.receipt?.(unit, {
      status: "refused",
      result: { code: "AITO_APPROVAL_NEEDED", message: verdict.why, approval_id: id, expires_at: expires_at.toISOString() },
    });
    return { did: "asked", approval, why: verdict.why };
  }
  await tellVerdict(unit, judged, verdict);
  if (verdict.do === "deny") {
    const { code, why } = verdict;
    await call.receipt?.(unit, { status: "refused", result: { code, message: why, hint: hints[code] } });
    return { refused: verdict };
  }
  if (verdict.do === "record") {
    await call.receipt?.(unit, { status: "shadowed", result: { shadow: true, would_have: call.summary } });
    return { did: "recorded" };
  }
  if (call.begin) {
    await call.begin(unit);
    return { did: "permitted" };
  }
  const permissionId = verdict.permission?.id ?? null;
  const decisionId = permissionId === null ? (permit?.row.id ?? null) : null;
  if (judged.effect) for (const content of call.contents) await storeFile(unit, content);
  const begun = judged.effect
    ? null
    : await journalCall(unit, file, {
        agent,
        call,
        rule: verdict.rule,
        why: `permitted by ${verdict.rule}`,
        permitted: { by: verdict.rule, decisionId, permissionId, leaseUntil: later(unit, call.outsideLeaseMs!) },
      });
  const done = await judged.effect?.(unit, { agent, decisionId, approvalId: null, permissionId });
  await insertAction(unit, {
    id: unit.newId(),
    agent_id: agent.id,
    decision_id: decisionId,
    approval_id: begun?.id ?? null,
    permission_id: permissionId,
    task_id: (permissionId === null ? permit?.taskId : agent.task_id) ?? null,
    tool: call.tool,
    arguments_digest: call.argumentsDigest,
    amount_micro_usd: call.amountMicroUsd,
    summary: call.summary,
    undo: done?.undo ?? null,
    receipt_id: call.receiptId,
  });
  // Before anything is answered: whatever happens next, the run has read it.
  if (call.taints) await taintIn(unit, agent, call.taints);
  if (begun) return { did: "begun", approval: begun };
  await call.receipt?.(unit, { status: "succeeded", result: done!.result });
  return { did: "ran", result: done!.result };
}

async function tellVerdict(
  unit: Unit,
  { agent, call, permit, mode }: Judged,
  verdict: Exclude<PolicyVerdict, { do: "ask" }>,
): Promise<void> {
  await unit.event({
    type: eventOf[verdict.do],
    source: agent.name,
    payload: {
      tool: call.tool,
      arguments: call.argumentsDigest,
      summary: call.summary,
      amountMicroUsd: call.amountMicroUsd.toString(),
      mode,
      rule: verdict.rule,
      decision: permit?.row.id ?? null,
      receipt: call.receiptId,
      ...(verdict.do === "deny" ? { why: verdict.why } : {}),
    },
  });
}

const later = (unit: Unit, ms: number): Date => new Date(unit.now.getTime() + ms);

const eventOf = { record: "tool.shadowed", allow: "tool.released", deny: "tool.refused" } as const;

const hints = {
  AITO_TOOL_NOT_GRANTED: "it is not for you; ask a colleague who holds it, or go on with other work",
  AITO_TOOL_RATE: "go on with other work; it may be called again later",
  AITO_TOOL_NOT_RELEASED:
    "propose it with propose_decision and its action; once it is approved, call the tool with its decision_id",
  AITO_DECISION_BUDGET: "propose the rest as a decision of its own",
} as const;

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

/** What is left of a decision's action: of its own amount, and of the decision's after all that its task has spent, model calls included. */
async function actionLeft(unit: Unit, row: DecisionRow): Promise<Permit["action"]> {
  const action = row.attached_action;
  if (!action) return null;
  const ran = await selectActionsOf(unit, row.id);
  const spent = ran.reduce((total, each) => total + each.amount_micro_usd, 0n);
  const ofAction = BigInt(action.amountMicroUsd) - spent;
  const taken = row.task_id ? (await sumTaskWindow(unit, row.task_id)) + (await sumPromisedToOthers(unit, row.task_id)) : 0n;
  const ofDecision = row.amount_micro_usd - spent - taken;
  return {
    tool: action.tool,
    argumentsDigest: action.argumentsDigest,
    timesLeft: action.timesMax - ran.length,
    leftMicroUsd: ofAction < ofDecision ? ofAction : ofDecision,
  };
}
