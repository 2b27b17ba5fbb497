import type { CompanyDeps } from "../company.ts";
import { renewLeases, selectExpiredReservations } from "./queries.ts";

/** A model call before it is made: who makes it, for what, and what it may cost at most. */
export interface ReserveCall {
  id: string;
  /** The hash of the agent's session, checked once more with the reservation; null for a caller without one. */
  session: string | null;
  agent: string | null;
  epoch: number | null;
  key: string | null;
  run: string | null;
  task: string | null;
  action: string | null;
  model: string;
  upstream: string;
  amountMicroUsd: bigint;
  /** That the caller is current and not stopped was asked just now. */
  checked?: boolean;
}

export interface BlockingBudget {
  id: string;
  scope: "company" | "client" | "department" | "agent" | "task" | "key";
  target: string;
  period: "day" | "month" | "total";
  capMicroUsd: bigint;
  spentMicroUsd: bigint;
  /** Set aside for calls that have not ended. */
  reservedMicroUsd: bigint;
  /** Of a task's amount: taken by other things than model calls. */
  promisedMicroUsd: bigint;
}

/** `ask`: the session is not its agent's current one, or something in the company is stopped; whether it is the caller must be asked. */
export type ReserveAnswer = { ok: true } | { ok: false; why: "ask" } | { ok: false; why: "budget"; budget: BlockingBudget };

/** A model call that has ended, whatever its outcome. Null where the upstream did not say: unknown is never 0. */
export interface EndedCall {
  id: string;
  /** What its budgets are charged; null: all that was set aside. */
  chargedMicroUsd: bigint | null;
  costMicroUsd: bigint | null;
  model: string | null;
  upstream: string | null;
  status: number;
  inputTokens: number | null;
  outputTokens: number | null;
  cacheWriteTokens: number | null;
  cacheWrite1hTokens: number | null;
  cacheReadTokens: number | null;
  cut: boolean;
  swept: boolean;
  attempts: number | null;
  firstByteMs: number | null;
  durationMs: number | null;
}

/** A reservation whose gateway does not renew it for this long is settled by the sweeper. */
export const reservationLeaseMs = 30_000;
export const leaseRenewMs = 8_000;
const sweptAtOnceMax = 500;

/**
 * Sets the calls' worst cost aside in every budget that holds them, or refuses single ones. One statement, one commit; calls of a
 * batch see what those before them took. `holder` is the process that answers for them.
 */
export async function reserveCalls(deps: CompanyDeps, holder: string, calls: ReserveCall[]): Promise<ReserveAnswer[]> {
  const leaseUntil = new Date(deps.clock.now().getTime() + reservationLeaseMs);
  const answers = await deps.db.call<StoredAnswer[]>(
    deps.companyId,
    "aito_reserve",
    calls.map(({ amountMicroUsd, ...call }) => ({ ...call, amount: amountMicroUsd.toString(), holder, leaseUntil })),
  );
  return answers.map((answer): ReserveAnswer => {
    if (answer.ok) return { ok: true };
    if (!answer.budget) return { ok: false, why: "ask" };
    const { id, scope, target, period, cap, spent, reserved, promised } = answer.budget;
    const budget = {
      id,
      scope,
      target,
      period,
      capMicroUsd: BigInt(cap),
      spentMicroUsd: BigInt(spent),
      reservedMicroUsd: BigInt(reserved),
      promisedMicroUsd: BigInt(promised),
    };
    return { ok: false, why: "budget", budget };
  });
}

interface StoredAnswer {
  ok: boolean;
  budget?: Pick<BlockingBudget, "id" | "scope" | "target" | "period"> & Record<"cap" | "spent" | "reserved" | "promised", string>;
}

/** Ends reservations: frees, charges, and writes the usage rows. Doing it again changes nothing. */
export async function settleCalls(deps: CompanyDeps, ended: EndedCall[]): Promise<number> {
  if (ended.length === 0) return 0;
  return await deps.db.call<number>(
    deps.companyId,
    "aito_settle",
    ended.map((call) => ({
      id: call.id,
      charged: call.chargedMicroUsd?.toString() ?? null,
      cost: call.costMicroUsd?.toString() ?? null,
      model: call.model,
      upstream: call.upstream,
      status: call.status,
      input: call.inputTokens,
      output: call.outputTokens,
      cacheWrite: call.cacheWriteTokens,
      cacheWrite1h: call.cacheWrite1hTokens,
      cacheRead: call.cacheReadTokens,
      cut: call.cut,
      swept: call.swept,
      attempts: call.attempts,
      firstByteMs: call.firstByteMs,
      durationMs: call.durationMs,
    })),
  );
}

/** Says that the process still lives, and so its calls. */
export async function renewReservations(deps: CompanyDeps, holder: string): Promise<void> {
  await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    renewLeases(tx, holder, new Date(tx.now.getTime() + reservationLeaseMs)),
  );
}

/** The status of a call whose gateway ended: nobody knows how it went. */
export const sweptStatus = 598;

/**
 * The tick: settles calls whose gateway is gone. What they cost is not known and shown so; their budgets are charged all that was
 * set aside, as the vendor may have been. Returns how many.
 */
export async function sweepReservations(deps: CompanyDeps): Promise<number> {
  const ids = await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    selectExpiredReservations(tx, tx.now, sweptAtOnceMax),
  );
  const unknown = { model: null, upstream: null, inputTokens: null, outputTokens: null, cacheWriteTokens: null };
  return await settleCalls(
    deps,
    ids.map((id) => ({
      id,
      ...unknown,
      chargedMicroUsd: null,
      costMicroUsd: null,
      status: sweptStatus,
      cacheWrite1hTokens: null,
      cacheReadTokens: null,
      cut: true,
      swept: true,
      attempts: null,
      firstByteMs: null,
      durationMs: null,
    })),
  );
}
