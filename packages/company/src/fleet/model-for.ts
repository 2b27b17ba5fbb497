import { type FleetFile, type WakeKind, workingModel } from "@aito/protocol";
import type { z } from "zod";

type Kind = z.infer<typeof WakeKind>;

/** Every model that an agent may ask for: its own, and those of its kinds of run. */
export function modelsOf(file: FleetFile, agent: { role: string; kind: "agent" | "worker"; model: string }): string[] {
  const { routine, votes } = kindsFor(file, agent);
  return [...new Set([agent.model, routine, votes].filter((model) => model !== undefined))];
}

/** The model for a run with these reasons. */
export function modelFor(
  file: FleetFile,
  agent: { role: string; kind: "agent" | "worker"; model: string },
  reasons: Kind[],
): string {
  const { routine, votes } = kindsFor(file, agent);
  const only = (kind: Kind): boolean => reasons.length > 0 && reasons.every((reason) => reason === kind);
  if (only("wake")) return routine ?? agent.model;
  if (only("vote")) return votes ?? agent.model;
  return agent.model;
}

/**
 * A worker has one kind of run, and a role that names its model has it for everything. Heads think about their loops as about
 * everything else; for the others the scheduled loop is routine.
 */
function kindsFor(
  { models, roles, heads }: FleetFile,
  agent: { role: string; kind: "agent" | "worker" },
): { routine?: string | undefined; votes?: string | undefined } {
  if (agent.kind === "worker" || roles[agent.role]?.model !== undefined) return {};
  const { agents, votes } = models;
  if (heads.includes(agent.role)) return { votes };
  return { routine: models.routine ?? (agents.startsWith("claude-") ? workingModel : undefined), votes };
}
