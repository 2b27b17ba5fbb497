import { errorText } from "@aito/base";
import { Anthropic, APIError } from "@anthropic-ai/sdk";
import { type Fetch, gatewayOrigin, isLinkBroken } from "./gateway-link.ts";
import { readReply } from "./read-reply.ts";
import type { ModelReply, ModelRequest } from "./tool-loop.ts";

/** A model call that brings no event for this long is given up. */
export const silenceMsMax = 120_000;

/**
 * The model behind the gateway, streamed. The SDK's own retries are off: the gateway is the only place that retries. The session
 * is what the gateway needs to know; a real key is never here.
 */
export function anthropicModel(options: {
  fetch: Fetch;
  session: string;
  model: string;
  run: string;
  after: (ms: number, run: () => void) => () => void;
  onProgress: () => void;
}): (request: ModelRequest) => Promise<ModelReply> {
  const client = new Anthropic({
    baseURL: gatewayOrigin,
    apiKey: null,
    authToken: options.session,
    maxRetries: 0,
    fetch: options.fetch as typeof globalThis.fetch,
    defaultHeaders: { "x-aito-run": options.run },
    logLevel: "off",
    openTelemetry: false,
  });
  return async (request) => {
    const silent = new AbortController();
    let cancel = options.after(silenceMsMax, () => silent.abort());
    try {
      const events = await client.messages.create(
        {
          model: options.model,
          max_tokens: request.maxTokens,
          stream: true,
          system: request.system,
          messages: request.turns as Anthropic.MessageParam[],
          ...(request.tools.length > 0 ? { tools: request.tools, tool_choice: { type: request.noTools ? "none" : "auto" } } : {}),
        },
        { signal: AbortSignal.any([request.signal, silent.signal]) },
      );
      const reply = await readReply(events, () => {
        cancel();
        cancel = options.after(silenceMsMax, () => silent.abort());
        options.onProgress();
      });
      return { ok: true, ...reply };
    } catch (error) {
      if (silent.signal.aborted)
        return { ok: false, error: `the model said nothing for ${silenceMsMax / 1_000} s`, refused: false };
      const status = error instanceof APIError ? error.status : undefined;
      return {
        ok: false,
        error: errorText(error).slice(0, 1_000),
        refused: status === 401 || isStale(error),
        interrupted: isLinkBroken(error) || recordsAreAway(error),
      };
    } finally {
      cancel();
    }
  };
}

/** The gateway's own word, with its code, for itself and what stands behind it; what the upstream says passes unchanged. */
const recordsAreAway = (error: unknown): boolean =>
  error instanceof APIError && error.status === 503 && /AITO_(?:DB|PROGRAM)_/.test(error.message);

/** 409 is the gateway's word for an earlier incarnation; the Messages API itself does not answer with it. */
const isStale = (error: unknown): boolean => error instanceof APIError && error.status === 409;
