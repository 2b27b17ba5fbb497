import { canonicalJson, sha256 } from "@aito/base";
import type { DesiredAgent } from "@aito/company";
import type { ContainerSpec } from "@aito/engine";
import { claudeCodeMemoryMb } from "@aito/protocol";
import type { World } from "./world.ts";

/** The seed's environment names (O10). None is a secret; the one-time token goes in through stdin. */
export function environmentOf(agent: DesiredAgent): Record<string, string> {
  const values: Record<string, string | null> = {
    AGENT_PROFILE: "/tmp/profile.md",
    CLAUDE_MODEL: agent.model,
    DEPARTMENT: agent.department,
    ...(agent.kind === "worker"
      ? { WORKER_TYPE: agent.role, PARENT_AGENT: agent.parentAgent, TASK_ID: agent.taskId, AUTO_TERMINATE: "true" }
      : {
          AGENT_TYPE: agent.role,
          LOOP_INTERVAL: agent.loopIntervalSeconds === null ? null : String(agent.loopIntervalSeconds),
          GIT_REPO: agent.gitRepo,
          GIT_FILTER: agent.gitFilter,
        }),
  };
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null));
}

/** The whole of what may be asked of the engine for one incarnation: limits from the fleet file, nothing from a caller. */
export function containerSpec(
  world: Pick<World, "fleet" | "agentCrashes" | "holder" | "images" | "linkVolume">,
  agent: DesiredAgent,
  epoch: number,
): ContainerSpec {
  const { file } = world.fleet;
  const type = agent.kind === "worker" ? file.workers[agent.role] : undefined;
  const crashAt = world.agentCrashes?.get(`${agent.name}#${epoch}`);
  return {
    company: file.company,
    agent: agent.name,
    kind: agent.kind,
    epoch,
    run: world.holder,
    image:
      type?.executor === "claude-code"
        ? world.images.claudeCode
        : agent.kind === "worker"
          ? world.images.worker
          : world.images.agent,
    environment: { ...environmentOf(agent), ...(crashAt === undefined ? {} : { AITO_CRASH_AT: crashAt }) },
    memoryMb: type?.memoryMb ?? Math.max(file.container.memoryMb, type?.executor === "claude-code" ? claudeCodeMemoryMb : 0),
    cpus: file.container.cpus,
    pids: file.container.pids,
    linkVolume: world.linkVolume,
    ...(file.container.runtime === undefined ? {} : { runtime: file.container.runtime }),
  };
}

/**
 * What this agent's container is made of, as one digest: its image as the engine has it now, limits, environment and profile. Not
 * what differs from life to life. A container with another one runs an old configuration.
 */
export function specDigest(world: World, agent: DesiredAgent, imageId: string): string {
  const { environment, memoryMb, cpus, pids, linkVolume, runtime } = containerSpec(world, agent, 1);
  const { AITO_CRASH_AT: _, ...own } = environment;
  const limits = { memoryMb: String(memoryMb), cpus: String(cpus), pids: String(pids) };
  const made = { imageId, environment: own, limits, linkVolume, runtime: runtime ?? "", profile: agent.profileDigest };
  return sha256(canonicalJson(made));
}
