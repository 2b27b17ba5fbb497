import type { CompanyDeps } from "../company.ts";
import { renewLeases, selectExpiredReservations } from "./queries.ts";

/** A model call before it is made: who makes it, for what, and what it may cost at most. */
export interface ReserveCall extends CallOf {
  /** Of the reservation, where it gets one of its own. */
  id: string;
  amountMicroUsd: bigint;
  /** The reservation of the same holder and caller that it goes into, if its windows are the same. */
  block?: string | null;
  /** Set aside beside it for the caller's next calls, where every budget has plenty left. */
  aheadMicroUsd?: bigint;
  /** That the caller is current and not stopped was asked just now. */
  checked?: boolean;
}

/** Whose call it is and what for: what a reservation is made for. */
export interface CallOf {
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
export type ReserveAnswer =
  | { ok: true; block: string; aheadMicroUsd: bigint }
  | { ok: false; why: "ask" }
  | { ok: false; why: "budget"; budget: BlockingBudget };

/** What is settled of one reservation. `seq` grows with each: one that is written twice changes nothing the second time. */
export interface SettledBlock {
  id: string;
  seq: number;
  /** Given back, beside what its calls leave of theirs. */
  giveMicroUsd: bigint;
  /** Its last: all that it still holds is given back, and it ends. */
  close: boolean;
}

/** A model call that has ended, whatever its outcome. Null where the upstream did not say: unknown is never 0. */
export interface EndedCall {
  id: string;
  /** Its reservation, and what of it was this call's. */
  block: string;
  heldMicroUsd: bigint;
  startedAt: Date;
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
    calls.map(({ amountMicroUsd, aheadMicroUsd = 0n, ...call }) => ({
      ...call,
      amount: amountMicroUsd.toString(),
      ahead: aheadMicroUsd.toString(),
      holder,
      leaseUntil,
    })),
  );
  return answers.map((answer): ReserveAnswer => {
    if (answer.ok) return { ok: true, block: answer.block!, aheadMicroUsd: BigInt(answer.ahead!) };
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
  block?: string;
  ahead?: string;
  budget?: Pick<BlockingBudget, "id" | "scope" | "target" | "period"> & Record<"cap" | "spent" | "reserved" | "promised", string>;
}

/**
 * Settles ended calls and the reservations that they were taken from: frees, charges, and writes the usage rows. Doing it again
 * changes nothing. A call whose reservation was swept meanwhile gets its row and is charged no second time. Returns of how many
 * reservations something was settled.
 */
export async function settleCalls(deps: CompanyDeps, blocks: SettledBlock[], calls: EndedCall[]): Promise<number> {
  if (blocks.length === 0) return 0;
  return await deps.db.call<number>(deps.companyId, "aito_settle", {
    blocks: blocks.map(({ giveMicroUsd, ...block }) => ({ ...block, give: giveMicroUsd.toString(), swept: false })),
    calls: calls.map((call) => ({
      id: call.id,
      block: call.block,
      at: call.startedAt,
      held: call.heldMicroUsd.toString(),
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
      attempts: call.attempts,
      firstByteMs: call.firstByteMs,
      durationMs: call.durationMs,
    })),
  });
}

/** Says that the process still lives, and so the calls of these reservations. */
export async function renewReservations(deps: CompanyDeps, holder: string, blocks: string[]): Promise<void> {
  if (blocks.length === 0) return;
  await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    renewLeases(tx, { holder, blocks, until: new Date(tx.now.getTime() + reservationLeaseMs) }),
  );
}

/**
 * The tick: settles reservations whose gateway is gone, or has forgotten them. What was spent of them is not known and shown so (a
 * usage row of status 598); their budgets are charged all that they hold, as the vendor may have been. Returns how many.
 */
export async function sweepReservations(deps: CompanyDeps): Promise<number> {
  const ids = await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    selectExpiredReservations(tx, tx.now, sweptAtOnceMax),
  );
  if (ids.length === 0) return 0;
  const blocks = ids.map((id) => ({ id, seq: 0, give: "0", close: false, swept: true }));
  const sweep = (some: typeof blocks): Promise<number> =>
    deps.db.call<number>(deps.companyId, "aito_settle", { blocks: some, calls: [] });
  return await sweep(blocks).catch(async () => {
    // One that cannot be settled must not hold up the others; it is told when they are done.
    const failures: unknown[] = [];
    let swept = 0;
    for (const block of blocks) swept += await sweep([block]).catch((error: unknown) => (failures.push(error), 0));
    if (failures.length === 0) return swept;
    throw new AggregateError(failures, `${failures.length} reservations could not be settled, ${swept} were`, {
      cause: failures[0],
    });
  });
}
