import type { EventView } from "@aito/protocol";
import { agentTitle } from "./words.ts";

/** What the platform does by itself when something is lost or hangs: an event type, and what it means. */
const repairs: Record<string, string> = {
  "agent.lost": "was lost, and is started again",
  "agent.hung": "hung, and is replaced",
  "agent.replaced": "was replaced by a new incarnation",
  "agent.quarantined": "failed too often, and rests until you restart it",
  "agent.throttled": "was slowed down",
  "agent.restart_asked": "is restarted, as an operator asked",
  "task.quarantined": "ended whatever worked on it, and is not tried again",
  "lead.lost": "leads no longer: another head acts",
  "leader.elected": "took over the company's control plane",
};
export const repairTypes = Object.keys(repairs);

/** In words; the reason as the event has it. */
export function repairText({ type, target, source, payload }: EventView): { what: string; why: string | null } {
  const named = payload["reason"] ?? payload["why"];
  const title = typeof payload["title"] === "string" ? `«${payload["title"]}»` : null;
  return {
    what: `${title ?? agentTitle(target ?? source)} ${repairs[type] ?? type}`,
    why: typeof named === "string" && named !== "" ? named : null,
  };
}
