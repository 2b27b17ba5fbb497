import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";

export interface GithubPlace {
  /** `https://api.github.com`, or another server that speaks its REST API. */
  baseUrl: string;
  /** Read before each use, so that a token that was changed in its file holds from the next call on. */
  token: () => string;
}

const requestMsMax = 30_000;
const nothing = (): void => {};

const Throttled = Octokit.plugin(throttling);

/** The client for the token of the moment; each request bounded in time, and none tried again by it. */
export function octokitByToken(
  { baseUrl, token }: GithubPlace,
  { throttled, warn = nothing }: { throttled: boolean; warn?: (text: string) => void },
): () => Octokit {
  let known: { token: string; octokit: Octokit } | null = null;
  return () => {
    const now = token();
    if (known?.token === now) return known.octokit;
    const octokit = new Throttled({
      auth: now,
      baseUrl: baseUrl.replace(/\/$/, ""),
      userAgent: "aito",
      request: {
        fetch: (url: string, init: RequestInit) => fetch(url, { ...init, signal: AbortSignal.timeout(requestMsMax) }),
      },
      log: { debug: nothing, info: nothing, warn, error: nothing },
      // It paces; whether something is tried again is its caller's to say, for all reasons alike.
      throttle: { enabled: throttled, onRateLimit: () => false, onSecondaryRateLimit: () => false },
    });
    known = { token: now, octokit };
    return octokit;
  };
}
