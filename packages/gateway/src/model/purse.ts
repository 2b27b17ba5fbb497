import type { CallOf } from "@aito/company";

/**
 * How long a caller is let through on money that is set aside already, since the record was last asked whether it is current, not
 * stopped, and within the windows that run now.
 */
export const believeMs = 500;
/** Asked again this early, beside the calls, so that a caller that goes on never waits for it. */
const refreshMs = 200;
/** What is set aside ahead is what the calls of this time took. */
const slotMs = 250;
/** The most that is set aside ahead for one caller: what a crash can charge it too much. A dearer call is never set aside for. */
export const aheadMicroUsdMax = 500_000n;

/** A reservation as its gateway knows it: what calls hold of it, and what is left for the next (`head`). */
export interface Block {
  readonly id: string;
  readonly purse: Purse;
  head: bigint;
  /** Calls that were taken from it and are not on their way into the record. */
  calls: number;
  /** Questions under way that may change it. */
  asks: number;
  /** Of the last settlement that was sent. */
  seq: number;
  /** No call is taken from it any more. */
  retired: boolean;
}

/** What is set aside for one caller and one purpose. */
export interface Purse {
  readonly of: CallOf;
  /** From which its next calls are taken. */
  block: Block | null;
  /** When the record was last asked about its caller, and found nothing against it. */
  checkedMs: number;
  /** What the record said before is not believed any more. */
  doubtedMs: number;
  refreshing: boolean;
  /** Calls in the slot that runs, and in the one before. */
  slot: { startMs: number; calls: number; before: number };
  /** What the last call could cost at most. */
  amount: bigint;
}

export const newPurse = (of: CallOf): Purse => ({
  of,
  block: null,
  checkedMs: -Infinity,
  doubtedMs: -Infinity,
  refreshing: false,
  slot: { startMs: -Infinity, calls: 0, before: 0 },
  amount: 0n,
});

export const newBlock = (id: string, purse: Purse, head: bigint): Block => ({
  id,
  purse,
  head,
  calls: 0,
  asks: 0,
  seq: 0,
  retired: false,
});

/** A call begins, whatever becomes of it. */
export function noteCall(purse: Purse, amount: bigint, nowMs: number): void {
  turnSlot(purse, nowMs);
  purse.slot.calls += 1;
  purse.amount = amount;
}

function turnSlot({ slot }: Purse, nowMs: number): void {
  const past = nowMs - slot.startMs;
  if (past < slotMs) return;
  slot.before = past < 2 * slotMs ? slot.calls : 0;
  slot.calls = 0;
  slot.startMs = nowMs;
}

/** What should be set aside for calls that have not begun: nothing for a caller that calls now and then. */
export function wantedAhead(purse: Purse, nowMs: number): bigint {
  turnSlot(purse, nowMs);
  const { amount, slot } = purse;
  const recent = BigInt(Math.max(slot.before, slot.calls, 1) - 1);
  if (amount === 0n || amount > aheadMicroUsdMax) return 0n;
  const most = aheadMicroUsdMax / amount;
  return amount * (recent < most ? recent : most);
}

/** The record was asked at `askedMs`, and found nothing against the caller. */
export function noteChecked(purse: Purse, askedMs: number): void {
  if (askedMs > purse.doubtedMs) purse.checkedMs = Math.max(purse.checkedMs, askedMs);
}

export function doubt(purse: Purse, nowMs: number): void {
  purse.doubtedMs = nowMs;
  purse.checkedMs = -Infinity;
}

/** Takes a call's worst case from what is set aside; null when the record must be asked. */
export function take(purse: Purse, amount: bigint, nowMs: number): Block | null {
  const { block } = purse;
  if (!block || block.retired || block.head < amount || nowMs - purse.checkedMs > believeMs) return null;
  block.head -= amount;
  block.calls += 1;
  return block;
}

/** Whether the record should be asked for more, or once more, beside the calls. */
export function wantsRefresh(purse: Purse, nowMs: number): boolean {
  const { block } = purse;
  if (purse.refreshing || !block || block.retired) return false;
  return nowMs - purse.checkedMs > refreshMs || block.head * 2n < wantedAhead(purse, nowMs);
}

/** What is to be done with a block when its next settlement is written: ended, or cut down to what is still wanted. */
export function leftOver(
  block: Block,
  { everything, nowMs }: { everything: boolean; nowMs: number },
): { close: boolean; give: bigint } {
  const { purse } = block;
  const current = purse.block === block && !block.retired;
  const wanted = current && !everything ? wantedAhead(purse, nowMs) : 0n;
  if (wanted === 0n && block.calls === 0 && block.asks === 0) return { close: true, give: 0n };
  return { close: false, give: block.head > wanted ? block.head - wanted : 0n };
}
