import { AitoError, errorText, isAitoError, sha256 } from "@aito/base";
import { agentRowById } from "../agents/agent-row.ts";
import { type AgentSession, sessionOf } from "../agents/session.ts";
import type { AgentRow } from "../agents/queries.ts";
import { autonomyOf } from "../autonomy/mode-of.ts";
import { insertAction } from "../autonomy/queries.ts";
import type { Effect, Permission } from "../autonomy/use-gate.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { autonomyRole, heldBy, linesAbove } from "../grants/policy-facts.ts";
import { type ToolKind, withheld } from "../grants/held-tools.ts";
import { callStop } from "../kill-switches/find-stop.ts";
import { approvalDigest } from "./canonical-call.ts";
import { type ApprovalRow, anyOpen, approvedIds, moveApproval, selectApproval, selectFile } from "./queries.ts";
import { expireIn } from "./end-overdue.ts";
import { type Outcome, tellOutcome } from "./tell-outcome.ts";

/**
 * How a call outside the database ended. `arrived: "no"`: it had no effect. `"yes"`: who was asked says that it failed, and only that knows
 * whether some of it was done. `"unknown"`: it may have had its effect.
 */
export type OutsideResult =
  | {
      ok: true;
      result: Record<string, unknown>;
      /** What its receipt keeps, where that is more. */
      whole?: Record<string, unknown> | null;
      undo: string | null;
    }
  | { ok: false; arrived: "no" | "yes" | "unknown"; error: string };

/** A tool as it is now, with the arguments of one approved call read by it. */
export interface ReadyCall {
  /** Null: no agent holds it, the platform itself asked. */
  kind: ToolKind | null;
  amountMicroUsd: bigint;
  summary: string;
  /** In the transaction that counts it. */
  inside?: Effect;
  /** Outside the database: begun after it is written down, with a key that is the same whenever it is the same call. */
  outside?: { run(effectKey: string): Promise<OutsideResult>; leaseMs: number };
  /** What it answers is text from outside. */
  taint: string | null;
}

export interface Tools {
  /** The present version of the tool; null: there is no such tool any more. */
  versionOf(tool: string): string | null;
  /** Writes the receipt of a call that ran or failed, in the transaction that records it. */
  receipt?(unit: Unit, ran: Ran): Promise<void>;
  /** Throws for arguments that the tool does not take. `caller`: the present incarnation of who asked for it. */
  read(
    call: { tool: string; arguments: Record<string, unknown>; files: { name: string; content: Buffer }[] },
    caller: AgentSession,
  ): ReadyCall;
}

export interface Ran {
  approval: ApprovalRow;
  receiptId: string;
  ok: boolean;
  /** What the receipt says of it. */
  receipt: "succeeded" | "failed" | "unknown";
  result: Record<string, unknown>;
  whole: Record<string, unknown> | null;
  /** Of one that failed: who was asked says so, so that it arrived. */
  arrived?: boolean;
}

/** What is approved and has not begun, and whether there is anything that may yet be approved, run or end. */
export const openApprovals = (deps: CompanyDeps, limit = 50): Promise<{ approved: string[]; open: boolean }> =>
  deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const open = await anyOpen(tx);
    return { approved: open ? await approvedIds(tx, limit) : [], open };
  });

/**
 * Runs an approved call once, whoever else tries at the same time, and tells its agent. Null: it was not this caller's to run (another
 * one has it, it is over, a kill switch holds it back, or it was ended as `unknown` before its end was heard). An effect inside the database is committed with its record; one outside is
 * written down first, and a crash in between leaves it `unknown`. Only an error that may pass is thrown: the call is still approved then.
 */
export async function runApproved(deps: CompanyDeps, id: string, tools: Tools): Promise<Ran | null> {
  const ran = await runOnce(deps, id, tools);
  if (ran) deps.crashPoint?.("approval.after_record");
  return ran;
}

async function runOnce(deps: CompanyDeps, id: string, tools: Tools): Promise<Ran | null> {
  const receiptId = deps.newId();
  let begun: Begun | null;
  try {
    begun = await transact(deps, (unit) => begin(unit, { id, receiptId, tools }));
  } catch (error) {
    if (!isAitoError(error) || error.fate === "retry") throw error;
    return await failed(deps, { id, receiptId, from: "approved", tools }, `${error.code}: ${error.message}.`);
  }
  if (begun === null || "ran" in begun) return begun?.ran ?? null;
  return await runBegun(deps, begun, { receiptId, tools });
}

