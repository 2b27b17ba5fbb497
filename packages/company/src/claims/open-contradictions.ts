import type { Claim, Fact } from "@aito/protocol";
import { agentRow } from "../agents/agent-row.ts";
import { agentRowById } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import type { Unit } from "../company.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { createTaskIn } from "../tasks/create-task.ts";
import { periodText } from "./check-claim.ts";
import { contradicts } from "./contradicts.ts";
import { insertContradiction, selectOpenFinding, selectRivals } from "./queries.ts";

const rivalsMax = 20;

/**
 * Two agents state different values of the same metric, entity and period, each from a receipt: one task settles it. It is the
 * later one's, the other is told of it, and while it is open no second one is made. Until then neither counts as verified.
 */
export async function openContradictions(
  unit: Unit,
  made: { id: string; agent: string; agentId: string; claim: Claim; fact: Fact; source: string | null },
): Promise<void> {
  const rivals = (await selectRivals(unit, { claim: made.claim, agentId: made.agentId, limit: rivalsMax })).filter((rival) =>
    contradicts(
      {
        value: made.claim.value,
        unit: made.claim.unit,
        observedAt: new Date(made.fact.observedAt),
        source: made.source,
        isPeriod: made.claim.period !== null,
      },
      {
        value: rival.value,
        unit: rival.unit,
        observedAt: rival.observed_at!,
        source: rival.source,
        isPeriod: rival.period_from !== null,
      },
    ),
  );
  const rival = rivals[0];
  if (!rival) return;
  const { metric, entity, period } = made.claim;
  const findingKey = `contradiction:${metric}:${entity}:${period ? `${period.from}/${period.to}` : "now"}`;
  const open = await selectOpenFinding(unit, findingKey);
  const taskId = open ?? (await openTask(unit, made, rival, findingKey));
  for (const each of rivals) await insertContradiction(unit, { id: unit.newId(), first: each.id, second: made.id, taskId });
  if (open) return;
  await unit.event({
    type: "claims.contradict",
    source: "system",
    target: made.agent,
    payload: { metric, entity, claims: [rival.id, made.id], agents: [rival.agent, made.agent], task: taskId },
  });
}

async function openTask(
  unit: Unit,
  made: { agent: string; claim: Claim },
  rival: { agent: string; value: string; unit: string; receipts: string[] },
  findingKey: string,
): Promise<string | null> {
  const { claim } = made;
  const [later, earlier] = [await standing(unit, made.agent), await standing(unit, rival.agent)];
  const what = `${claim.metric} of ${claim.entity} (${periodText(claim.period)})`;
  const task = await createTaskIn(unit, null, {
    title: `Settle a contradiction: ${what}`.slice(0, 255),
    description:
      `${rival.agent} states ${rival.value} ${rival.unit} (receipts ${rival.receipts.join(", ")}), ` +
      `${made.agent} states ${claim.value} ${claim.unit} (receipts ${claim.receipts.join(", ")}). Find out with ${earlier.name} which one ` +
      "is right, and why the other source differs. Until then neither counts as verified.",
    assignTo: later.name,
    priority: 7,
    findingKey,
  });
  if (!task) return await selectOpenFinding(unit, findingKey);
  if (earlier.id !== later.id) {
    await sendMessageIn(unit, "system", {
      type: "direct",
      to: earlier.name,
      priority: "high",
      payload: {
        text: `Your figure and ${later.name}'s contradict each other: ${what}. See to the task with ${later.name}.`,
        task_id: task.id,
      },
    });
  }
  return task.id;
}

/** A worker is gone after its task: whom it works for answers for its figures. */
async function standing(unit: Unit, name: string): Promise<AgentRow> {
  const agent = await agentRow(unit, name);
  return agent.parent_agent_id ? await standing(unit, (await agentRowById(unit, agent.parent_agent_id)).name) : agent;
}
