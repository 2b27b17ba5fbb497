import type { ReceiptStatus } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { agentRowById } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import type { AgentSession } from "../agents/session.ts";
import {
  type BegunRow,
  deleteBegun,
  extendBegun,
  insertBegun,
  selectHeldTask,
  selectReceiptStatus,
  takeLostCalls,
  updateTrace,
} from "./queries.ts";
import { updateTrace as updateApprovalTrace } from "../approvals/queries.ts";
import type { ReceiptSigner } from "./receipt-signer.ts";
import { recordReceiptIn } from "./record-receipt.ts";

/** A call of a tool whose effect is in another system, as it is written down before it begins. */
export interface BegunCall {
  /** The receipt that it will leave. */
  id: string;
  tool: string;
  argumentsDigest: string;
  run: string | null;
  /** The task that it is for; one that is not its agent's own is not noted. */
  task: string | null;
  effect: boolean;
  source: string;
}

/** How long nothing may be heard of whoever runs a call, before its outcome counts as unknown. */
export const begunLeaseMs = 90_000;
const lostMax = 50;
/** Who looks for a call has it for this long; one that could not be looked for since it began is unknown. */
export const lookLeaseMs = 60_000;
export const lookMsMax = 15 * 60_000;

/**
 * Written before anything leaves the company: should whoever runs the call die, it ends with a receipt all the same (`endLostCalls`).
 */
export async function beginCallIn(unit: Unit, session: AgentSession, call: BegunCall): Promise<void> {
  const task = session.taskId ?? (call.task === null ? null : await selectHeldTask(unit, call.task, session.agentId));
  const leaseUntil = new Date(unit.now.getTime() + begunLeaseMs);
  await insertBegun(unit, { ...call, task, agentId: session.agentId, epoch: session.epoch, leaseUntil });
}

/** Its caller lives, and so does the call. */
export async function keepBegun(deps: CompanyDeps, id: string): Promise<void> {
  await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    extendBegun(tx, id, new Date(tx.now.getTime() + begunLeaseMs)),
  );
}

/**
 * What to look for where the effect is, should nobody hear how the call ended; written before it is sent. Errors: AITO_AGENT_STALE,
 * AITO_STOPPED.
 */
export async function traceBegun(deps: CompanyDeps, id: string, trace: Record<string, unknown>): Promise<void> {
  await transact(deps, (unit) => updateTrace(unit, id, trace));
}

/** The same of a call that runs by an approval (`endLostApprovals`). */
export async function traceApproved(deps: CompanyDeps, id: string, trace: Record<string, unknown>): Promise<void> {
  await transact(deps, (unit) => updateApprovalTrace(unit, id, trace));
}

/** In the transaction that writes its receipt. What that says already where the call was given up for lost before; null: it was not. */
export async function endBegun(unit: Unit, id: string): Promise<ReceiptStatus | null> {
  return (await deleteBegun(unit, id)) ? null : await selectReceiptStatus(unit, id);
}

/** What the other system shows of a call: that it was done, with what, or what else can be said of it. */
export type Seen =
  | {
      done: true;
      result: Record<string, unknown>;
      /**
       * Writes into our own records what the call itself would have, in the transaction of its receipt; changes nothing where that stands.
       * `agent`: the caller's row, locked, whichever incarnation it has now.
       */
      record(unit: Unit, agent: AgentRow): Promise<void>;
    }
  | { done: false; result: Record<string, unknown> };

/** Asks the other system what it has of a call; throws when it cannot be asked now. Null: there is no way to ask. */
export type LookFor = (call: { tool: string; trace: Record<string, unknown> }) => Promise<Seen | null>;

/**
 * Gives each begun call that nobody has been heard of any more its receipt. Where the other system can be asked and shows its effect, it
 * succeeded, and our own records say so with it; else nobody knows, since a gateway that stood still may yet go on, and it is not tried again. Returns how many ended; of any
 * number of gateways at once, one ends each. One that cannot be written down keeps none of the others back; its error is thrown at the end.
 */
export async function endLostCalls(deps: CompanyDeps, signer: ReceiptSigner, lookFor?: LookFor): Promise<number> {
  const asked: BegunRow[] = [];
  const ended = await transact(deps, async (unit) => {
    asked.length = 0;
    const lost = await takeLostCalls(unit, lostMax);
    for (const call of lost) {
      if (lookFor && call.trace && unit.now.getTime() - call.begunAt.getTime() < lookMsMax) {
        await extendBegun(unit, call.id, new Date(unit.now.getTime() + lookLeaseMs));
        asked.push(call);
      } else await endLost(unit, call, null, signer);
    }
    return lost.length - asked.length;
  });
  const found = await endSeen(deps, asked, {
    lookFor: lookFor!,
    end: (call, seen) => transact(deps, (unit) => endLost(unit, call, seen, signer)),
  });
  return ended + found;
}

/**
 * Ends lost calls, one by one, by what the other system shows of each. One that cannot be asked about now, or not be written down, is looked
 * for again once its lease is over. Returns how many ended.
 */
export async function endSeen<T extends { tool: string; trace: Record<string, unknown> | null }>(
  deps: CompanyDeps,
  calls: readonly T[],
  { lookFor, end }: { lookFor: LookFor; end(call: T, seen: Seen | null): Promise<boolean> },
): Promise<number> {
  let ended = 0;
  const failures: unknown[] = [];
  for (const call of calls) {
    const seen = await lookFor({ tool: call.tool, trace: call.trace! }).catch(() => undefined);
    if (seen === undefined) continue;
    deps.crashPoint?.("lost.after_look");
    try {
      if (await end(call, seen)) ended += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return ended;
}

/** False when it had ended already. */
async function endLost(unit: Unit, call: BegunRow, seen: Seen | null, signer: ReceiptSigner): Promise<boolean> {
  const { id, agentId, agent, epoch, run, task, tool, argumentsDigest, effect, source, begunAt } = call;
  const done = seen?.done === true;
  // The agent first, as in every transaction that writes for one.
  const caller = done ? await agentRowById(unit, agentId, { lock: true }) : null;
  if (!(await deleteBegun(unit, id))) return false;
  if (done) await seen.record(unit, caller!);
  const result = done
    ? { ...seen.result, message: `the gateway ended while it was under way; ${source} was asked, and has it` }
    : {
        ...seen?.result,
        code: "AITO_OUTCOME_UNKNOWN",
        message: `the gateway ended while it was under way: it may have had its effect${seen ? `; ${source} was asked, and did not show it whole` : ""}`,
      };
  await recordReceiptIn(
    unit,
    { agentId, agent, epoch, taskId: task },
    {
      id,
      tool,
      argumentsDigest,
      ok: done,
      status: done ? "succeeded" : "unknown",
      result,
      durationMs: unit.now.getTime() - begunAt.getTime(),
      run,
      effect,
      source,
    },
    signer,
  );
  const type = done ? "tool.found" : "tool.unknown";
  await unit.event({ type, source: "system", target: agent, payload: { tool, receipt: id, task } });
  return true;
}
