import { checkSpawn, checkTaskRate } from "../workers/check-spawn.ts";
import { AitoError, wellFormed } from "@aito/base";
import { type AttachedTask, type DecisionView, type Fleet, type Proposal, usdToMicro } from "@aito/protocol";
import { agentRow, agentRowById } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import { checkOwnTask, payIfBudgeted } from "../budgets/task-budget.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { refuseStopped, stopsOf } from "../kill-switches/find-stop.ts";
import { createTaskIn } from "../tasks/create-task.ts";
import { record, type Source } from "./advance.ts";
import { classify, kindKey } from "./classify.ts";
import { contentDigest } from "./come-back.ts";
import { toDecisionView } from "./decision-view.ts";
import { setupFor } from "./decision-setup.ts";
import { refusals } from "./machine.ts";
import { checkAction, checkComeBack, checkTask } from "./proposal-checks.ts";
import { insertDecision, selectDecision, sumProposed } from "./queries.ts";
import { step } from "./rules.ts";

const windowMs = 24 * 3600 * 1000;

/** Who brings a proposal. People and the platform are `trusted`: what only keeps agents in bounds does not hold for them. */
interface Bringer {
  source: Source;
  trusted: boolean;
  /** A worker's own task, whose budget pays what it proposes. */
  taskId: string | null;
  /** What the words carry that it was made of, beside what the proposer's run has read. */
  taint?: string | null;
}

/**
 * Puts a proposal forward: an agent's own (`by` is its session), or the operator's in the name of an agent (`by` is that
 * agent's name). A worker proposes through its parent. Kind and money raise the declared type; a minor one is approved at
 * once, any other opens round 1. Attached work waits as a blocked task, and may spend what was approved.
 *
 * Errors: AITO_AGENT_UNKNOWN, AITO_AGENT_STALE, AITO_STOPPED (423) while a kill switch covers the agent, AITO_WORKER_TYPE, AITO_DECISION_EXPIRED, AITO_PROPOSAL_INVALID,
 * AITO_DECISION_AMOUNT, AITO_DECISION_EMERGENCY (403), AITO_DECISION_UNCHANGED and AITO_DECISION_COOL_OFF (409),
 * AITO_TASK_BUDGET, AITO_TASK_NOT_YOURS (403), AITO_TASK_CLOSED.
 */
export async function propose(deps: CompanyDeps, by: AgentSession | string, proposal: Proposal): Promise<DecisionView> {
  return await transact(deps, async (unit) => {
    if (typeof by === "string") {
      const speaker = await agentRow(unit, by, { lock: true });
      // In its own session the fence asks. A minor one would be approved at once, and its work begun with the resume.
      refuseStopped((await stopsOf(unit, [speaker])).get(speaker.id));
      const bringer = { source: { name: "operator" }, trusted: true, taskId: null };
      return await proposeIn(unit, await proposerFor(unit, speaker), proposal, bringer);
    }
    const speaker = await fence(unit, by);
    const taskId = speaker.kind === "worker" ? speaker.task_id : (proposal.underTask ?? null);
    if (taskId) await checkOwnTask(unit, speaker, taskId);
    if (proposal.task) await checkAttachedWork(unit, speaker, proposal.task);
    const bringer = { source: { name: speaker.name, epoch: by.epoch }, trusted: false, taskId };
    return await proposeIn(unit, await proposerFor(unit, speaker), proposal, bringer);
  });
}

/** Work that an agent attaches counts as work that it makes: a proposal is no way around its limits. */
async function checkAttachedWork(unit: Unit, speaker: AgentRow, task: NonNullable<Proposal["task"]>): Promise<void> {
  await checkTaskRate(unit, speaker);
  const { title, description, workerType } = task;
  // What it may spend is what is approved; a type that the fleet does not have is refused with the proposal.
  if (workerType !== null && speaker.kind === "agent")
    await checkSpawn(unit, speaker, { title, description, workerType, budgetMicroUsd: null });
}

