import { Readable } from "node:stream";
import { AitoError, errorText, isAitoError } from "@aito/base";
import { messagesAnswer } from "./chat-answer.ts";
import { chatRequest } from "./chat-request.ts";
import { makeChatStream, sseText } from "./chat-stream.ts";
import type { UpstreamKey } from "./upstream-keys.ts";
import { type ModelUpstream, type UpstreamAnswer, UpstreamFailure, type UpstreamRequest } from "./upstream.ts";
import { upstreamSender, type UpstreamWaits } from "./upstream-sender.ts";

const connectionsMax = 256;
const answerBytesMax = 32 * 1024 * 1024;

/**
 * An endpoint that speaks chat completions (Ollama, vLLM and many others), behind the Messages API: requests, answers, streams and
 * errors are translated both ways, with tools. `baseUrl` ends where `/chat/completions` begins, for example `http://host:11434/v1`.
 * Tokens are not counted by such an endpoint: count_tokens is answered with 404, and the gateway counts by itself.
 */
export function chatUpstream(options: {
  name: string;
  baseUrl: string;
  key: UpstreamKey;
  free: boolean;
  prices: ModelUpstream["prices"];
  newId: () => string;
  waits?: UpstreamWaits | undefined;
}): ModelUpstream {
  const { name, free, prices, newId } = options;
  const sender = upstreamSender({ ...options, connectionsMax });
  return {
    name,
    free,
    prices,
    send: async (ask) => {
      if (!/^\/v1\/messages(\?|$)/.test(ask.path)) return problem(404, "this upstream has only messages");
      const body = translated(ask);
      if (isAitoError(body)) return problem(body.status, `${body.code}: ${body.message}`);
      const text = JSON.stringify(body);
      const answer = await sender.send("/chat/completions", ask.signal, (key) => ({
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "user-agent": "aito-gateway/1",
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        },
        body: text,
      }));
      try {
        return await translateAnswer(
          { status: answer.statusCode, headers: answer.headers, body: answer.body },
          { model: ask.model, newId },
        );
      } catch (error) {
        if (ask.signal.aborted) throw ask.signal.reason;
        throw new UpstreamFailure(`${name} broke off its answer: ${errorText(error)}`, { sent: true, cause: error });
      }
    },
    close: sender.close,
  };
}

function translated(ask: UpstreamRequest): Record<string, unknown> | AitoError {
  try {
    return chatRequest(JSON.parse(ask.body.toString("utf8")), ask.model);
  } catch (error) {
    return isAitoError(error) ? error : new AitoError("AITO_REQUEST_INVALID", "the body is not JSON");
  }
}

async function translateAnswer(answer: UpstreamAnswer, as: { model: string; newId: () => string }): Promise<UpstreamAnswer> {
  if (answer.status < 200 || answer.status > 299) {
    const text = await readText(answer.body);
    return problem(answer.status, errorMessage(text) ?? `the endpoint answered ${answer.status}`, answer.headers["retry-after"]);
  }
  if (String(answer.headers["content-type"]).startsWith("text/event-stream")) {
    return {
      status: 200,
      headers: { "content-type": "text/event-stream; charset=utf-8" },
      body: Readable.from(events(answer.body, as)),
    };
  }
  const text = await readText(answer.body);
  const message = messagesAnswer(parsed(text), as.model, as.newId);
  if (message === null) return problem(502, "the endpoint's answer is no chat completion");
  return json(200, message);
}

async function* events(body: Readable, as: { model: string; newId: () => string }): AsyncGenerator<Buffer> {
  const stream = makeChatStream(as);
  let ended = false;
  const written = (list: ReturnType<typeof stream.feed>): string => {
    ended ||= list.some((event) => event.type === "message_stop" || event.type === "error");
    return list.map(sseText).join("");
  };
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const text = written(stream.feed(chunk));
      if (text !== "") yield Buffer.from(text);
      // What comes after the end is nobody's.
      if (ended) return;
    }
  } catch (error) {
    // The connection broke: said inside the stream, which has begun.
    const message = `the endpoint's answer broke off: ${errorText(error)}`;
    yield Buffer.from(sseText({ type: "error", error: { type: "api_error", message } }));
    return;
  }
  const rest = written(stream.end());
  if (rest !== "") yield Buffer.from(rest);
}

async function readText(body: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > answerBytesMax) {
      body.destroy();
      break;
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function errorMessage(text: string): string | null {
  const error = (parsed(text) as { error?: unknown } | null)?.error;
  const message = typeof error === "object" && error !== null ? (error as { message?: unknown }).message : error;
  return typeof message === "string" ? message.slice(0, 1_000) : null;
}

const types: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  529: "overloaded_error",
};

const json = (status: number, body: unknown, more: UpstreamAnswer["headers"] = {}): UpstreamAnswer => ({
  status,
  headers: { "content-type": "application/json", ...more },
  body: Readable.from([Buffer.from(JSON.stringify(body))]),
});

const problem = (status: number, message: string, retryAfter?: string | string[]): UpstreamAnswer =>
  json(
    status,
    { type: "error", error: { type: types[status] ?? "api_error", message } },
    retryAfter === undefined ? {} : { "retry-after": retryAfter },
  );
