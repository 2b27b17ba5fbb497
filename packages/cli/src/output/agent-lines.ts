import type { AgentView, FleetStatus } from "@aito/protocol";
import { short } from "./table.ts";

/** How long ago, in one unit: "4 s ago", "3 min ago". */
export function ago(at: string | null, now: Date): string {
  if (at === null) return "never";
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(at)) / 1_000));
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3_600)} h ago`;
}

export const agentRows = (agents: AgentView[], now: Date): string[][] =>
  agents.map((agent) => [
    agent.lead ? `${agent.name} (${agent.lead === "acting" ? "acting lead" : "lead"})` : agent.name,
    agent.status,
    String(agent.epoch),
    String(agent.restarts),
    ago(agent.lastHeartbeat, now),
    short(agent.statusReason ?? agent.doing ?? (agent.nextWakeAt ? `sleeps until ${wakeTime(agent.nextWakeAt, now)}` : ""), 70),
  ]);

/** Local time of day, as people read it. */
export function clockTime(at: string): string {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}

/** The time of day, with its date when that is not today. */
export function wakeTime(at: string, now: Date): string {
  const date = new Date(at);
  if (date.toDateString() === now.toDateString()) return clockTime(at);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  return `${day} ${clockTime(at)}`;
}

/** The answer to "why is nothing happening". */
export function nextWakeLine(next: FleetStatus["nextWake"], now: Date): string {
  return next === null ? "next: nothing is scheduled" : `next: ${next.agent} wakes at ${wakeTime(next.at, now)} (${next.reason})`;
}
