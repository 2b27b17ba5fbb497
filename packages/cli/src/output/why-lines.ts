import type { AgentWhy } from "@aito/protocol";
import { ago, wakeTime } from "./agent-lines.ts";

/** Why the platform did or did not act for an agent, a reason a line, the strongest first. */
export function whyLines(why: AgentWhy, now: Date): string[] {
  const { agent, plan, lastAction, run } = why;
  const lines = [`${agent.name} is ${agent.status}, epoch ${agent.epoch}, heard ${ago(agent.lastHeartbeat, now)}`];
  if (why.switch) lines.push(why.switch);
  else if (why.wanted !== "running") lines.push(`it is wanted ${why.wanted}`);
  if (agent.held) {
    const what = agent.held.as === "paused" ? "paused, it takes no new run" : "held stopped";
    lines.push(`${what}, by ${agent.held.by} ${ago(agent.held.at, now)}; let it go on with: aito agents start ${agent.name}`);
  }
  if (why.quarantined)
    lines.push(
      `quarantined: ${agent.statusReason ?? "it failed too often"}; start it again with: aito agents restart ${agent.name}`,
    );
  else if (why.retryAt)
    lines.push(
      `next try at ${wakeTime(why.retryAt, now)}, after ${why.failures} failure(s) in a row: ${agent.statusReason ?? ""}`,
    );
  if (why.replacing) lines.push("takes no new run: its configuration changed, and it is replaced when its run has ended");
  lines.push(
    plan ? `plan since ${ago(plan.since, now)}: ${plan.do}, ${plan.why}` : "no plan yet: no orchestrator has looked at it",
  );
  if (lastAction) lines.push(`last action ${ago(lastAction.at, now)}: ${lastAction.do}, ${lastAction.why}`);
  if (run) {
    lines.push(`a run is open since ${ago(run.startedAt, now)} (${run.reasons.join("; ").slice(0, 200) || "no reason"})`);
    if (run.leaseUntil) lines.push(`without progress it ends at ${wakeTime(run.leaseUntil, now)}`);
  } else lines.push("no run is open");
  if (why.failedRuns > 0) lines.push(`${why.failedRuns} run(s) in a row failed`);
  for (const work of why.waitingWork) {
    const later =
      work.notBefore !== null && Date.parse(work.notBefore) > now.getTime()
        ? `, not before ${wakeTime(work.notBefore, now)}`
        : "";
    lines.push(`waits since ${ago(work.since, now)}${later}: ${work.reason.slice(0, 200)}`);
  }
  if (agent.nextWakeAt)
    lines.push(`next wake at ${wakeTime(agent.nextWakeAt, now)} (${agent.nextWakeReason ?? "loop interval"})`);
  return lines;
}
