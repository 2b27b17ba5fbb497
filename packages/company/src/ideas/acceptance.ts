import type { Acceptance } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { humanAnswersTo, selectAcceptance } from "./queries.ts";

export const humanAnswersMax = 10;

/** How often humans approved what each agent proposed, by kind. */
export async function acceptance(deps: CompanyDeps): Promise<Acceptance[]> {
  const rows = await transact(deps, (unit) => selectAcceptance(unit));
  return rows.map(({ agent, kind, approved, vetoed, sent_back }) => ({ agent, kind, approved, vetoed, sentBack: sent_back }));
}

/** What humans said to the agent's last proposals, with their reasons: part of its context. */
export const humanAnswers = async (unit: Unit, agentId: string) =>
  (await humanAnswersTo(unit, agentId, humanAnswersMax)).map((row) => ({
    at: row.answered_at.toISOString(),
    title: row.title,
    answer: row.answer,
    reason: row.comment ?? "",
  }));
