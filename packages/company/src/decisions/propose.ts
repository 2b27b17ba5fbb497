import { AitoError, wellFormed } from "@aito/base";
import { type AttachedTask, type DecisionView, type Fleet, type Proposal, usdToMicro } from "@aito/protocol";
import { agentRow, agentRowById } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { createTaskIn } from "../tasks/create-task.ts";
import { record, type Source } from "./advance.ts";
import { classify, kindKey } from "./classify.ts";
import { toDecisionView } from "./decision-view.ts";
import { setupFor } from "./decision-setup.ts";
import { refusals } from "./machine.ts";
import { insertDecision, selectDecision, sumProposed } from "./queries.ts";
import { step } from "./rules.ts";

const windowMs = 24 * 3600 * 1000;

/**
 * Puts a proposal forward: an agent's own (`by` is its session), or the operator's in the name of an agent (`by` is that
 * agent's name). A worker proposes through its parent. Kind and money raise the declared type; a minor one is approved at
 * once, any other opens round 1. Attached work waits as a blocked task.
 *
 * Errors: AITO_AGENT_UNKNOWN, AITO_AGENT_STALE, AITO_WORKER_TYPE, AITO_DECISION_EXPIRED, AITO_PROPOSAL_INVALID.
 */
export async function propose(deps: CompanyDeps, by: AgentSession | string, proposal: Proposal): Promise<DecisionView> {
  return await transact(deps, async (unit) => {
    const speaker = typeof by === "string" ? await agentRow(unit, by, { lock: true }) : await fence(unit, by);
    const source = typeof by === "string" ? { name: "operator" } : { name: speaker.name, epoch: by.epoch };
    return await proposeIn(unit, await proposerFor(unit, speaker), proposal, source);
  });
}

/** `proposer` must be locked: two proposals at once would each overlook the other's amount. */
async function proposeIn(unit: Unit, proposer: AgentRow, proposal: Proposal, source: Source): Promise<DecisionView> {
  const fleet = await currentFleet(unit);
  const title = wellFormed(proposal.title).trim().slice(0, 255);
  if (!title) throw new AitoError("AITO_PROPOSAL_INVALID", "a proposal needs a title");
  const task = checkTask(fleet, proposal.task);
  const judged = await judge(unit, fleet, proposer, proposal);
  const validUntil = proposal.validUntil === null ? null : new Date(proposal.validUntil);
  const setup = setupFor(fleet, { type: judged.type, proposer: proposer.name, rehearsal: unit.rehearsal, validUntil });
  const opened = { kind: "opened", setup } as const;
  const next = step(null, opened, unit.now);
  if (!next.ok) throw new AitoError(next.code, `the proposal "${title}" was refused: ${refusals[next.code]}`, { status: 409 });
  const id = unit.newId();
  await insertDecision(unit, {
    id,
    title,
    description: wellFormed(proposal.description),
    proposed_by: proposer.id,
    declared_type: proposal.type,
    type_reason: judged.reason,
    kind: proposal.kind === null ? null : wellFormed(proposal.kind),
    amount_micro_usd: usdToMicro(proposal.usd),
    valid_until: validUntil,
    rehearsal: unit.rehearsal,
    attached_task: task,
    machine: next.state,
  });
  if (task) await attach(unit, proposer, id, task);
  await record(unit, (await selectDecision(unit, id))!, opened, next, source);
  return toDecisionView((await selectDecision(unit, id))!);
}

async function proposerFor(unit: Unit, speaker: AgentRow): Promise<AgentRow> {
  if (speaker.kind === "agent") return speaker;
  if (speaker.parent_agent_id) return await agentRowById(unit, speaker.parent_agent_id, { lock: true });
  throw new AitoError("AITO_PROPOSAL_INVALID", `${speaker.name} is a worker without a parent and cannot propose`, {
    status: 403,
  });
}

async function judge(unit: Unit, fleet: Fleet, proposer: AgentRow, proposal: Proposal): Promise<ReturnType<typeof classify>> {
  const since = new Date(unit.now.getTime() - windowMs);
  const wanted = kindKey(proposal.kind ?? "");
  const same = (await sumProposed(unit, { agentId: proposer.id, since })).filter((row) => kindKey(row.kind ?? "") === wanted);
  const sum = (type: "minor" | "major"): bigint =>
    same.filter((row) => row.type === type).reduce((total, row) => total + row.total, 0n);
  return classify({
    declared: proposal.type,
    kind: proposal.kind,
    amountMicroUsd: usdToMicro(proposal.usd),
    recent: { minorMicroUsd: sum("minor"), majorMicroUsd: sum("major") },
    authority: proposer.profile.authority,
    limits: {
      majorAboveMicroUsd: usdToMicro(fleet.file.limits.majorAboveUsd),
      criticalAboveMicroUsd: usdToMicro(fleet.file.limits.criticalAboveUsd),
    },
  });
}

function checkTask(fleet: Fleet, task: AttachedTask | null): AttachedTask | null {
  if (!task) return null;
  if (task.workerType !== null && !(task.workerType in fleet.file.workers)) {
    throw new AitoError("AITO_WORKER_TYPE", `this fleet has no worker type "${task.workerType}"`, {
      hint: `worker types of the fleet file: ${Object.keys(fleet.file.workers).join(", ") || "none"}`,
    });
  }
  return { title: wellFormed(task.title), description: wellFormed(task.description), workerType: task.workerType };
}

async function attach(unit: Unit, proposer: AgentRow, decisionId: string, task: AttachedTask): Promise<void> {
  await createTaskIn(unit, proposer, { ...task, assignTo: proposer.name, decisionId, status: "blocked" });
}
