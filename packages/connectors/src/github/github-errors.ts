import { AitoError, errorText } from "@aito/base";

interface HttpProblem {
  status: number;
  response?: { headers?: Record<string, string | number | undefined>; data?: unknown };
}

const isHttpProblem = (error: unknown): error is HttpProblem & Error =>
  error instanceof Error && typeof (error as Partial<HttpProblem>).status === "number";

/** The status that GitHub answered; 0 when nothing was heard. */
export const statusOf = (error: unknown): number => (isHttpProblem(error) && error.response ? error.status : 0);

const waitMsUsual = 60_000;
const waitMsMin = 1_000;
const waitMsMax = 3_900_000;

/** GitHub takes no more requests until `waitMs` from now. */
export class GithubLimit extends AitoError {
  readonly waitMs: number;
  constructor(message: string, waitMs: number, cause?: unknown) {
    super("AITO_GITHUB_LIMIT", message, { hint: "try again in a few minutes", fate: "retry", status: 429, cause });
    this.waitMs = waitMs;
  }
}

/** Over GitHub's primary or secondary limit, which it does not always say by a header. */
export const isLimited = (error: unknown): boolean => {
  if (!isHttpProblem(error) || (error.status !== 403 && error.status !== 429)) return false;
  const headers = error.response?.headers ?? {};
  const said = headers["retry-after"] !== undefined || String(headers["x-ratelimit-remaining"]) === "0";
  return said || error.status === 429 || /rate limit/i.test(errorText(error));
};

/** Seconds that GitHub asks to wait; null when it names none. */
export function waitSecondsOf(error: unknown, now: Date): number | null {
  const headers = isHttpProblem(error) ? (error.response?.headers ?? {}) : {};
  const after = Number(headers["retry-after"]);
  if (Number.isFinite(after) && after >= 0) return after;
  const reset = Number(headers["x-ratelimit-reset"]);
  if (String(headers["x-ratelimit-remaining"]) !== "0" || !Number.isFinite(reset)) return null;
  return Math.max(0, Math.ceil(reset - now.getTime() / 1_000));
}

/** Whether the same may be asked again: nothing was heard, GitHub is in trouble, or it was asked too fast. */
export const isRetryable = (error: unknown): boolean => {
  if (error instanceof AitoError) return error.fate === "retry";
  const status = statusOf(error);
  return status === 0 ? !(error instanceof TypeError && !("cause" in error)) : status >= 500 || isLimited(error);
};

/** What GitHub answered, as an error of ours; one of a limit is a `GithubLimit`. `about`: what was asked for. */
export function toGithubError(error: unknown, about: string, now: Date): AitoError {
  if (error instanceof AitoError) return error;
  const status = statusOf(error);
  const said = errorText(error).slice(0, 300);
  if (isLimited(error)) {
    const asked = (waitSecondsOf(error, now) ?? waitMsUsual / 1_000) * 1_000;
    const waitMs = Math.min(waitMsMax, Math.max(waitMsMin, asked));
    return new GithubLimit(`GitHub takes no more requests for now (${about})`, waitMs, error);
  }
  if (status === 401 || status === 403) {
    return new AitoError("AITO_GITHUB_REFUSED", `GitHub refused ${about}: ${said}`, {
      hint: "the operator sees to what the token (AITO_GITHUB_TOKEN) or the app may do there",
      fate: "human",
      status: 403,
      cause: error,
    });
  }
  if (status === 404) {
    return new AitoError("AITO_GITHUB_UNKNOWN", `GitHub knows nothing of ${about}`, {
      hint: "it is not there, or the token (AITO_GITHUB_TOKEN) or the app may not see it",
      status: 404,
      cause: error,
    });
  }
  if (status === 405 || status === 409) {
    return new AitoError("AITO_GITHUB_CONFLICT", `${about} does not go in as it is: ${said}`, {
      hint: "read it again; a conflict needs a new change on top of what is there now",
      status: 409,
      cause: error,
    });
  }
  if (status >= 400 && status < 500) {
    return new AitoError("AITO_GITHUB_INVALID", `GitHub did not take ${about}: ${said}`, { status: 422, cause: error });
  }
  return new AitoError("AITO_GITHUB_UNAVAILABLE", `GitHub did not answer about ${about}: ${said}`, {
    hint: "the same call again is safe: it does nothing twice",
    fate: "retry",
    status: 503,
    cause: error,
  });
}