/** `proposer` must be locked: two proposals at once would each overlook the other's amount. */
export async function proposeIn(unit: Unit, proposer: AgentRow, proposal: Proposal, bringer: Bringer): Promise<DecisionView> {
  const fleet = await currentFleet(unit);
  const title = wellFormed(proposal.title).trim().slice(0, 255);
  if (!title) throw new AitoError("AITO_PROPOSAL_INVALID", "a proposal needs a title");
  const description = wellFormed(proposal.description);
  const kind = proposal.kind === null ? null : wellFormed(proposal.kind);
  const emergency = proposal.emergency ?? false;
  if (emergency) checkEmergency(proposer, bringer);
  const task = checkTask(fleet, proposal);
  const action = checkAction(proposal);
  const amount = usdToMicro(proposal.usd);
  const content = { title, description, kind, amountMicroUsd: amount };
  const digest = bringer.trusted ? contentDigest(content) : await checkComeBack(unit, fleet, content);
  const payer = bringer.taskId && amount > 0n ? await payIfBudgeted(unit, bringer.taskId, amount) : null;
  const judged = await judge(unit, fleet, { proposer, proposal, bringer });
  const validUntil = proposal.validUntil === null ? null : new Date(proposal.validUntil);
  const { rehearsal } = unit;
  const setup = setupFor(fleet, { type: judged.type, proposer: proposer.name, rehearsal, validUntil, emergency });
  const opened = { kind: "opened", setup } as const;
  const next = step(null, opened, unit.now);
  if (!next.ok) throw new AitoError(next.code, `the proposal "${title}" was refused: ${refusals[next.code]}`, { status: 409 });
  const id = unit.newId();
  await insertDecision(unit, {
    id,
    title,
    description,
    proposed_by: proposer.id,
    declared_type: proposal.type,
    type_reason: judged.reason,
    kind,
    amount_micro_usd: amount,
    valid_until: validUntil,
    rehearsal,
    attached_task: task,
    attached_action: action,
    emergency,
    content_digest: digest,
    paid_by_task_id: payer?.id ?? null,
    taint: bringer.taint ?? null,
    machine: next.state,
  });
  if (task) await attach(unit, proposer, { decisionId: id, task, amount, taint: bringer.taint ?? null });
  await record(unit, (await selectDecision(unit, id))!, opened, next, bringer.source);
  return toDecisionView((await selectDecision(unit, id))!);
}

/** Throws AITO_DECISION_EMERGENCY: short deadlines are not for everybody to set. */
function checkEmergency(proposer: AgentRow, bringer: Bringer): void {
  if (bringer.trusted || proposer.is_head) return;
  throw new AitoError("AITO_DECISION_EMERGENCY", `${proposer.name} cannot call an emergency session`, {
    hint: "send an alert to a head, who can",
    status: 403,
  });
}

async function proposerFor(unit: Unit, speaker: AgentRow): Promise<AgentRow> {
  if (speaker.kind === "agent") return speaker;
  if (speaker.parent_agent_id) return await agentRowById(unit, speaker.parent_agent_id, { lock: true });
  throw new AitoError("AITO_PROPOSAL_INVALID", `${speaker.name} is a worker without a parent and cannot propose`, {
    status: 403,
  });
}

async function judge(
  unit: Unit,
  fleet: Fleet,
  { proposer, proposal, bringer }: { proposer: AgentRow; proposal: Proposal; bringer: Bringer },
): Promise<ReturnType<typeof classify>> {
  const since = new Date(unit.now.getTime() - windowMs);
  const wanted = kindKey(proposal.kind ?? "");
  const same = (await sumProposed(unit, { agentId: proposer.id, since })).filter((row) => kindKey(row.kind ?? "") === wanted);
  const sum = (type: "minor" | "major"): bigint =>
    same.filter((row) => row.type === type).reduce((total, row) => total + row.total, 0n);
  return classify({
    declared: proposal.type,
    kind: proposal.kind,
    kindRequired: !bringer.trusted,
    emergency: proposal.emergency ?? false,
    amountMicroUsd: usdToMicro(proposal.usd),
    recent: { minorMicroUsd: sum("minor"), majorMicroUsd: sum("major") },
    authority: proposer.profile.authority,
    limits: {
      majorAboveMicroUsd: usdToMicro(fleet.file.limits.majorAboveUsd),
      criticalAboveMicroUsd: usdToMicro(fleet.file.limits.criticalAboveUsd),
    },
  });
}

/** The approved amount is the most that the task can spend. */
async function attach(
  unit: Unit,
  proposer: AgentRow,
  { decisionId, task, amount, taint }: { decisionId: string; task: AttachedTask; amount: bigint; taint: string | null },
): Promise<void> {
  const { usd, ...work } = task;
  const budgetMicroUsd = usd === undefined ? amount : usdToMicro(usd);
  await createTaskIn(unit, proposer, { ...work, assignTo: proposer.name, decisionId, status: "blocked", budgetMicroUsd, taint });
}
