import { monotonicMs } from "@aito/base";
import { type CallOf, type ReserveAnswer, reserveCalls } from "@aito/company";
import type { CallToReserve, LedgerOptions, Reserved } from "./money-ledger.ts";
import { type Block, doubt, newBlock, noteChecked, type Purse, wantedAhead } from "./purse.ts";
import type { Settler } from "./settler.ts";

const batchMax = 200;

export interface Reserver {
  /** Sets the call aside in the record. */
  ask(purse: Purse, call: CallToReserve): Promise<Reserved>;
  /** Asks about the caller once more, and for what its next calls need, beside its calls. */
  refresh(purse: Purse): void;
}

interface Waiting {
  purse: Purse;
  /** Null: only a refresh. */
  call: CallToReserve | null;
  resolve(answer: Reserved | null): void;
  reject(error: unknown): void;
}

interface Sent extends Waiting {
  /** The block that it should go into. */
  into: Block | null;
  row: CallOf & { id: string; amountMicroUsd: bigint; aheadMicroUsd: bigint; block: string | null; checked: boolean };
}

/** One batch at a time goes to the record, with all that waits: one commit for all of it. */
export function makeReserver(
  options: LedgerOptions,
  parts: { purses: ReadonlyMap<string, Purse>; blocks: Set<Block>; settler: Settler },
): Reserver {
  const { purses, blocks, settler } = parts;
  const waiting: Waiting[] = [];
  let busy = false;
  const work = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) await send(options, waiting.splice(0, batchMax), parts);
    busy = false;
  };
  const once = (purse: Purse, call: CallToReserve | null): Promise<Reserved | null> =>
    new Promise((resolve, reject) => {
      waiting.push({ purse, call, resolve, reject });
      void work();
    });
  return {
    ask: async (purse, call) => {
      const answer = (await once(purse, call))!;
      if (answer.ok || answer.why === "ask") return answer;
      // What is only set aside ahead, or has ended and is not written yet, must not keep a call from what is left.
      const idle = [...purses.values()].some(({ block }) => block !== null && block.head > 0n);
      if (!idle) return answer;
      await settler.giveAll(blocks);
      return (await once(purse, call))!;
    },
    refresh: (purse) => {
      purse.refreshing = true;
      void once(purse, null)
        .catch(() => undefined)
        .finally(() => (purse.refreshing = false));
    },
  };
}

async function send(
  { deps, holder, changed }: LedgerOptions,
  waiting: Waiting[],
  { blocks, settler }: { blocks: Set<Block>; settler: Settler },
): Promise<void> {
  const nowMs = monotonicMs();
  const ahead = new Set<Purse>();
  const batch = waiting.map((item): Sent => {
    const { purse, call } = item;
    const into = purse.block?.retired === false ? purse.block : null;
    if (into) into.asks += 1;
    const missing = ahead.has(purse) || call?.checked ? 0n : wantedAhead(purse, nowMs) - (into?.head ?? 0n);
    ahead.add(purse);
    const row = {
      ...purse.of,
      id: deps.newId(),
      amountMicroUsd: call?.amountMicroUsd ?? 0n,
      aheadMicroUsd: missing > 0n ? missing : 0n,
      block: into?.id ?? null,
      checked: call?.checked ?? false,
    };
    return { ...item, into, row };
  });
  const rows = batch.map(({ row }) => row);
  try {
    const answers = await reserveCalls(deps, holder, rows);
    changed?.();
    for (const [index, sent] of batch.entries())
      hear(sent, { answer: answers[index]!, askedMs: nowMs, startedAt: deps.clock.now(), blocks });
  } catch (error) {
    for (const sent of batch) {
      // Whether it was stored is not known: what can have been is ended, with all that it holds.
      if (sent.into) sent.into.retired = true;
      settler.end(newBlock(sent.row.id, sent.purse, 0n));
      sent.reject(error);
    }
  } finally {
    for (const { into } of batch) if (into) into.asks -= 1;
  }
}

function hear(
  { purse, call, into, row, resolve }: Sent,
  heard: { answer: ReserveAnswer; askedMs: number; startedAt: Date; blocks: Set<Block> },
): void {
  const { answer, blocks, askedMs, startedAt } = heard;
  if (!answer.ok) {
    if (answer.why === "ask") doubt(purse, monotonicMs());
    return resolve(answer);
  }
  if (!row.checked) noteChecked(purse, askedMs);
  const grown = into?.id === answer.block;
  // Its windows are over, or it was swept.
  if (into && !grown) into.retired = true;
  const block = grown ? into : newBlock(answer.block, purse, 0n);
  blocks.add(block);
  block.head += answer.aheadMicroUsd;
  if (!purse.block || purse.block.retired) purse.block = block;
  if (!call) return resolve(null);
  block.calls += 1;
  resolve({ ok: true, held: { id: call.id, block, amount: row.amountMicroUsd, startedAt } });
}
