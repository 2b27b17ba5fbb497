import { errorText, type Clock, type Logger } from "@aito/base";
import {
  type CompanyDeps,
  type EndedCall,
  leaseRenewMs,
  renewReservations,
  type ReserveAnswer,
  type ReserveCall,
  reserveCalls,
  settleCalls,
} from "@aito/company";

const batchMax = 200;
const settleRetryMs = 500;
const settleWaitMsMax = 10_000;
/** Calls that ended and could not be written down; beyond it the oldest are left to the sweeper. */
const unsettledMax = 20_000;

/** The calls' money. What waits together goes to the database together: one statement and one commit for all of it. */
export interface MoneyLedger {
  reserve(call: ReserveCall): Promise<ReserveAnswer>;
  /** Off the reply's path; tried until it is written, as long as this process lives. Then the sweeper does it. */
  settle(call: EndedCall): void;
  /** Waits a bounded time for what has ended to be written. */
  close(): Promise<void>;
}

/** `holder` names this process in its reservations, whose leases it renews. */
export function makeMoneyLedger(options: { deps: CompanyDeps; holder: string; clock: Clock; log: Logger }): MoneyLedger {
  const stop = new AbortController();
  const settler = makeSettler(options, stop.signal);
  const renewing = renewUntil(options, stop.signal);
  return {
    reserve: makeReserver(options),
    settle: settler.add,
    close: async () => {
      stop.abort(new Error("closing"));
      await renewing;
      await settler.flush();
    },
  };
}

type Options = Parameters<typeof makeMoneyLedger>[0];

function makeReserver({ deps, holder }: Options): MoneyLedger["reserve"] {
  const waiting: { call: ReserveCall; resolve: (answer: ReserveAnswer) => void; reject: (error: unknown) => void }[] = [];
  let busy = false;
  const work = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchMax);
      try {
        const answers = await reserveCalls(
          deps,
          holder,
          batch.map(({ call }) => call),
        );
        batch.forEach(({ resolve }, index) => resolve(answers[index]!));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    busy = false;
  };
  return (call) =>
    new Promise((resolve, reject) => {
      waiting.push({ call, resolve, reject });
      void work();
    });
}

function makeSettler({ deps, clock, log }: Options, closing: AbortSignal) {
  const ended: EndedCall[] = [];
  let working: Promise<void> | null = null;
  const work = async (): Promise<void> => {
    let waitMs = settleRetryMs;
    while (ended.length > 0) {
      const batch = ended.slice(0, batchMax);
      try {
        await settleCalls(deps, batch);
        ended.splice(0, batch.length);
        waitMs = settleRetryMs;
      } catch (error) {
        log.error({ calls: ended.length, error: errorText(error) }, "ended model calls could not be settled; trying again");
        if (closing.aborted) return;
        await clock.sleep(waitMs, closing).catch(() => undefined);
        waitMs = Math.min(settleWaitMsMax, waitMs * 2);
        if (ended.length > unsettledMax) ended.splice(0, ended.length - unsettledMax);
      }
    }
  };
  const start = (): void => {
    working ??= work().finally(() => {
      working = null;
      if (ended.length > 0 && !closing.aborted) start();
    });
  };
  return {
    add: (call: EndedCall): void => {
      ended.push(call);
      start();
    },
    flush: async (): Promise<void> => {
      await working;
      await work();
    },
  };
}

async function renewUntil({ deps, holder, clock, log }: Options, closing: AbortSignal): Promise<void> {
  while (!closing.aborted) {
    await clock.sleep(leaseRenewMs, closing).catch(() => undefined);
    if (closing.aborted) return;
    await renewReservations(deps, holder).catch((error: unknown) =>
      log.warn({ error: errorText(error) }, "the leases of model calls could not be renewed"),
    );
  }
}
