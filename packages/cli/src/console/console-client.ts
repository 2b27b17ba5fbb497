import { AitoError, errorText } from "@aito/base";
import { ApiError, operatorApi } from "@aito/protocol";
import type { z } from "zod";

export interface ConsoleClient {
  readonly url: string;
  get<T>(path: string, shape: z.ZodType<T>, query?: Record<string, string | number | undefined>): Promise<T>;
  post<T>(path: string, body: unknown, shape: z.ZodType<T>): Promise<T>;
  /** The event stream's body; ends when the console goes away. */
  stream(path: string, signal: AbortSignal, lastEventId?: string): Promise<ReadableStream<Uint8Array>>;
}

const answerMsMax = 30_000;
/** A history of a million events is checked within 60 s. */
const verifyMsMax = 120_000;

/**
 * Talks to the console's operator API. Errors: AITO_CLI_NO_CONSOLE when nothing answers there, the console's own code otherwise,
 * AITO_CLI_ANSWER when an answer has another shape than promised (another version, or not a console at all).
 */
export function makeConsoleClient(options: { url: string; key: string; signal?: AbortSignal; answerMs?: number }): ConsoleClient {
  const base = options.url.replace(/\/+$/, "");
  const answerMs = options.answerMs ?? answerMsMax;

  const send = async (path: string, init: RequestInit, timeoutMs: number | null): Promise<Response> => {
    const signals = [init.signal, options.signal, timeoutMs === null ? null : AbortSignal.timeout(timeoutMs)];
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${options.key}` };
    try {
      const response = await fetch(`${base}${path}`, {
        ...init,
        headers,
        redirect: "error",
        signal: AbortSignal.any(signals.filter((signal) => signal instanceof AbortSignal)),
      });
      if (response.ok) return response;
      throw await refusalOf(response, base);
    } catch (error) {
      throw error instanceof AitoError ? error : unreachable(base, error, init.method === "POST");
    }
  };

  const read = async <T>(response: Response, path: string, shape: z.ZodType<T>): Promise<T> => {
    const parsed = shape.safeParse(await response.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new AitoError(
      "AITO_CLI_ANSWER",
      `${base}${path} gave an answer of another shape than expected${where ? ` (at ${where})` : ""}`,
      {
        hint: "are the console and this command of the same version?",
      },
    );
  };

  return {
    url: base,
    get: async (path, shape, query = {}) => {
      const search = new URLSearchParams();
      for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
      return await read(
        await send(
          search.size > 0 ? `${path}?${search.toString()}` : path,
          {},
          path === operatorApi.eventsVerify ? verifyMsMax : answerMs,
        ),
        path,
        shape,
      );
    },
    post: async (path, body, shape) => {
      const init = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      return await read(await send(path, init, answerMs), path, shape);
    },
    stream: async (path, signal, lastEventId) => {
      const headers: Record<string, string> = { accept: "text/event-stream" };
      if (lastEventId !== undefined) headers["last-event-id"] = lastEventId;
      const response = await send(path, { headers, signal }, null);
      if (response.body === null) throw new AitoError("AITO_CLI_ANSWER", "the event stream has no body");
      return response.body;
    },
  };
}

async function refusalOf(response: Response, base: string): Promise<AitoError> {
  const parsed = ApiError.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) {
    const { code, message, hint } = parsed.data.error;
    const wrongKey =
      response.status === 401 ? "is the operator key the one of this company? (AITO_OPERATOR_KEY_FILE)" : undefined;
    return new AitoError(code, message, { hint: hint ?? wrongKey, status: response.status });
  }
  return new AitoError("AITO_CLI_ANSWER", `${base} answered ${response.status} without saying why`, {
    hint: "is this really a console? see: aito doctor",
    status: response.status,
  });
}

/** `changes`: what was asked for may have been done although nobody said so. */
function unreachable(base: string, error: unknown, changes: boolean): AitoError {
  if (error instanceof Error && error.name === "TimeoutError") {
    const may = changes ? "what was asked may have been done all the same: look before you ask again (aito logs)" : "ask again";
    return new AitoError("AITO_CLI_NO_CONSOLE", `the console at ${base} gave no answer in time`, {
      hint: `it is busy, or hangs: ${may}, or see: aito doctor`,
      cause: error,
    });
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return new AitoError("AITO_CLI_NO_CONSOLE", `the console at ${base} cannot be reached: ${errorText(cause)}`, {
    hint: "start the company with: aito up   (or see: aito doctor)",
    cause: error,
  });
}
