import { errorText, monotonicMs } from "@aito/base";
import { settleCalls } from "@aito/company";
import { type Batch, makeEndings } from "./endings.ts";
import type { CallEnd, Held, LedgerOptions } from "./money-ledger.ts";
import { type Block, leftOver } from "./purse.ts";
import { settleApart } from "./settle-apart.ts";

const retryMs = 500;
const retryMsMax = 10_000;
/** While this many batches would be written within `manyMs`, calls are gathered: a commit for each would cost more than the calls. */
const manyBatches = 5;
const manyMs = 100;
const gatherMs = 20;

export interface Settler {
  add(held: Held, end: CallEnd): void;
  /** Ends a block that has no calls. */
  end(block: Block): void;
  /** Gives back what nobody wants any more. */
  tidy(blocks: ReadonlySet<Block>): void;
  /** Gives back all that is set aside ahead; resolves when that is written, or cannot be. */
  giveAll(blocks: ReadonlySet<Block>): Promise<void>;
  flush(blocks: ReadonlySet<Block>): Promise<void>;
}

interface Writing {
  /** Waiting for the next batch to be written, or to fail. */
  heard: (() => void)[];
  /** Ends the gathering. */
  hurry: AbortController;
}

/** Writes what has ended, one batch at a time. */
export function makeSettler(options: LedgerOptions, parts: { closing: AbortSignal; ended: (block: Block) => void }): Settler {
  const { closing } = parts;
  const endings = makeEndings();
  const writing: Writing = { heard: [], hurry: new AbortController() };
  const work = makeWork(options, { ...parts, endings, writing });
  let working: Promise<void> | null = null;
  const start = (): void => {
    working ??= work().finally(() => {
      working = null;
      if (!endings.isEmpty() && !closing.aborted) start();
    });
  };
  return {
    add: ({ id, block, amount, startedAt }, end) => {
      const { chargedMicroUsd: charged } = end;
      // What the call did not use of its worst case is there for the next.
      block.head += charged === null || charged > amount ? 0n : amount - charged;
      endings.add(block, { ...end, id, block: block.id, heldMicroUsd: amount, startedAt });
      start();
    },
    end: (block) => {
      block.retired = true;
      endings.touch(block);
      start();
    },
    tidy: (blocks) => {
      const nowMs = monotonicMs();
      for (const block of blocks) if (leftOver(block, { everything: false, nowMs }).close) endings.touch(block);
      if (!endings.isEmpty()) start();
    },
    giveAll: async (blocks) => {
      for (const block of blocks) if (block.head > 0n) endings.touch(block);
      if (endings.isEmpty()) return;
      endings.giveEverything();
      const done = new Promise<void>((resolve) => writing.heard.push(resolve));
      writing.hurry.abort();
      start();
      await done;
    },
    flush: async (blocks) => {
      await working;
      for (const block of blocks) endings.touch(block);
      endings.giveEverything();
      await work();
    },
  };
}

/** Writes until nothing is left, or until it is closing and the record cannot be reached. */
function makeWork(
  { deps, clock, log, changed }: LedgerOptions,
  parts: { closing: AbortSignal; ended: (block: Block) => void; endings: ReturnType<typeof makeEndings>; writing: Writing },
): () => Promise<void> {
  const { closing, endings, writing } = parts;
  let written: number[] = [];
  /** A batch that could not be written is tried again as it was: so it is never applied twice. */
  const apart = settleApart({ deps, log });
  const write = async (batch: Batch, heard: (() => void)[]): Promise<boolean> => {
    let rest: Pick<Batch, "blocks" | "calls"> = batch;
    for (let waitMs = retryMs; ; waitMs = Math.min(retryMsMax, waitMs * 2)) {
      try {
        await settleCalls(deps, rest.blocks, rest.calls);
        changed?.();
        return true;
      } catch (error) {
        log.error({ calls: rest.calls.length, error: errorText(error) }, "ended model calls could not be settled; trying again");
        const { left, lost } = await apart(rest);
        for (const id of lost) {
          endings.lose(batch.of.get(id)!);
          parts.ended(batch.of.get(id)!);
        }
        if (left.blocks.length === 0) return true;
        rest = left;
      } finally {
        for (const done of heard.splice(0)) done();
      }
      if (closing.aborted) return false;
      await clock.sleep(waitMs, closing).catch(() => undefined);
      for (const block of endings.dropOldest()) parts.ended(block);
    }
  };
  return async () => {
    while (!endings.isEmpty()) {
      const nowMs = monotonicMs();
      written = [...written.filter((ms) => nowMs - ms < manyMs), nowMs];
      if (written.length >= manyBatches && !closing.aborted && writing.heard.length === 0) {
        writing.hurry = new AbortController();
        await clock.sleep(gatherMs, AbortSignal.any([writing.hurry.signal, closing])).catch(() => undefined);
      }
      const heard = writing.heard.splice(0);
      const batch = endings.next();
      if (!(await write(batch, heard))) return;
      for (const block of batch.closed) parts.ended(block);
    }
  };
}
