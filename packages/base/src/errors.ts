/** What the caller may do: `retry` later, `terminal` (never succeeds as asked), `human` (someone must act first). */
export type Fate = "retry" | "terminal" | "human";

/**
 * The one error type that crosses package boundaries. `code` is `AITO_<AREA>_<WHAT>`; `message` says what failed, on which id,
 * and what was seen; `hint` is the next command or setting.
 */
export class AitoError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly fate: Fate;
  /** HTTP status when the error leaves through an API. */
  readonly status: number;

  constructor(code: string, message: string, options: { hint?: string; fate?: Fate; status?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AitoError";
    this.code = code;
    this.hint = options.hint;
    this.fate = options.fate ?? "terminal";
    this.status = options.status ?? 400;
  }
}

export function isAitoError(error: unknown, code?: string): error is AitoError {
  return error instanceof AitoError && (code === undefined || error.code === code);
}

/** The text of anything thrown, on one line. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(/\s+/g, " ").trim();
}

/** Exit codes of every program; the CLI documents them. 78 is the BSD convention for a configuration error. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  unavailable: 69,
  noSession: 75,
  refused: 77,
  config: 78,
  notActive: 79,
  stopped: 143,
} as const;
