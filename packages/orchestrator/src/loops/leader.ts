import { monotonicMs, togetherMs } from "@aito/base";
import { acquireTerm, type CompanyDeps, releaseTerm, renewTerm } from "@aito/company";
import type { World } from "../apply/world.ts";
import type { complaints } from "./complaints.ts";
import { startLoop } from "./start-loop.ts";

/** How long a term goes on without its holder. */
export const defaultLeaseMs = 10_000;
/** A leader stops believing in its term this part of the lease before it ends, so that a slow answer leaves no two leaders. */
const marginPart = 0.3;
/** Two tries, of a quarter of the lease each, come before a leader stops believing; each is a statement that even an idle company is asked. */
const renewalsPerLease = 4;

export interface Leader {
  /** True while this process holds the term and renewed it recently; measured with a clock that cannot jump. */
  leads(): boolean;
  /** The term under which this process may write now. */
  lead(): { holder: string; term: bigint } | null;
  close(): Promise<void>;
}

/**
 * Takes the company's term and keeps it, or waits for it: only the leader reconciles, ticks and seals. `onTerm` runs at the
 * beginning of each term of this process, before `leads()` is believed by anybody else's next pass; `atFirstTerm` with deps under
 * the first term, before that: when it fails the term is given back, and it is tried again. `onStir` runs when a renewal finds that
 * something has happened lately.
 */
export function startLeader(
  world: World,
  trouble: ReturnType<typeof complaints>,
  {
    leaseMs,
    atFirstTerm = () => Promise.resolve(),
    onTerm,
    onStir,
  }: { leaseMs: number; atFirstTerm?: (deps: CompanyDeps) => Promise<void>; onTerm: () => void; onStir: () => void },
): Leader {
  const { deps, holder, log } = world;
  const marginMs = leaseMs * marginPart;
  let held: bigint | null = null;
  let believedUntil = 0;
  let saidWaiting = false;
  let begun = false;
  const leads = (): boolean => held !== null && monotonicMs() < believedUntil;

  const begin = async (term: bigint): Promise<void> => {
    try {
      await atFirstTerm({ ...deps, lead: () => ({ holder, term }) });
      begun = true;
    } catch (error) {
      await releaseTerm(deps, holder, term).catch(() => undefined);
      throw error;
    }
  };

  const loop = startLoop({
    everyMs: () => togetherMs(leaseMs / renewalsPerLease),
    clock: world.clock,
    onError: (error) => trouble.failed("leader", error),
    run: async () => {
      const askedAt = monotonicMs();
      const { term, stirs } = await takeOrKeep(deps, { holder, leaseMs }, held);
      if (term !== null) believedUntil = askedAt + leaseMs - marginMs;
      if (term !== null && term !== held) {
        if (!begun) await begin(term);
        log.info({ term: String(term) }, "this orchestrator leads");
        held = term;
        saidWaiting = false;
        onTerm();
      } else if (term === null) {
        if (held !== null) log.warn({ term: String(held) }, "this orchestrator lost its term");
        else if (!saidWaiting) log.info({}, "another orchestrator leads; waiting for its term to end");
        saidWaiting = true;
        held = null;
      }
      if (stirs) onStir();
      trouble.worked("leader");
    },
  });

  return {
    leads,
    lead: () => (held !== null && leads() ? { holder, term: held } : null),
    close: async () => {
      await loop.close();
      // An ended lease lets the next leader begin at once instead of after `leaseMs`.
      if (held !== null) await releaseTerm(deps, holder, held).catch(() => undefined);
      held = null;
    },
  };
}

async function takeOrKeep(
  deps: CompanyDeps,
  { holder, leaseMs }: { holder: string; leaseMs: number },
  held: bigint | null,
): Promise<{ term: bigint | null; stirs: boolean }> {
  const kept = held !== null ? await renewTerm(deps, holder, held, leaseMs) : null;
  if (kept?.held) return { term: held, stirs: kept.stirs };
  return { term: await acquireTerm(deps, holder, leaseMs), stirs: false };
}
