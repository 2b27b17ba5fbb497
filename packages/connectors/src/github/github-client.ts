import { type Clock, type Logger, retry } from "@aito/base";
import type { Octokit } from "@octokit/rest";
import { isRetryable, toGithubError, waitSecondsOf } from "./github-errors.ts";
import { type GithubPlace, octokitByToken } from "./octokit-by-token.ts";

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
  readonly #with: ReturnType<typeof octokitByToken>;

  constructor(options: GithubOptions) {
    this.#options = options;
    const { log, throttled } = options;
    this.#with = octokitByToken(options, { throttled, warn: (text) => log.debug({ text }, "GitHub") });
  }

  /**
   * Runs something that may be run again: reads, and writes that look first whether they were made. Errors:
   * AITO_GITHUB_{LIMIT,REFUSED,UNKNOWN,CONFLICT,INVALID,UNAVAILABLE}.
   */
  async call<T>(about: string, run: (octokit: Octokit) => Promise<T>): Promise<T> {
    const { clock, random } = this.#options;
    try {
      return await retry(
        async () => {
          try {
            return await this.#with(run);
          } catch (error) {
            const seconds = isRetryable(error) ? waitSecondsOf(error, clock.now()) : null;
            if (seconds !== null && seconds > waitSecondsMax) throw toGithubError(error, about, clock.now());
            if (seconds !== null) await clock.sleep(seconds * 1_000);
            throw error;
          }
        },
        {
          clock,
          attemptsMax,
          baseMs: 250,
          maxMs: 4_000,
          ...(random ? { random } : {}),
          isRetryable: (error) => isRetryable(error) && !isOurs(error),
        },
      );
    } catch (error) {
      throw toGithubError(error, about, clock.now());
    }
  }
}

const isOurs = (error: unknown): boolean => error instanceof Error && error.name === "AitoError";
