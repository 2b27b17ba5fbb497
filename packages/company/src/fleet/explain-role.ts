import { AitoError } from "@aito/base";
import { agentTools, dataClassOf, type Fleet, microToUsd, type Profile, type RoleExplained } from "@aito/protocol";
import { agentRow } from "../agents/agent-row.ts";
import { autonomyOf } from "../autonomy/mode-of.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { startedBy } from "../grants/shield.ts";
import { runSeconds } from "../runs/run-limits.ts";
import { currentFleet } from "./current-fleet.ts";

/** A printed page: so much does somebody read who is to explain the role within five minutes. */
const lineCharacters = 90;
export const explainedLinesMax = 70;

const duration = (seconds: number): string => {
  const units: [number, string][] = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
    [1, "second"],
  ];
  const [size, name] = units.find(([each]) => seconds % each === 0)!;
  return `${seconds / size} ${name}${seconds === size ? "" : "s"}`;
};
const dollars = (micro: string): string => `$${microToUsd(micro).replace(/\.00$/, "")}`;

function wakesOf(profile: Profile, kind: "agent" | "worker"): string[] {
  if (kind === "worker") return ["It is started for one task, and is gone after it."];
  const { intervalSeconds, cron, actions } = profile.loop;
  return [
    cron ? `By the clock: ${cron.pattern} (${cron.zone})` : `Every ${duration(intervalSeconds)}`,
    ...actions.map(({ text, everySeconds, creative }) =>
      creative ? `${text} (asks its model every ${duration(everySeconds)})` : text,
    ),
    "A message, a task, a vote, or an operator wakes it at once.",
  ];
}

/** Granted where nothing is said: what is public or internal. By name or by class otherwise. */
function toolsOf({ file }: Fleet, role: string, kind: "agent" | "worker"): string[] {
  const isHead = file.heads.includes(role);
  const granted = (kind === "agent" ? file.roles[role] : file.workers[role])?.tools;
  const own = agentTools.filter((tool) => tool.kinds.includes(kind) && (isHead || !tool.headsOnly)).map(({ name }) => name);
  const open = granted ?? ["public", "internal"];
  const fleets = own.filter((name) => open.includes(name) || open.includes(dataClassOf(name)));
  const outside = open.filter((entry) => !own.includes(entry) && entry !== "internal");
  return [...fleets, ...outside.map((entry) => (/^[a-z]+$/.test(entry) ? `tools for ${entry} data` : entry))];
}

function limitsOf(fleet: Fleet, role: string, kind: "agent" | "worker"): string[] {
  const { file } = fleet;
  const caps = Object.entries(file.budgets.agents[role] ?? {}).map(([window, usd]) => `$${usd} a ${window} for models`);
  const { mode, releases } = autonomyOf(file, role);
  const starts = kind === "agent" ? startedBy(file, role) : (file.workers[role]?.spawns ?? []);
  const all = kind === "agent" && starts.length > 0 && starts.length === Object.keys(file.workers).length;
  return [
    `A run takes at most ${duration(runSeconds(file, { kind, type: role }))}.`,
    `${file.messages.perMinute} messages a minute, ${file.spawning.tasksPerHour} tasks an hour.`,
    all
      ? "It may start workers of every type."
      : starts.length === 0
        ? "It starts no workers."
        : `It may start: ${starts.join(", ")}.`,
    ...(caps.length > 0 ? [`${caps.join(", ")}.`] : []),
    mode === "autonomous" && releases.length > 0
      ? `Dangerous tools wait for a human, but an approved decision releases: ${releases.join(", ")}.`
      : `Dangerous tools wait for a human (${mode}).`,
  ];
}

function decidesOf({ file }: Fleet, role: string, { authority }: Profile): RoleExplained["decides"] {
  const majorAbove = authority.majorAboveMicroUsd ?? String(Math.round(file.limits.majorAboveUsd * 1e6));
  const criticalAbove = authority.criticalAboveMicroUsd ?? String(Math.round(file.limits.criticalAboveUsd * 1e6));
  const others = file.heads.filter((head) => head !== role);
  return {
    alone: [...authority.minor, `up to ${dollars(majorAbove)}`],
    withHeads: [
      ...authority.major,
      `above ${dollars(majorAbove)}: ${(others.length > 0 ? others : file.heads).join(" and ")} vote`,
    ],
    withGuardian: [...authority.critical, `above ${dollars(criticalAbove)}: never without ${file.guardian ?? "a human"}`],
    never: ["Change its own rights, budgets or profile."],
  };
}

/** Pure: the role on one page. Undefined where the fleet has no such role or worker type. */
export function explainRole(fleet: Fleet, role: string): RoleExplained | undefined {
  const found = fleet.profiles[role];
  if (!found) return undefined;
  const { profile } = found;
  const kind = role in fleet.file.roles ? "agent" : "worker";
  const page = {
    role,
    title: profile.name,
    department: profile.department,
    reportsTo: profile.reportsTo,
    kind,
    model:
      (kind === "agent" ? fleet.file.roles[role]?.model : fleet.file.workers[role]?.model) ??
      (kind === "agent" ? fleet.file.models.agents : fleet.file.models.workers),
    purpose: profile.mission,
    does: profile.responsibilities.map(({ title, items }) => (items.length > 0 ? `${title}: ${items.join("; ")}` : title)),
    wakes: wakesOf(profile, kind),
    tools: toolsOf(fleet, role, kind),
    limits: limitsOf(fleet, role, kind),
    decides: decidesOf(fleet, role, profile),
  } as const;
  return { ...page, lines: linesOf(page), linesMax: explainedLinesMax };
}

const headings = 9;
function linesOf(page: Omit<RoleExplained, "lines" | "linesMax">): number {
  const { alone, withHeads, withGuardian, never } = page.decides;
  const items = [
    page.purpose,
    ...page.does,
    ...page.wakes,
    page.tools.join(", "),
    ...page.limits,
    ...alone,
    ...withHeads,
    ...withGuardian,
    ...never,
  ];
  return headings + items.reduce((lines, item) => lines + Math.max(1, Math.ceil(item.length / lineCharacters)), 0);
}

/** The page of an agent's role. Error: AITO_AGENT_UNKNOWN. */
export async function explainAgent(deps: CompanyDeps, name: string): Promise<RoleExplained> {
  return await transact(deps, async (unit) => {
    const fleet = await currentFleet(unit);
    const explained = explainRole(fleet, name) ?? explainRole(fleet, (await agentRow(unit, name)).type);
    if (explained) return explained;
    throw new AitoError("AITO_AGENT_UNKNOWN", `the fleet has no role for "${name}" any more`, {
      hint: "see the names with: aito agents",
      status: 404,
    });
  });
}
