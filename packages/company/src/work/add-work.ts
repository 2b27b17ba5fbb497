import { channels } from "@aito/protocol";
import type { Unit } from "../company.ts";
import { insertWork, type WorkRow } from "./queries.ts";

export interface NewWork {
  /** Null: urgent work for whoever can take it; the dispatcher names an agent. */
  agent: { id: string; name: string } | null;
  kind: WorkRow["kind"];
  /** What it is about: a task's, message's or decision's id. */
  ref: string | null;
  /** One sentence for people and for the agent's wake line. */
  reason: string;
  /** 1 (whenever) to 10 (now). */
  priority?: number;
  /** While an item with the same key waits for the agent, no second one is added. */
  dedupKey?: string;
  availableAt?: Date;
}

/** Puts work before an agent: the row counts; the queue hint and the doorbell only make it fast. */
export async function addWork(unit: Unit, work: NewWork): Promise<void> {
  const id = unit.newId();
  const priority = work.priority ?? 5;
  const added = await insertWork(unit, {
    id,
    agent_id: work.agent?.id ?? null,
    kind: work.kind,
    ref: work.ref,
    reason: work.reason,
    priority,
    urgent: work.agent === null,
    dedup_key: work.dedupKey ?? null,
    available_at: work.availableAt ?? unit.now,
  });
  if (!added) return;
  await unit.hint(work.agent?.name ?? null, id, priority);
  if (work.agent) await unit.ring(channels.agent(work.agent.name), { work: work.kind, ref: work.ref });
}
