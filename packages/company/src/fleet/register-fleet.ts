import { agentRowById } from "../agents/agent-row.ts";
import { type CronLoop, nextCron } from "./cron.ts";
import { canonicalJson, sha256 } from "@aito/base";
import { channels, type Fleet } from "@aito/protocol";
import {
  type ListedAgent,
  insertAgent,
  selectAgents,
  setDesired,
  updateAgent,
  updateAgentDefinition,
} from "../agents/queries.ts";
import { clientRow } from "../clients/client-row.ts";
import { placeClient } from "../clients/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { placeFleetBudgets } from "../budgets/place-fleet-budgets.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { nextLoopAction, replaceLoopActions } from "../runs/queries.ts";
import { currentLead } from "../succession/current-lead.ts";
import { keepStopped, stopsByName } from "./keep-stopped.ts";
import { leaveFleet } from "./leave-fleet.ts";
import { parsePack } from "./parse-pack.ts";
import { type FleetRow, insertFleet, latestFleet, latestOfFile, lockFleets, takeKickoff } from "./queries.ts";

const digestOf = (fleet: Fleet): string =>
  sha256(
    canonicalJson(JSON.parse(JSON.stringify(fleet, (_, value: unknown) => (typeof value === "number" ? String(value) : value)))),
  );

/**
 * Makes the fleet file the company's newest revision: its agents exist, with their profiles and loops; roles that it no longer
 * names are stopped for good. The same file again changes nothing but asks stopped agents to run: what an operator deployed since it was
 * read last stays.
 */
export async function registerFleet(deps: CompanyDeps, fleet: Fleet): Promise<{ revision: number; changed: boolean }> {
  return await transact(deps, async (unit) => {
    await lockFleets(unit);
    const latest = await latestFleet(unit);
    const kept = latest?.source === "console" && isSameFile(await latestOfFile(unit), fleet);
    const placed = kept ? (latest.document.fleet as Fleet) : fleet;
    const made = await placeFleet(unit, placed, { source: "file", by: "system", comment: "" });
    // Workers were stopped with the rest, and their tasks wait.
    await setDesired(unit, "running");
    await unit.ring(channels.orchestrator, { reason: "fleet" });
    return made;
  });
}

/** Another version of the program may read more from the same texts: what was stored is read as this one reads. */
function isSameFile(stored: FleetRow | null, fleet: Fleet): boolean {
  if (!stored || stored.digest === digestOf(fleet)) return stored !== null;
  const { file, profiles } = stored.document.fleet as Fleet;
  const texts = new Map(Object.values(profiles).map(({ path, markdown }) => [path, markdown]));
  try {
    return (
      digestOf(parsePack((path) => (path === "fleet.json" ? JSON.stringify(file) : (texts.get(path) ?? null)), "fleet.json")) ===
      digestOf(fleet)
    );
  } catch {
    return false;
  }
}

/** The fleet with its agents, budgets and clients as the newest revision; nothing new when it is that already. */
export async function placeFleet(
  unit: Unit,
  fleet: Fleet,
  origin: { source: "file" | "console"; by: string; comment: string },
): Promise<{ revision: number; changed: boolean }> {
  const digest = digestOf(fleet);
  const latest = await latestFleet(unit);
  const changed = latest?.digest !== digest;
  const revision = changed ? (latest?.revision ?? 0) + 1 : latest.revision;
  if (changed) {
    await insertFleet(unit, {
      id: unit.newId(),
      revision,
      document: { v: 1, fleet },
      digest,
      kickoffSentAt: latest?.kickoff_sent_at ?? null,
      nextStatusQueryAt:
        latest?.next_status_query_at ?? new Date(unit.now.getTime() + fleet.file.statusQuery.everySeconds * 1_000),
      ...origin,
    });
    await unit.event({ type: "fleet.registered", source: origin.by, payload: { revision, digest, comment: origin.comment } });
  }
  for (const [slug, { name }] of Object.entries(fleet.file.clients ?? {}))
    await placeClient(unit, { id: unit.newId(), slug, name });
  await placeFleetBudgets(unit, fleet);
  const stopped = await stopsByName(unit);
  const existing = new Map((await selectAgents(unit)).map((agent) => [agent.name, agent]));
  for (const role of Object.keys(fleet.file.roles)) await placeAgent(unit, fleet, role, existing.get(role));
  for (const agent of existing.values()) {
    if (agent.kind === "agent" && agent.desired !== "gone" && !(agent.name in fleet.file.roles)) await leaveFleet(unit, agent);
  }
  await keepStopped(unit, stopped);
  await unit.ring(channels.orchestrator, { reason: "fleet" });
  return { revision, changed };
}

