import { AitoError } from "@aito/base";
import type { ForgetMemories, Forgotten } from "@aito/protocol";
import { clientBySlug } from "../ask/queries.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { deleteRows, dropSummariesOf, type MemorySelector, quarantineRows } from "./queries.ts";

export interface ForgetRequest {
  which: MemorySelector;
  /** quarantine: kept, but found by nobody; delete: gone. Vectors and summaries go either way. */
  how: "quarantine" | "delete";
  operator: string;
  reason: string;
}

/** Takes memories out of every retrieval, by run, source or client; returns how many. Error: AITO_MEMORY_REASON without a reason. */
export async function forgetMemories(
  deps: CompanyDeps,
  { which, how, operator, reason }: ForgetRequest,
): Promise<{ memories: number; summaries: number }> {
  if (reason.trim() === "")
    throw new AitoError("AITO_MEMORY_REASON", "memories are set aside with a reason", {
      hint: "say why with --reason",
      status: 400,
    });
  return await transact(deps, async (unit) => {
    const ids = how === "delete" ? await deleteRows(unit, which) : await quarantineRows(unit, which, reason);
    const summaries = ids.length === 0 ? 0 : await dropSummariesOf(unit, ids);
    const type = how === "delete" ? "memory.deleted" : "memory.quarantined";
    await unit.event({ type, source: operator, payload: { which: { ...which }, memories: ids.length, summaries, reason } });
    return { memories: ids.length, summaries };
  });
}

/** The same as an operator says it: clients by their slug. Errors: AITO_MEMORY_CLIENT (404), AITO_MEMORY_REASON. */
export async function forgetByOperator(
  deps: CompanyDeps,
  { which, how, reason }: ForgetMemories,
  operator: string,
): Promise<Forgotten> {
  if (!("client" in which)) return await forgetMemories(deps, { which, how, operator, reason });
  const clientId = await transact(deps, (unit) => clientBySlug(unit, which.client));
  if (clientId === null) throw new AitoError("AITO_MEMORY_CLIENT", `there is no client "${which.client}"`, { status: 404 });
  return await forgetMemories(deps, { which: { clientId }, how, operator, reason });
}
