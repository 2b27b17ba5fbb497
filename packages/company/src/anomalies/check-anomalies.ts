import { closeAlert, openAlert } from "../alerts/alerts.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { tellFinance } from "../costs/tell-finance.ts";
import { selectHours, selectOpenAnomalies, selectRunStarts } from "./queries.ts";
import { type AgentHistory, anomaliesOf } from "./rules.ts";

const historyHours = 168;
const runsMax = 50;

/**
 * The tick: what is far off an agent's own history is told to the CFO and the operator, once while it lasts. Returns how many are new.
 */
export async function checkAnomalies(deps: CompanyDeps): Promise<number> {
  return await transact(deps, async (unit) => {
    const found = (await histories(unit)).flatMap(anomaliesOf);
    const open = await selectOpenAnomalies(unit);
    const subjects = new Set(found.map(({ agent, kind }) => `${agent} ${kind}`));
    let fresh = 0;
    for (const { agent, kind, detail } of found) {
      const subject = `${agent} ${kind}`;
      const title = `Unusual ${kind} of ${agent}`;
      if (open.includes(subject) || !(await openAlert(unit, { kind: "anomaly", subject, title, detail }))) continue;
      await tellFinance(unit, { title, detail });
      fresh += 1;
    }
    for (const subject of open) if (!subjects.has(subject)) await closeAlert(unit, { kind: "anomaly", subject });
    return fresh;
  });
}

async function histories(unit: Unit): Promise<AgentHistory[]> {
  const hours = Map.groupBy(await selectHours(unit, historyHours), (row) => row.agent);
  const starts = Map.groupBy(await selectRunStarts(unit, runsMax), (row) => row.agent);
  return [...new Set([...hours.keys(), ...starts.keys()])].map((agent): AgentHistory => {
    const rows = hours.get(agent) ?? [];
    const times = (starts.get(agent) ?? []).map((row) => row.startedAt.getTime() / 60_000);
    return {
      agent,
      hours: rows.filter((row) => row.ago > 0),
      last: rows.find((row) => row.ago === 0) ?? null,
      gaps: times.slice(1).map((time, index) => times[index]! - time),
      silentMinutes: times.length > 0 ? unit.now.getTime() / 60_000 - times[0]! : null,
    };
  });
}
