import { AitoError } from "@aito/base";
import { approvalDefaults, type FleetFile } from "@aito/protocol";
import type { AgentRow } from "../agents/queries.ts";
import { openAlert } from "../alerts/alerts.ts";
import type { Unit } from "../company.ts";
import { selectHeldTask } from "../evidence/queries.ts";
import { approvalDigest, type Call, callDigest } from "./canonical-call.ts";
import { type ApprovalRow, insertApproval, joinWaiting, selectApproval, storeFile } from "./queries.ts";

/** A dangerous call as it was made. */
export interface CallToApprove extends Call {
  inputSchema: Record<string, unknown>;
  contents: readonly { sha256: string; content: Buffer }[];
  amountMicroUsd: bigint;
  summary: string;
  receiptId: string | null;
  runId: string | null;
  /** The task that a standing agent says it is for; one that is not its own is not noted. */
  taskId?: string | null;
}

interface Ask {
  agent: AgentRow;
  call: CallToApprove;
  rule: string;
  why: string;
}

const detailCharsMax = 1_000;

/** The same call of this agent that waits already, asked for once more. */
export const joinApproval = (unit: Unit, agent: AgentRow, call: Call): Promise<ApprovalRow | null> =>
  joinWaiting(unit, { agentId: agent.id, callDigest: callDigest(call) });

/** Puts a call before a human, who is told by every channel. */
export async function requestApproval(unit: Unit, file: FleetFile, { agent, call, rule, why }: Ask): Promise<ApprovalRow> {
  const row = await insert(unit, file, { agent, call, rule, why, permitted: null });
  await openAlert(unit, {
    kind: "approval",
    subject: row.id,
    title: `${agent.name} wants to ${call.summary}`.slice(0, 255),
    endsAt: row.expires_at,
    detail: `${why}. Until ${row.expires_at.toISOString()}; silence is a denial.`.slice(0, detailCharsMax),
  });
  await unit.event({
    type: "approval.needed",
    source: agent.name,
    target: "human",
    payload: { approval: row.id, tool: call.tool, summary: call.summary, digest: row.digest, rule, why, receipt: call.receiptId },
  });
  return row;
}

/** What permits a call without a human. */
export interface Permitted {
  by: string;
  decisionId: string | null;
  permissionId: string | null;
  /** What is not heard of until then is unknown. */
  leaseUntil: Date;
}

/** The journal of a permitted call whose effect is outside the database: written before it begins. */
export async function journalCall(unit: Unit, file: FleetFile, ask: Ask & { permitted: Permitted }): Promise<ApprovalRow> {
  return await insert(unit, file, ask);
}

async function insert(
  unit: Unit,
  file: FleetFile,
  { agent, call, rule, why, permitted }: Ask & { permitted: Permitted | null },
): Promise<ApprovalRow> {
  const limits = file.approvals ?? approvalDefaults;
  const expiresAt = permitted?.leaseUntil ?? new Date(unit.now.getTime() + limits.hours * 3_600_000);
  for (const content of call.contents) await storeFile(unit, content);
  const id = unit.newId();
  await insertApproval(unit, {
    id,
    agent_id: agent.id,
    epoch: agent.epoch,
    run_id: call.runId,
    task_id: agent.task_id ?? (call.taskId ? await selectHeldTask(unit, call.taskId, agent.id) : null),
    tool: call.tool,
    schema_version: call.schemaVersion,
    input_schema: call.inputSchema,
    arguments: call.arguments,
    files: [...call.files],
    digest: approvalDigest(call, { agent: agent.name, epoch: agent.epoch, expiresAt }),
    call_digest: callDigest(call),
    amount_micro_usd: call.amountMicroUsd,
    summary: call.summary,
    rule,
    reason: why,
    status: permitted ? "executing" : "waiting",
    inline: permitted !== null,
    decision_id: permitted?.decisionId ?? null,
    permission_id: permitted?.permissionId ?? null,
    edited_from: null,
    receipt_id: call.receiptId,
    expires_at: expiresAt,
    answered_at: permitted ? unit.now : null,
    answered_by: permitted?.by ?? null,
    started_at: permitted ? unit.now : null,
    lease_until: permitted?.leaseUntil ?? null,
  });
  return (await selectApproval(unit, id))!;
}

export const approvalUnknown = (id: string): AitoError =>
  new AitoError("AITO_APPROVAL_UNKNOWN", `there is no approval with id ${id.slice(0, 60)}`, {
    hint: "see the ids with: aito approvals",
    status: 404,
  });
