import { pipeline } from "node:stream/promises";
import { Transform } from "node:stream";
import { AitoError, errorText, monotonicMs } from "@aito/base";
import { type AgentSession, recordUsage, requireCurrent } from "@aito/company";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Dispatcher } from "undici";
import { authenticateHook, sessionOf } from "../agents/authenticate.ts";
import type { OpenRuns } from "../agents/open-runs.ts";
import { clientGone } from "../agents/routes.ts";
import { toAitoError } from "../error-reply.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { anthropicError } from "./anthropic-error.ts";
import { costMicroUsd, models, resolveModel } from "./models.ts";
import { askUpstream } from "./upstream.ts";
import { makeUsageMeter, type UsageMeter } from "./usage-meter.ts";
import { waitForTurn } from "./wait-for-turn.ts";

export const modelBodyBytesMax = 32 * 1024 * 1024;
/** Answers' headers that are for the agent; the rest is between the gateway and the vendor. */
const shownHeaders = ["content-type", "request-id", "retry-after"];

interface Call {
  session: AgentSession;
  model: string;
  body: Buffer;
  startedMs: number;
  gone: AbortSignal;
}

/** `/v1/*`: the Anthropic Messages API as it is, behind the agent's session. Errors have that API's shape. */
export function modelRoutes(app: FastifyInstance, context: GatewayContext, openRuns: OpenRuns): void {
  void app.register(async (v1) => {
    v1.addHook("onRequest", authenticateHook(context));
    v1.setErrorHandler((error, _request, reply) => {
      const known = toAitoError(error, context.log);
      void reply.status(known.status).send(anthropicError(known));
    });
    // Bodies are passed on byte for byte where possible, so they are kept as they came.
    v1.removeAllContentTypeParsers();
    v1.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: modelBodyBytesMax }, (_request, body, done) => done(null, body));
    v1.post("/v1/messages", async (request, reply) => {
      const call = readCall(request, reply);
      return await context.stops.guard(
        call.session,
        async (stopped) => await messages({ context, openRuns, request, reply, call, stopped }),
      );
    });
    v1.post("/v1/messages/count_tokens", async (request, reply) => {
      const call = readCall(request, reply);
      return await context.stops.guard(call.session, async (stopped) => {
        await requireCurrent(context.deps, call.session);
        const signal = AbortSignal.any([call.gone, stopped, context.signal]);
        const answer = await askUpstream(context, {
          method: "POST",
          path: request.url,
          headers: request.headers,
          body: call.body,
          signal,
        });
        return await showHeaders(reply, answer).send(Buffer.from(await answer.body.arrayBuffer()));
      });
    });
    v1.get("/v1/models", async (request) => {
      const { id } = resolveModel(sessionOf(request).model);
      const data = [{ type: "model", id, display_name: id, created_at: `${models.date}T00:00:00Z` }];
      return { data, has_more: false, first_id: id, last_id: id };
    });
  });
}

/** Parses what the gateway must know, and refuses a model that is not the agent's. A retired id is replaced, with a warning. */
function readCall(request: FastifyRequest, reply: FastifyReply): Call {
  const session = sessionOf(request);
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  let parsed: { model?: unknown };
  try {
    parsed = JSON.parse(raw.toString("utf8")) as { model?: unknown };
  } catch {
    throw new AitoError("AITO_REQUEST_INVALID", "the body is not JSON");
  }
  if (typeof parsed?.model !== "string") throw new AitoError("AITO_REQUEST_INVALID", "model: a model's name is required");
  const { id, warning } = resolveModel(parsed.model);
  const own = resolveModel(session.model).id;
  if (id !== own) {
    throw new AitoError("AITO_MODEL_NOT_ALLOWED", `${session.agent} may use ${own}, not ${parsed.model}`, {
      hint: "the fleet file says which model a role uses (models, or roles.<role>.model)",
      status: 403,
    });
  }
  if (warning) void reply.header("x-aito-warning", warning);
  const body = warning ? Buffer.from(JSON.stringify({ ...parsed, model: id })) : raw;
  return { session, model: id, body, startedMs: monotonicMs(), gone: clientGone(reply) };
}

