import { Proposal, type Trigger, usdToMicro } from "@aito/protocol";
import { agentRow } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import { selectStanding } from "../agents/queries.ts";
import { sumUsage } from "../budgets/queries.ts";
import { toCheckedClaim } from "../claims/list-claims.ts";
import { type ClaimRow, selectClaimsById } from "../claims/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { proposeIn } from "../decisions/propose.ts";
import { sumApproved } from "../decisions/queries.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { selectSeries } from "../metrics/queries.ts";
import { clearFirings, insertFiring, selectFirings, selectQuarantined, setFiringDecision } from "./queries.ts";
import {
  baselineHours,
  type Condition,
  conditionsOf,
  coolDownMinutes,
  type Doubt,
  type Facts,
  noReceipt,
  ruleKey,
  type Series,
  watchedMetrics,
  windowHours,
} from "./rules.ts";

const seriesMax = 1_000;
const hourMs = 3_600_000;
/** Alarms of one rule that are open or within the cool-down: whoever records values about a thousand subjects floods nobody. */
const firingsPerRuleMax = 5;

/**
 * The tick: fires the profiles' triggers on what has been recorded. Each crossing fires once: again only after its condition was
 * over, and not within the cool-down. Returns how many fired.
 */
export async function checkTriggers(deps: CompanyDeps): Promise<number> {
  return await transact(deps, async (unit) => {
    const agents = await selectStanding(unit);
    const watched = watchedRules(agents);
    if (watched.size === 0) return 0;
    const facts = await factsNow(unit);
    const firings = await selectFirings(unit, new Date(unit.now.getTime() - coolDownMinutes * 60_000));
    const holding = new Set<string>();
    const fired: string[] = [];
    const firedOf = (key: string): number => fired.filter((each) => each === key).length;
    for (const [key, rule] of watched) {
      for (const condition of conditionsOf(rule.trigger, facts)) {
        const subject = condition.subject.slice(0, 100);
        holding.add(`${key}\n${subject}`);
        const ofRule = firings.filter((each) => each.rule_key === key);
        if (ofRule.some((each) => each.subject === subject) || ofRule.length + firedOf(key) >= firingsPerRuleMax) continue;
        if (!(await fire(unit, agents, rule, { ...condition, subject }))) continue;
        fired.push(key);
      }
    }
    const over = firings.filter((each) => each.cleared_at === null && !holding.has(`${each.rule_key}\n${each.subject}`));
    await clearFirings(
      unit,
      over.map((each) => each.id),
    );
    return fired.length;
  });
}

interface WatchedRule {
  trigger: Trigger;
  /** In whose profile it stands: who calls an emergency session. */
  owner: AgentRow;
  when: string;
}

function watchedRules(agents: readonly AgentRow[]): Map<string, WatchedRule> {
  const rules = new Map<string, WatchedRule>();
  for (const owner of agents) {
    for (const { trigger, when } of owner.profile.escalationRules) {
      if (trigger && !rules.has(ruleKey(trigger))) rules.set(ruleKey(trigger), { trigger, owner, when });
    }
  }
  return rules;
}

async function factsNow(unit: Unit): Promise<Facts> {
  const { now } = unit;
  const { file } = await currentFleet(unit);
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  return {
    series: await seriesNow(unit),
    month: {
      name: month.toISOString().slice(0, 7),
      spentMicroUsd: (await sumApproved(unit, month)) + (await sumUsage(unit, month)),
      budgetMicroUsd: usdToMicro(file.budget.usd),
    },
    quarantined: await selectQuarantined(unit),
  };
}

async function seriesNow(unit: Unit): Promise<Series[]> {
  const rows = await selectSeries(unit, {
    names: [...watchedMetrics],
    windowFrom: new Date(unit.now.getTime() - windowHours * hourMs),
    baselineFrom: new Date(unit.now.getTime() - (windowHours + baselineHours) * hourMs),
    limit: seriesMax,
  });
  const ids = new Set(rows.flatMap((row) => [row.latest_claim, row.unverified_claim].filter((id) => id !== null)));
  const claims = new Map((await selectClaimsById(unit, [...ids])).map((claim) => [claim.id, claim]));
  const doubtOf = (id: string | null): Doubt | null => doubt(id === null ? null : (claims.get(id) ?? null));
  return rows.map(({ latest_claim: latest, unverified_claim: unverified, ...row }) => ({
    ...row,
    latest_doubt: row.latest === null ? null : doubtOf(latest),
    window_doubt: row.window_unverified === 0 ? null : doubtOf(unverified),
  }));
}

/** Null: the figure counts. */
function doubt(claim: ClaimRow | null): Doubt | null {
  if (claim === null) return { why: noReceipt, taint: null };
  const { verified, why, receipts } = toCheckedClaim(claim);
  if (verified) return null;
  return { why: receipts.length === 0 || why === null ? noReceipt : why, taint: claim.taint };
}

/** False when another checker was faster: the row of the firing is first, so that nobody is told twice. */
async function fire(unit: Unit, agents: readonly AgentRow[], rule: WatchedRule, found: Condition): Promise<boolean> {
  const { trigger, when } = rule;
  const { taint = null, ...condition } = found;
  const id = unit.newId();
  if (!(await insertFiring(unit, { id, ruleKey: ruleKey(trigger), kind: trigger.kind, ...condition }))) return false;
  const decisionId = trigger.emergency ? await callSession(unit, rule, found) : null;
  if (decisionId) await setFiringDecision(unit, id, decisionId);
  const told = agents.filter((agent) => trigger.notify.includes(agent.name) && !(trigger.emergency && agent.is_head));
  await unit.event({
    type: "trigger.fired",
    source: "system",
    target: trigger.notify[0] ?? null,
    payload: { kind: trigger.kind, rule: when, ...condition, told: trigger.notify, decision: decisionId },
  });
  for (const agent of told) {
    await sendMessageIn(unit, "system", {
      type: "alert",
      to: agent.name,
      priority: "urgent",
      payload: { title: `${when}: ${condition.subject}`.slice(0, 255), detail: condition.detail },
      taint,
    });
  }
  return true;
}

/** The heads decide, under short deadlines, what is done about it. Returns the decision's id. */
async function callSession(
  unit: Unit,
  { owner, when }: WatchedRule,
  { subject, detail, taint = null }: Condition,
): Promise<string> {
  const proposal = Proposal.parse({
    title: `Emergency: ${when}, ${subject}`.slice(0, 255),
    description: `${detail}. Approve to act on it at once under the lead's direction; veto to go on as planned.`,
    type: "major",
    emergency: true,
  });
  const proposer = await agentRow(unit, owner.name, { lock: true });
  const session = await proposeIn(unit, proposer, proposal, { source: { name: "system" }, trusted: true, taskId: null, taint });
  return session.id;
}
