import { type Clock, errorText, type Logger, monotonicMs } from "@aito/base";
import {
  type BlockingBudget,
  type CallOf,
  type CompanyDeps,
  type EndedCall,
  leaseRenewMs,
  renewReservations,
} from "@aito/company";
import { type Block, doubt, newPurse, noteCall, type Purse, take, wantsRefresh } from "./purse.ts";
import { makeReserver } from "./reserver.ts";
import { makeSettler } from "./settler.ts";

const idleLookMs = 500;
const pursesMax = 5_000;

/** A call's worst case, set aside. */
export interface Held {
  id: string;
  block: Block;
  amount: bigint;
  startedAt: Date;
}

export interface CallToReserve extends CallOf {
  id: string;
  amountMicroUsd: bigint;
  /** That the caller is current and not stopped was asked just now. */
  checked?: boolean;
}

export type Reserved =
  | { ok: true; held: Held }
  | { ok: false; why: "ask" }
  | { ok: false; why: "budget"; budget: BlockingBudget };

/** How a call ended; what it held is known here. */
export type CallEnd = Omit<EndedCall, "id" | "block" | "heldMicroUsd" | "startedAt">;

/** A call of which nothing is known yet: settled like this, all that was set aside for it is charged. */
export const unknownEnd: CallEnd = {
  chargedMicroUsd: null,
  costMicroUsd: null,
  model: null,
  upstream: null,
  status: 503,
  inputTokens: null,
  outputTokens: null,
  cacheWriteTokens: null,
  cacheWrite1hTokens: null,
  cacheReadTokens: null,
  cut: false,
  attempts: null,
  firstByteMs: null,
  durationMs: null,
};

/**
 * The calls' money. Every call is covered by a reservation in the database before it is sent. One that comes alone has its own, with a
 * commit before it; a caller that calls often has some set aside ahead (`purse.ts`), and its calls are taken from that in memory while the
 * record was asked about it less than half a second ago. What waits together goes to the database together: one statement, one commit.
 */
export interface MoneyLedger {
  reserve(call: CallToReserve): Promise<Reserved>;
  /** Off the reply's path; tried until it is written, as long as this process lives. Then the sweeper does it. */
  settle(held: Held, end: CallEnd): void;
  /** Something may have changed about callers: before the next call of each the record is asked. */
  doubt(): void;
  /** Waits a bounded time for what has ended to be written. */
  close(): Promise<void>;
}

export interface LedgerOptions {
  deps: CompanyDeps;
  /** Names this process in its reservations, whose leases it renews. */
  holder: string;
  clock: Clock;
  log: Logger;
  /** Hears when something was written: set aside or settled. */
  changed?: () => void;
}

export function makeMoneyLedger(options: LedgerOptions): MoneyLedger {
  const { clock, deps } = options;
  const stop = new AbortController();
  const purses = new Map<string, Purse>();
  const blocks = new Set<Block>();
  const settler = makeSettler(options, { closing: stop.signal, ended: (block) => blocks.delete(block) });
  const reserver = makeReserver(options, { purses, blocks, settler });
  const renewing = renewUntil(options, { closing: stop.signal, blocks });
  const purseOf = (call: CallToReserve): Purse => {
    const key = keyOf(call);
    const known = purses.get(key);
    if (known) return known;
    if (purses.size >= pursesMax) forgetIdle(purses);
    const { session, agent, epoch, key: gatewayKey, run, task, action, model, upstream } = call;
    const made = newPurse({ session, agent, epoch, key: gatewayKey, run, task, action, model, upstream });
    purses.set(key, made);
    return made;
  };
  // What is set aside for callers that stopped calling is given back.
  let cancelLook: (() => void) | null = null;
  const lookLater = (): void => {
    cancelLook ??= clock.after(idleLookMs, () => {
      cancelLook = null;
      settler.tidy(blocks);
      if (blocks.size > 0) lookLater();
      else forgetIdle(purses);
    });
  };
  return {
    reserve: async (call) => {
      const { amountMicroUsd: amount } = call;
      const purse = purseOf(call);
      const nowMs = monotonicMs();
      noteCall(purse, amount, nowMs);
      const block = call.checked ? null : take(purse, amount, nowMs);
      lookLater();
      if (!block) return await reserver.ask(purse, call);
      if (wantsRefresh(purse, nowMs)) reserver.refresh(purse);
      return { ok: true, held: { id: call.id, block, amount, startedAt: deps.clock.now() } };
    },
    settle: settler.add,
    doubt: () => {
      const nowMs = monotonicMs();
      for (const purse of purses.values()) doubt(purse, nowMs);
    },
    close: async () => {
      stop.abort(new Error("closing"));
      cancelLook?.();
      await renewing;
      await settler.flush(blocks);
    },
  };
}

const keyOf = ({ session, agent, epoch, key, run, task, action, model, upstream }: CallOf): string =>
  `${session}\n${agent}\n${epoch}\n${key}\n${run}\n${task}\n${action}\n${model}\n${upstream}`;

function forgetIdle(purses: Map<string, Purse>): void {
  for (const [key, { block, refreshing }] of purses) if (!refreshing && block === null) purses.delete(key);
}

async function renewUntil(
  { deps, holder, clock, log }: LedgerOptions,
  { closing, blocks }: { closing: AbortSignal; blocks: ReadonlySet<Block> },
): Promise<void> {
  while (!closing.aborted) {
    await clock.sleep(leaseRenewMs, closing).catch(() => undefined);
    if (closing.aborted) return;
    const ids = [...blocks].map(({ id }) => id);
    await renewReservations(deps, holder, ids).catch((error: unknown) =>
      log.warn({ error: errorText(error) }, "the leases of model calls could not be renewed"),
    );
  }
}
