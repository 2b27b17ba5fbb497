import { FleetGit, type FleetFile, type GitRight } from "@aito/protocol";
import type { z } from "zod";
import { agentRowById } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import type { AgentSession } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";

/** What an agent may do in git: from its profile, or a worker's from the profile of whom it works for. */
export interface GitScope {
  /** The standing agent whose scope it is. */
  owner: Pick<AgentRow, "id" | "name" | "type">;
  /** `owner/name`, or `owner/*`. */
  repository: string;
  /** The branch that changes are proposed for. */
  branch: string;
  paths: string[];
  right: z.infer<typeof GitRight>;
  /** Repositories that it reads and reviews besides. */
  reviews: string[];
}

export const gitRules = (file: FleetFile): FleetGit => FleetGit.parse(file.git ?? {});

/** `owner/name` against `owner/name` or `owner/*`; names of repositories have no case. */
export const covers = (pattern: string, repository: string): boolean => {
  const [wanted, given] = [pattern.toLowerCase(), repository.toLowerCase()];
  return (
    wanted === given ||
    (wanted.endsWith("/*") && given.startsWith(wanted.slice(0, -1)) && !given.includes("/", wanted.length - 1))
  );
};

/** Null for an agent whose profile names no repository. A worker never has more than the right to write. */
export async function scopeIn(unit: Unit, agent: AgentRow): Promise<GitScope | null> {
  let owner = agent;
  while (owner.parent_agent_id !== null) owner = await agentRowById(unit, owner.parent_agent_id);
  const { git } = owner.profile;
  if (!git) return null;
  const right = git.right ?? "write";
  const reviews = gitRules((await currentFleet(unit)).file).reviews[owner.type] ?? [];
  return {
    owner,
    repository: git.repository,
    branch: git.branch,
    paths: git.paths,
    right: agent.kind === "worker" && right === "admin" ? "write" : right,
    reviews,
  };
}

export async function gitScopeOf(deps: CompanyDeps, session: Pick<AgentSession, "agentId">): Promise<GitScope | null> {
  return await transact(deps, async (unit) => await scopeIn(unit, await agentRowById(unit, session.agentId)));
}

/** The standing roles whose profile names a repository, in the alphabet's order. */
export async function gitRoles(deps: CompanyDeps): Promise<string[]> {
  return await transact(deps, async (unit) => {
    const { file, profiles } = await currentFleet(unit);
    return Object.keys(file.roles)
      .filter((role) => profiles[role]?.profile.git)
      .toSorted();
  });
}
