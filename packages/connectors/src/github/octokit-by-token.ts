import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import { statusOf } from "./github-errors.ts";

export interface GithubPlace {
  /** `https://api.github.com`, or another server that speaks its REST API. */
  baseUrl: string;
  /** Read before each use, so that a token that was changed in its file, or ended, is replaced with the next call. */
  token: () => string | Promise<string>;
  /** The account that it works as, where it is not the token's own. */
  login?: () => Promise<string>;
  /** GitHub no longer takes the token: the next `token` is another one. Without it there is none. */
  renew?: () => void;
}

const requestMsMax = 30_000;
const nothing = (): void => {};
export const quietLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const Throttled = Octokit.plugin(throttling);

/** On whose behalf requests go out, where that can end while they do. */
export interface GithubCaller {
  /** Nothing more is sent, waited for or tried again once it is aborted; what fails is its reason. */
  signal: AbortSignal;
  /** Asked right before each request that changes something; what it throws is what fails, and nothing is sent. */
  beforeWrite(): Promise<void>;
}

const onlyReads = new Set(["GET", "HEAD"]);

export const boundedFetch = (url: string, init: RequestInit): Promise<Response> =>
  fetch(url, { ...init, signal: AbortSignal.timeout(requestMsMax) });

const fetchFor =
  ({ signal, beforeWrite }: GithubCaller): typeof boundedFetch =>
  async (url, init) => {
    signal.throwIfAborted();
    if (!onlyReads.has(init.method ?? "GET")) await beforeWrite();
    return await fetch(url, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(requestMsMax)]) });
  };

/**
 * Runs something with the client for the token of the moment; each request bounded in time, and none tried again by it, but for one: a
 * token that is no longer taken did nothing, so that it is replaced once where there is another.
 */
export function octokitByToken(
  { baseUrl, token, renew }: GithubPlace,
  { throttled, warn = nothing, caller }: { throttled: boolean; warn?: (text: string) => void; caller?: GithubCaller },
): <T>(run: (octokit: Octokit) => Promise<T>) => Promise<T> {
  let known: { token: string; octokit: Octokit } | null = null;
  const client = async (): Promise<Octokit> => {
    const now = await token();
    if (known?.token === now) return known.octokit;
    const octokit = new Throttled({
      auth: now,
      baseUrl: baseUrl.replace(/\/$/, ""),
      userAgent: "aito",
      request: { fetch: caller ? fetchFor(caller) : boundedFetch },
      log: { ...quietLog, warn },
      // It paces; whether something is tried again is its caller's to say, for all reasons alike.
      throttle: { enabled: throttled, onRateLimit: () => false, onSecondaryRateLimit: () => false },
    });
    known = { token: now, octokit };
    return octokit;
  };
  return async (run) => {
    const octokit = await client();
    try {
      return await run(octokit);
    } catch (error) {
      if (statusOf(error) !== 401 || !renew) throw error;
      renew();
    }
    return await run(await client());
  };
}
