import { AitoError, type Clock, type Logger, retry } from "@aito/base";
import type { Octokit } from "@octokit/rest";
import { withSignal } from "../with-signal.ts";
import { isRetryable, toGithubError, waitSecondsOf } from "./github-errors.ts";
import { type GithubCaller, type GithubPlace, octokitByToken } from "./octokit-by-token.ts";

export interface GithubOptions extends GithubPlace {
  clock: Clock;
  log: Logger;
  /** Keeps the pace that GitHub asks of its clients (a write a second); not for a server of one's own. */
  throttled: boolean;
  random?: () => number;
}

const attemptsMax = 4;
/** A longer wait is the caller's: an agent does something else meanwhile. */
const waitSecondsMax = 20;

/** The one way to GitHub: each call bounded in time, tried again where that is safe, its failures as errors of ours. */
export class GithubClient {
  readonly #options: GithubOptions;
  readonly #caller: GithubCaller | undefined;
  readonly #with: ReturnType<typeof octokitByToken>;

  constructor(options: GithubOptions, caller?: GithubCaller) {
    this.#options = options;
    this.#caller = caller;
    const { log, throttled } = options;
    const warn = (text: string): void => log.debug({ text }, "GitHub");
    this.#with = octokitByToken(options, { throttled, warn, ...(caller ? { caller } : {}) });
  }

  /** The same for one caller, whose signal ends its requests and waits, and who is asked before each that changes something. */
  onBehalfOf(caller: GithubCaller): GithubClient {
    return new GithubClient(this.#options, caller);
  }

  /**
   * Runs something that may be run again: reads, and writes that look first whether they were made. Errors:
   * AITO_GITHUB_{LIMIT,REFUSED,UNKNOWN,CONFLICT,INVALID,UNAVAILABLE}, and what its caller ends it with.
   */
  async call<T>(about: string, run: (octokit: Octokit) => Promise<T>): Promise<T> {
    const { clock, random } = this.#options;
    const signal = this.#caller?.signal;
    try {
      return await retry(
        async () => {
          try {
            signal?.throwIfAborted();
            // What the library holds back for its pace is not waited for: it ends at its next request.
            return await withSignal(this.#with(run), signal);
          } catch (failed) {
            // The library wraps what its fetch throws; what its caller ended it with is no answer of GitHub's.
            const error = failed instanceof Error && failed.cause instanceof AitoError ? failed.cause : failed;
            if (signal?.aborted) throw signal.reason;
            const seconds = isRetryable(error) ? waitSecondsOf(error, clock.now()) : null;
            if (seconds !== null && seconds > waitSecondsMax) throw toGithubError(error, about, clock.now());
            if (seconds !== null) await clock.sleep(seconds * 1_000, signal);
            throw error;
          }
        },
        {
          clock,
          attemptsMax,
          baseMs: 250,
          maxMs: 4_000,
          ...(random ? { random } : {}),
          isRetryable: (error) => isRetryable(error) && !isOurs(error) && signal?.aborted !== true,
          ...(signal ? { signal } : {}),
        },
      );
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw toGithubError(error, about, clock.now());
    }
  }
}

const isOurs = (error: unknown): boolean => error instanceof Error && error.name === "AitoError";
