import type { AgentSession } from "../agents/session.ts";
import type { CompanyDeps } from "../company.ts";
import { selectRuns } from "./queries.ts";

/** The run that the incarnation is in, with what it is about; null between runs. */
export async function openRunOf(
  deps: CompanyDeps,
  session: AgentSession,
): Promise<{ id: string; reasons: { kind: string; ref: string | null }[] } | null> {
  const [last] = await deps.db.transaction({ companyId: deps.companyId }, (tx) => selectRuns(tx, session.agentId, 1));
  if (last?.epoch !== session.epoch || last.status !== "running") return null;
  return { id: last.id, reasons: last.reasons.map(({ kind, ref }) => ({ kind, ref })) };
}
