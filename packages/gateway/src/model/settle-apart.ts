import type { Logger } from "@aito/base";
import { type CompanyDeps, type EndedCall, settleCalls } from "@aito/company";
import type { Batch } from "./endings.ts";

/** So often a reservation's settlement is tried as it is, while the record answers otherwise. */
const triesMax = 3;

export interface Apart {
  /** What is to be tried again. */
  left: Pick<Batch, "blocks" | "calls">;
  /** Reservations that are left to the sweeper, by id. */
  lost: string[];
}

/**
 * Settles a batch that could not be written reservation by reservation, so that one of them does not hold up the others. One that is
 * refused a few times is written without what its calls said (their cost unknown, all that was set aside for them charged); one that
 * even then cannot be is given up. Nothing is done while the record does not answer at all.
 */
export function settleApart({ deps, log }: { deps: CompanyDeps; log: Logger }): (batch: Apart["left"]) => Promise<Apart> {
  const tries = new Map<string, number>();
  const written = (block: Batch["blocks"][number], calls: EndedCall[]): Promise<boolean> =>
    settleCalls(deps, [block], calls).then(
      () => true,
      () => false,
    );
  return async ({ blocks, calls }) => {
    const callsOf = Map.groupBy(calls, (call) => call.block);
    const left: Batch["blocks"] = [];
    const lost: string[] = [];
    for (const [at, block] of blocks.entries()) {
      const own = callsOf.get(block.id) ?? [];
      if (await written(block, own)) {
        tries.delete(block.id);
        continue;
      }
      if (!(await answers(deps))) {
        left.push(...blocks.slice(at));
        break;
      }
      const tried = (tries.get(block.id) ?? 0) + 1;
      tries.set(block.id, tried);
      if (tried < triesMax) {
        left.push(block);
        continue;
      }
      tries.delete(block.id);
      const ids = own.map(({ id }) => id);
      log.error({ block: block.id, calls: ids }, "model calls cannot be written as they ended; their cost is unknown");
      if (await written(block, own.map(unsaid))) continue;
      log.error({ block: block.id, calls: ids }, "a reservation cannot be settled; it is left to the sweeper");
      lost.push(block.id);
    }
    const ids = new Set(left.map(({ id }) => id));
    return { left: { blocks: left, calls: calls.filter((call) => ids.has(call.block)) }, lost };
  };
}

/** A call without what it said of itself. */
const unsaid = (call: EndedCall): EndedCall => ({
  ...call,
  chargedMicroUsd: null,
  costMicroUsd: null,
  model: null,
  upstream: null,
  inputTokens: null,
  outputTokens: null,
  cacheWriteTokens: null,
  cacheWrite1hTokens: null,
  cacheReadTokens: null,
  attempts: null,
  firstByteMs: null,
  durationMs: null,
});

async function answers({ db }: CompanyDeps): Promise<boolean> {
  try {
    await db.ping();
    return true;
  } catch {
    return false;
  }
}