type Begun = { ran: Ran } | { row: ApprovalRow; outside: NonNullable<ReadyCall["outside"]>; taint: string | null };

async function begin(unit: Unit, given: { id: string; receiptId: string; tools: Tools }): Promise<Begun | null> {
  const seen = await selectApproval(unit, given.id);
  if (seen?.status !== "approved") return null;
  const agent = await agentRowById(unit, seen.agent_id, { lock: true });
  const row = (await selectApproval(unit, given.id, true))!;
  if (row.status !== "approved") return null;
  if (row.expires_at <= unit.now) {
    await expireIn(unit, row);
    return null;
  }
  if (await callStop(unit, row)) return null;
  const ready = given.tools.read(await checked(unit, row, given.tools), sessionOf(agent));
  await checkStillHeld(unit, agent, ready.kind);
  const { receiptId } = given;
  const permission: Permission = { agent, decisionId: null, approvalId: row.id, permissionId: null };
  const done = ready.inside ? await ready.inside(unit, permission) : null;
  await insertAction(unit, {
    id: unit.newId(),
    agent_id: agent.id,
    decision_id: null,
    approval_id: row.id,
    permission_id: null,
    task_id: row.task_id,
    tool: row.tool,
    arguments_digest: row.digest,
    amount_micro_usd: ready.amountMicroUsd,
    summary: ready.summary,
    undo: done?.undo ?? null,
    receipt_id: receiptId,
  });
  if (done === null) {
    const leaseUntil = new Date(unit.now.getTime() + ready.outside!.leaseMs);
    await moveApproval(unit, row.id, { from: "approved", to: "executing", leaseUntil });
    await unit.event({
      type: "approval.begun",
      source: "system",
      target: row.agent,
      payload: { approval: row.id, tool: row.tool, digest: row.digest },
    });
    return { row, outside: ready.outside!, taint: ready.taint };
  }
  const { tools } = given;
  const ran = await recordDone(unit, row, { from: "approved", receiptId, result: done.result, taint: ready.taint, tools });
  return ran && { ran };
}

/** The call exactly as it was approved, or an error that says what has changed since. */
async function checked(unit: Unit, row: ApprovalRow, tools: Tools): Promise<Parameters<Tools["read"]>[0]> {
  const changed = (what: string): AitoError =>
    new AitoError("AITO_APPROVAL_CHANGED", `${what} since it was approved`, { status: 409 });
  const version = tools.versionOf(row.tool);
  if (version === null) throw new AitoError("AITO_TOOL_GONE", `there is no tool ${row.tool} any more`, { status: 410 });
  if (version !== row.schema_version) throw changed(`the tool ${row.tool} has changed`);
  const files: { name: string; content: Buffer }[] = [];
  for (const { name, sha256: hash } of row.files) {
    const content = await selectFile(unit, hash);
    if (!content || sha256(content) !== hash) throw changed(`the file ${name} has changed`);
    files.push({ name, content });
  }
  const call = { tool: row.tool, schemaVersion: version, arguments: row.arguments, files: row.files };
  const digest = approvalDigest(call, { agent: row.agent, epoch: row.epoch, expiresAt: row.expires_at });
  if (digest !== row.digest) throw changed("the call has changed");
  return { tool: row.tool, arguments: row.arguments, files };
}

/** What a human approved still is no way round the fleet file of now. */
async function checkStillHeld(unit: Unit, agent: AgentRow, tool: ToolKind | null): Promise<void> {
  const { file } = await currentFleet(unit);
  const above = await linesAbove(unit, agent);
  const kept = tool && withheld(await heldBy(unit, file, { agent, above }), tool);
  if (kept) {
    throw new AitoError("AITO_TOOL_NOT_GRANTED", `${tool.name} is no longer granted to ${agent.name}: ${kept.why}`, {
      status: 403,
    });
  }
  if (autonomyOf(file, autonomyRole(agent, above)).mode === "shadow") {
    throw new AitoError("AITO_TOOL_SHADOW", "the role is in shadow mode now, in which nothing is done", { status: 403 });
  }
}

