import type { Tx } from "@aito/db";
import type { AgentSession } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { markTaint, selectTaint, selectTaintOf, type Tainted } from "./queries.ts";

const sourceCharsMax = 200;

/**
 * What an agent's latest run of its present incarnation has read that somebody outside the company wrote, or the incarnation itself where it
 * has had none; null: nothing. The next run begins without.
 */
export const taintOf = (tx: Tx, agentId: string): Promise<string | null> => selectTaint(tx, agentId);

/** From here on the agent's run counts as tainted; the first source stays. True when it was not before. */
export async function taintIn(unit: Unit, agent: { id: string; name: string }, source: string): Promise<boolean> {
  const from = source.slice(0, sourceCharsMax);
  if (!(await markTaint(unit, agent.id, from))) return false;
  await unit.event({ type: "agent.run.tainted", source: agent.name, payload: { from } });
  return true;
}

/** Before a tool that reads from outside answers: whatever happens next, the run has read it. */
export async function taintRun(deps: CompanyDeps, session: AgentSession, source: string): Promise<void> {
  await transact(deps, (unit) => taintIn(unit, { id: session.agentId, name: session.agent }, source));
}

/** The run has been shown these records: what they carry is its own from here on. */
export async function taintFrom(
  deps: CompanyDeps,
  session: AgentSession,
  what: Exclude<Tainted, "runs">,
  ids: readonly string[],
): Promise<void> {
  const found = await deps.db.transaction({ companyId: deps.companyId }, (tx) => selectTaintOf(tx, what, ids));
  if (found !== null) await taintRun(deps, session, found);
}

/** The first of these that carries a taint, said as where it was met. */
export function firstTaint<T extends { taint: string | null }>(items: readonly T[], what: (item: T) => string): string | null {
  const found = items.find((item) => item.taint !== null);
  return found ? `${what(found)}: ${found.taint}`.slice(0, sourceCharsMax) : null;
}
