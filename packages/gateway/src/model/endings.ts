import { monotonicMs } from "@aito/base";
import type { EndedCall, SettledBlock } from "@aito/company";
import { type Block, leftOver } from "./purse.ts";

const batchMax = 500;
/** Calls that ended and could not be written down; beyond it the oldest are left to the sweeper. */
const unsettledMax = 20_000;

/** One settlement: what is written with one commit. */
export interface Batch {
  blocks: SettledBlock[];
  calls: EndedCall[];
  closed: Block[];
  /** Whose settlements these are, by the reservation's id. */
  of: Map<string, Block>;
}

/** What has ended and is not on its way into the record. */
export interface Endings {
  add(block: Block, call: EndedCall): void;
  /** Something of this block can be given back. */
  touch(block: Block): void;
  /** The next batch gives back all that is set aside ahead. */
  giveEverything(): void;
  isEmpty(): boolean;
  next(): Batch;
  /**
   * Drops what is beyond `unsettledMax`. Blocks of dropped calls are neither renewed nor ended: the sweeper charges all that they hold.
   * Returns them.
   */
  dropOldest(): Block[];
  /** The same for one reservation of a batch. */
  lose(block: Block): void;
}

export function makeEndings(): Endings {
  const ended: { block: Block; call: EndedCall }[] = [];
  const touched = new Set<Block>();
  const lost = new WeakSet<Block>();
  const lose = (block: Block): void => {
    block.retired = true;
    if (block.purse.block === block) block.purse.block = null;
    lost.add(block);
  };
  let everything = false;
  return {
    add: (block, call) => void ended.push({ block, call }),
    touch: (block) => {
      if (touched.size < unsettledMax) touched.add(block);
    },
    giveEverything: () => {
      everything = true;
    },
    isEmpty: () => ended.length + touched.size === 0,
    next: () => {
      const taken = ended.splice(0, batchMax);
      for (const { block } of taken) {
        block.calls -= 1;
        touched.add(block);
      }
      const batch: Batch = { blocks: [], calls: taken.map(({ call }) => call), closed: [], of: new Map() };
      const nowMs = monotonicMs();
      for (const block of touched) if (!lost.has(block)) settleBlock(batch, block, { everything, nowMs });
      touched.clear();
      everything = false;
      return batch;
    },
    dropOldest: () => {
      const dropped = ended.splice(0, Math.max(0, ended.length - unsettledMax)).map(({ block }) => block);
      dropped.forEach(lose);
      return dropped;
    },
    lose,
  };
}

function settleBlock(batch: Batch, block: Block, options: { everything: boolean; nowMs: number }): void {
  const { close, give } = leftOver(block, options);
  if (close) {
    block.retired = true;
    if (block.purse.block === block) block.purse.block = null;
    batch.closed.push(block);
  }
  block.head -= give;
  block.seq += 1;
  batch.of.set(block.id, block);
  batch.blocks.push({ id: block.id, seq: block.seq, giveMicroUsd: give, close });
}