interface Exchange {
  context: GatewayContext;
  openRuns: OpenRuns;
  request: FastifyRequest;
  reply: FastifyReply;
  call: Call;
  /** Aborts when a kill switch stops the caller. */
  stopped: AbortSignal;
}

async function messages({ context, openRuns, request, reply, call, stopped }: Exchange): Promise<FastifyReply> {
  if (context.upstream.name === "anthropic" && !models.models[call.model]) {
    throw new AitoError("AITO_MODEL_UNPRICED", `there is no price for ${call.model}, so its cost could not be counted`, {
      hint: `use one of: ${Object.keys(models.models).join(", ")}`,
    });
  }
  const signal = AbortSignal.any([call.gone, stopped, context.signal]);
  await waitForTurn(context, call.session.agent, signal);
  // The wait may have been long: money is spent for the current incarnation only. Once it is spent it is booked, whoever asked.
  await requireCurrent(context.deps, call.session);
  const meter = makeUsageMeter();
  let status = 503;
  try {
    context.deps.crashPoint?.("model.before_upstream");
    const answer = await askUpstream(context, {
      method: "POST",
      path: request.url,
      headers: request.headers,
      body: call.body,
      signal,
    });
    status = answer.statusCode;
    context.deps.crashPoint?.("model.after_upstream");
    await passOn(answer, { reply, meter, signal });
    context.deps.crashPoint?.("model.after_reply");
    return reply;
  } catch (error) {
    // 499: the agent went away before the answer was complete; what it used until then is still booked.
    if (call.gone.aborted) status = 499;
    else if (stopped.aborted) status = 423;
    if (reply.sent || call.gone.aborted) {
      const why = stopped.aborted ? errorText(stopped.reason) : errorText(error);
      context.log.info({ agent: call.session.agent, error: why }, "a model call was cut off");
      reply.raw.destroy();
      return reply;
    }
    if (stopped.aborted) throw stopped.reason;
    throw error;
  } finally {
    // Off the reply's path: the agent goes on while the row is written.
    void book(context, openRuns, { call, meter, status });
  }
}

const showHeaders = (reply: FastifyReply, answer: Dispatcher.ResponseData): FastifyReply => {
  for (const name of shownHeaders) if (answer.headers[name] !== undefined) void reply.header(name, answer.headers[name]);
  return reply.status(answer.statusCode);
};

async function passOn(
  answer: Dispatcher.ResponseData,
  to: { reply: FastifyReply; meter: UsageMeter; signal: AbortSignal },
): Promise<void> {
  const { reply, meter, signal } = to;
  showHeaders(reply, answer);
  if (!String(answer.headers["content-type"]).startsWith("text/event-stream")) {
    const body = Buffer.from(await answer.body.arrayBuffer());
    try {
      meter.whole(JSON.parse(body.toString("utf8")));
    } catch {
      // An answer that is not JSON is passed on as it is; its usage stays unknown.
    }
    await reply.send(body);
    return;
  }
  const headers = reply.getHeaders() as Record<string, string | string[] | number>;
  reply.hijack();
  reply.raw.writeHead(answer.statusCode, { ...headers, "cache-control": "no-cache" });
  const tap = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      meter.feed(chunk);
      done(null, chunk);
    },
  });
  await pipeline(answer.body, tap, reply.raw, { signal });
}

async function book(
  context: GatewayContext,
  openRuns: OpenRuns,
  done: { call: Call; meter: UsageMeter; status: number },
): Promise<void> {
  const { call, status } = done;
  const usage = done.meter.usage();
  try {
    await recordUsage(context.deps, {
      agentId: call.session.agentId,
      epoch: call.session.epoch,
      runId: await openRuns.of(call.session),
      taskId: call.session.taskId,
      model: call.model,
      upstream: context.upstream.name,
      status,
      inputTokens: usage.input,
      outputTokens: usage.output,
      cacheWriteTokens: usage.cacheWrite,
      cacheReadTokens: usage.cacheRead,
      // The rehearsal model is free; a price that is not known stays unknown.
      costMicroUsd: context.upstream.name === "rehearsal" ? 0n : costMicroUsd(call.model, usage),
      durationMs: Math.round(monotonicMs() - call.startedMs),
    });
  } catch (error) {
    context.log.error({ agent: call.session.agent, error: errorText(error) }, "a model call's usage was not recorded");
  }
}
