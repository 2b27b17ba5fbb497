import { type Clock, type Logger, retry } from "@aito/base";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import { isRetryable, toGithubError, waitSecondsOf } from "./github-errors.ts";

export interface GithubOptions {
  /** `https://api.github.com`, or another server that speaks its REST API. */
  baseUrl: string;
  /** Read before each use, so that a token that was changed in its file holds from the next call on. */
  token: () => string;
  clock: Clock;
  log: Logger;
  /** Keeps the pace that GitHub asks of its clients (a write a second); not for a server of one's own. */
  throttled: boolean;
  random?: () => number;
}

const attemptsMax = 4;
const requestMsMax = 30_000;
/** A longer wait is the caller's: an agent does something else meanwhile. */
const waitSecondsMax = 20;

const Throttled = Octokit.plugin(throttling);

/** The one way to GitHub: each call bounded in time, tried again where that is safe, its failures as errors of ours. */
export class GithubClient {
  readonly #options: GithubOptions;
  #known: { token: string; octokit: Octokit } | null = null;

  constructor(options: GithubOptions) {
    this.#options = options;
  }

  get #octokit(): Octokit {
    const token = this.#options.token();
    if (this.#known?.token === token) return this.#known.octokit;
    const { baseUrl, log, throttled } = this.#options;
    const octokit = new Throttled({
      auth: token,
      baseUrl: baseUrl.replace(/\/$/, ""),
      userAgent: "aito",
      request: {
        fetch: (url: string, init: RequestInit) => fetch(url, { ...init, signal: AbortSignal.timeout(requestMsMax) }),
      },
      log: { debug: () => {}, info: () => {}, warn: (text: string) => log.debug({ text }, "GitHub"), error: () => {} },
      // It paces; whether something is tried again is decided here, for all reasons alike.
      throttle: { enabled: throttled, onRateLimit: () => false, onSecondaryRateLimit: () => false },
    });
    this.#known = { token, octokit };
    return octokit;
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
            return await run(this.#octokit);
          } catch (error) {
            const seconds = isRetryable(error) ? waitSecondsOf(error, clock.now()) : null;
            if (seconds !== null && seconds > waitSecondsMax) throw toGithubError(error, about);
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
      throw toGithubError(error, about);
    }
  }
}

const isOurs = (error: unknown): boolean => error instanceof Error && error.name === "AitoError";