async function placeAgent(unit: Unit, fleet: Fleet, role: string, existing: ListedAgent | undefined): Promise<void> {
  const { path, markdown, profile } = fleet.profiles[role]!;
  const definition = {
    name: role,
    profile_path: path,
    loop_interval: profile.loop.intervalSeconds,
    git_repo: profile.git?.repository ?? null,
    git_filter: profile.git ? profile.git.paths.join(", ") : null,
    department: profile.department,
    is_head: fleet.file.heads.includes(role),
    is_council: fleet.file.council.includes(role),
    profile,
    profile_markdown: markdown,
    model: fleet.file.roles[role]!.model ?? fleet.file.models.agents,
    client_id: fleet.file.roles[role]!.client ? (await clientRow(unit, fleet.file.roles[role]!.client)).id : null,
  };
  const id = existing?.id ?? unit.newId();
  if (existing) await updateAgentDefinition(unit, definition);
  else await insertAgent(unit, { id, type: role, kind: "agent", parent_agent_id: null, task_id: null, depth: 0, ...definition });
  const intervalMs = profile.loop.intervalSeconds * 1_000;
  await replaceLoopActions(
    unit,
    id,
    profile.loop.actions.map((action, position) => ({
      id: unit.newId(),
      position,
      text: action.text,
      everySeconds: action.everySeconds,
      creative: action.creative,
      // By the clock: at the first time that comes.
      nextDueAt: new Date(unit.now.getTime() + (profile.loop.cron ? 0 : Math.min(intervalMs, action.everySeconds * 1_000))),
    })),
  );
  await scheduleNextWake(unit, id, intervalMs);
}

export const cronReason = ({ pattern, zone }: CronLoop): string => `cron ${pattern} ${zone}`.slice(0, 200);

/** The agent's next scheduled wake: the next time of its cron line, or its soonest loop action, or one interval from now; never before `notBefore`. */
export async function scheduleNextWake(unit: Unit, agentId: string, intervalMs: number, notBefore?: Date): Promise<void> {
  const { cron } = (await agentRowById(unit, agentId)).profile.loop;
  const fire = cron ? nextCron(cron, unit.now) : null;
  if (cron && fire) {
    await updateAgent(unit, agentId, { next_wake_at: fire, next_wake_reason: cronReason(cron) });
    return;
  }
  const next = await nextLoopAction(unit, agentId);
  const at = next?.next_due_at ?? new Date(unit.now.getTime() + intervalMs);
  await updateAgent(unit, agentId, {
    next_wake_at: notBefore && notBefore > at ? notBefore : at,
    next_wake_reason: next ? `loop: ${next.text}`.slice(0, 200) : "loop interval",
  });
}

/** Sends the pack's opening goal to the lead, once in the company's life, when every standing agent is active. */
export async function sendKickoffIfDue(deps: CompanyDeps): Promise<boolean> {
  return await transact(deps, async (unit) => {
    const row = await latestFleet(unit);
    const fleet = row?.document.fleet as Fleet | undefined;
    if (!row || row.kickoff_sent_at || !fleet?.file.kickoff) return false;
    const standing = (await selectAgents(unit)).filter((agent) => agent.kind === "agent" && agent.desired === "running");
    if (standing.length === 0 || standing.some((agent) => agent.status !== "active")) return false;
    if (!(await takeKickoff(unit, row.id))) return false;
    const lead = await currentLead(unit);
    await sendMessageIn(unit, "operator", {
      type: "direct",
      to: lead.name,
      priority: "high",
      payload: { text: fleet.file.kickoff.goal, goal: true },
    });
    await unit.event({
      type: "fleet.kickoff",
      source: "operator",
      target: lead.name,
      payload: { goal: fleet.file.kickoff.goal },
    });
    return true;
  });
}