/**
 * Runs what is written down as begun and records how it ended; also for calls that were permitted without a human. Null: nothing was heard
 * of it for so long that it was ended as `unknown` meanwhile, which stays so and is told as that.
 */
export async function runBegun(
  deps: CompanyDeps,
  { row, outside, taint }: { row: ApprovalRow; outside: NonNullable<ReadyCall["outside"]>; taint: string | null },
  { receiptId, tools = null }: { receiptId: string; tools?: Pick<Tools, "receipt"> | null },
): Promise<Ran | null> {
  deps.crashPoint?.("approval.after_journal");
  let answer: OutsideResult;
  try {
    answer = await outside.run(row.id);
  } catch (error) {
    answer = { ok: false, arrived: "unknown", error: errorText(error) };
  }
  deps.crashPoint?.("approval.after_effect");
  if (answer.ok) {
    const { result, whole = null } = answer;
    return await transact(deps, (unit) => recordDone(unit, row, { from: "executing", receiptId, result, whole, taint, tools }));
  }
  if (answer.arrived !== "unknown") {
    const arrived = answer.arrived === "yes";
    return await failed(deps, { id: row.id, receiptId, from: "executing", tools, taint, arrived }, answer.error);
  }
  const error = answer.error.slice(0, errorCharsMax);
  return await transact(deps, async (unit) => {
    if (!(await moveApproval(unit, row.id, { from: "executing", to: "unknown", error }))) return null;
    await tellOutcome(unit, row, { status: "unknown" });
    const result = { code: "AITO_OUTCOME_UNKNOWN", message: `it may have happened: ${error}`, approval_id: row.id };
    return await noted(unit, tools, { approval: row, receiptId, ok: false, receipt: "unknown", result, whole: null });
  });
}

const errorCharsMax = 1_000;

/** It had its effect: tells its agent, and writes its receipt. Null: it was ended before, as `unknown`, and its record stays as it is. */
export async function recordDone(
  unit: Unit,
  row: ApprovalRow,
  end: {
    from: "approved" | "executing";
    receiptId: string;
    result: Record<string, unknown>;
    whole?: Record<string, unknown> | null;
    taint: string | null;
    tools: Pick<Tools, "receipt"> | null;
  },
): Promise<Ran | null> {
  const { receiptId, result } = end;
  if (!(await moveApproval(unit, row.id, { from: end.from, to: "done", result }))) return null;
  const edited = row.edited_from !== null;
  await tellOutcome(unit, row, { status: "done", result, receipt: receiptId, edited, taint: end.taint });
  return await noted(unit, end.tools, {
    approval: row,
    receiptId,
    ok: true,
    receipt: "succeeded",
    result,
    whole: end.whole ?? null,
  });
}

/** With the row as it stands now, and its receipt. */
async function noted(unit: Unit, tools: Pick<Tools, "receipt"> | null, ran: Ran): Promise<Ran> {
  await tools?.receipt?.(unit, ran);
  return { ...ran, approval: (await selectApproval(unit, ran.approval.id))! };
}

async function failed(
  deps: CompanyDeps,
  {
    id,
    receiptId,
    from,
    tools,
    taint = null,
    arrived = false,
  }: {
    id: string;
    receiptId: string;
    from: "approved" | "executing";
    tools: Pick<Tools, "receipt"> | null;
    taint?: string | null;
    arrived?: boolean;
  },
  text: string,
): Promise<Ran | null> {
  return await transact(deps, async (unit) => {
    const error = text.slice(0, errorCharsMax);
    const row = await selectApproval(unit, id, true);
    // What has begun is an action, and that names its receipt.
    const own = from === "approved" ? { receiptId } : {};
    if (!row || !(await moveApproval(unit, id, { from, to: "failed", error, ...own }))) return null;
    const outcome: Outcome = { status: "failed", error, receipt: receiptId, taint, arrived };
    await tellOutcome(unit, row, outcome);
    const result = { code: "AITO_TOOL_FAILED", message: error, ...(row.inline ? {} : { approval_id: id }) };
    return await noted(unit, tools, { approval: row, receiptId, ok: false, receipt: "failed", result, whole: null, arrived });
  });
}
