import { errorText, type Logger } from "@aito/base";
import { type CompanyDeps, recordExchange } from "@aito/company";
import type { Tap } from "./pass-through.ts";

/** What is longer is not kept. */
const answerBytesMax = 16 * 1024 * 1024;
/** Exchanges that wait to be written; more are let go, so that a slow database holds up nothing. */
const waitingMax = 100;

/** Keeps what was asked and answered, for replay; off the reply's path. */
export interface Recorder {
  begin(call: string, request: Buffer): { tap: Tap; end(whole: boolean): void };
  close(): Promise<void>;
}

export function makeRecorder({ deps, log }: { deps: CompanyDeps; log: Logger }): Recorder {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  const keep = (exchange: Parameters<typeof recordExchange>[1]): void => {
    if (waiting >= waitingMax) {
      log.warn({ call: exchange.id }, "a model call was not recorded: too many wait");
      return;
    }
    waiting += 1;
    last = last
      .then(() => recordExchange(deps, exchange))
      .catch((error: unknown) => log.warn({ call: exchange.id, error: errorText(error) }, "a model call was not recorded"))
      .finally(() => (waiting -= 1));
  };
  return {
    begin: (id, request) => {
      const parts: Buffer[] = [];
      let size = 0;
      return {
        tap: (bytes) => {
          size += bytes.length;
          if (size <= answerBytesMax) parts.push(bytes);
        },
        end: (whole) => {
          const response = Buffer.concat(parts).toString("utf8");
          keep({ id, request: request.toString("utf8"), response, whole: whole && size <= answerBytesMax });
        },
      };
    },
    close: () => last,
  };
}
