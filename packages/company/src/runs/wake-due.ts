import { agentRow } from "../agents/agent-row.ts";
import { updateAgent } from "../agents/queries.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { nextCron } from "../fleet/cron.ts";
import { cronReason } from "../fleet/register-fleet.ts";
import { addWork } from "../work/add-work.ts";
import { selectDueWakes } from "./queries.ts";

/** Wakes whose time has come become work. A window that was missed runs once: the next time counts from now. */
export async function wakeDue(deps: CompanyDeps): Promise<number> {
  return await transact(deps, async (unit) => {
    const due = await selectDueWakes(unit);
    for (const wake of due) {
      const agent = await agentRow(unit, wake.name, { lock: true });
      await addWork(unit, {
        agent,
        kind: "wake",
        ref: null,
        reason: `schedule: ${wake.next_wake_reason ?? "loop interval"}`,
        priority: 3,
        dedupKey: "schedule",
      });
      // Until the run's report sets the real next time.
      const { cron } = agent.profile.loop;
      const fire = cron ? nextCron(cron, unit.now) : null;
      await updateAgent(unit, agent.id, {
        next_wake_at: fire ?? new Date(unit.now.getTime() + (agent.loop_interval ?? 3_600) * 1_000),
        next_wake_reason: cron && fire ? cronReason(cron) : "loop interval",
      });
    }
    return due.length;
  });
}

/** Wakes an agent now; `about` makes it worth a model call. */
export async function wakeNow(deps: CompanyDeps, input: { agent: string; reason: string; about: string | null }): Promise<void> {
  await transact(deps, async (unit) => {
    const agent = await agentRow(unit, input.agent);
    await addWork(unit, { agent, kind: "wake", ref: input.about, reason: input.reason, priority: 6 });
  });
}
