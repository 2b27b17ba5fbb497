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
export const addWork = (unit: Unit, work: NewWork): Promise<void> => addWorks(unit, [work]);

/** The same for several, in one statement. */
export async function addWorks(unit: Unit, works: readonly NewWork[]): Promise<void> {
  if (works.length === 0) return;
  const rows = works.map((work) => ({
    id: unit.newId(),
    agent_id: work.agent?.id ?? null,
    kind: work.kind,
    ref: work.ref,
    reason: work.reason,
    priority: work.priority ?? 5,
    dedup_key: work.dedupKey ?? null,
    available_at: work.availableAt ?? unit.now,
  }));
  const added = await insertWork(unit, rows);
  for (const [index, { agent, kind, ref }] of works.entries()) {
    const { id, priority } = rows[index]!;
    if (!added.has(id)) continue;
    await unit.hint(agent?.name ?? null, id, priority);
    if (agent) await unit.ring(channels.agent(agent.name), { work: kind, ref });
  }
}
