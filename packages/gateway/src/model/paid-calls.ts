import { AitoError, monotonicMs } from "@aito/base";
import type { AgentSession } from "@aito/company";
import type { OpenRuns } from "../agents/open-runs.ts";
import { budgetSpent } from "./budget-spent.ts";
import { type Held, type MoneyLedger, unknownEnd } from "./money-ledger.ts";

/** `paid`: it cost what was set aside. `nothing`: it was not sent. `unknown`: it may have been paid for, and is charged in full. */
export type PaidEnd = "paid" | "nothing" | "unknown";

/** Set aside until it is settled, once. */
export interface SetAside {
  settle(end: PaidEnd): void;
}

/**
 * Money for calls of outside tools that nobody is asked about: out of the same budgets as model calls, by the same ledger, so that what is
 * left is never spent twice.
 */
export interface PaidCalls {
  /** Error: AITO_BUDGET_SPENT (402), with the budget that has too little left. The caller was found current just now. */
  setAside(call: { session: AgentSession; tool: string; source: string; amountMicroUsd: bigint }): Promise<SetAside>;
}

const nameCharactersMax = 100;
const statusOf: Record<PaidEnd, number> = { paid: 200, nothing: 503, unknown: 502 };

export function makePaidCalls(parts: {
  ledger: Pick<MoneyLedger, "reserve" | "settle">;
  openRuns: Pick<OpenRuns, "current">;
  newId: () => string;
}): PaidCalls {
  const { ledger, openRuns, newId } = parts;
  return {
    setAside: async ({ session, tool, source, amountMicroUsd }) => {
      const run = await openRuns.current(session);
      const answer = await ledger.reserve({
        id: newId(),
        session: null,
        agent: session.agentId,
        epoch: session.epoch,
        key: null,
        run: run?.id ?? null,
        // A standing agent's run may be about several tasks: it is booked on the first.
        task: session.taskId ?? run?.reasons.find(({ kind }) => kind === "task")?.ref ?? null,
        action: "tool",
        model: `tool:${tool}`.slice(0, nameCharactersMax),
        upstream: source.slice(0, nameCharactersMax),
        amountMicroUsd,
        checked: true,
      });
      if (answer.ok) return setAside(ledger, answer.held);
      if (answer.why === "budget") {
        throw budgetSpent(answer.budget, amountMicroUsd, { caller: session.agent, cheaper: "go on without it" });
      }
      throw new AitoError("AITO_AGENT_SESSION", "this session is over", { status: 401 });
    },
  };
}

function setAside(ledger: Pick<MoneyLedger, "settle">, held: Held): SetAside {
  const startedMs = monotonicMs();
  let settled = false;
  return {
    settle: (end) => {
      if (settled) return;
      settled = true;
      const cost = end === "unknown" ? null : end === "paid" ? held.amount : 0n;
      ledger.settle(held, {
        ...unknownEnd,
        status: statusOf[end],
        costMicroUsd: cost,
        chargedMicroUsd: cost,
        attempts: 1,
        durationMs: Math.round(monotonicMs() - startedMs),
      });
    },
  };
}
