import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { AitoError, type Clock, errorText, type Logger } from "@aito/base";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { z } from "zod";
import { ApiError } from "./api/api-error.ts";
import { readCountRequest, readMessagesRequest } from "./api/messages-request.ts";
import { streamEvents } from "./api/stream-events.ts";
import { countInput, PromptCache } from "./api/token-usage.ts";
import { answerRequest } from "./answer-request.ts";
import { type Fault, FaultQueue, readFault } from "./faults.ts";
import { Ledger, type LedgerView } from "./ledger.ts";

export interface RehearsalOptions {
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** Chooses among wordings; what is decided does not depend on it. */
  seed: number;
  log: Logger;
  clock: Clock;
}

export interface RehearsalModel {
  url: string;
  /** The same as `GET /rehearsal/ledger`. */
  ledger(): LedgerView;
  close(): Promise<void>;
}

export const bodyBytesMax = 32 * 1024 * 1024;
const modelName = "aito-rehearsal";

interface Server {
  options: RehearsalOptions;
  faults: FaultQueue;
  ledger: Ledger;
  cache: PromptCache;
  calls: number;
}

/** Listens and answers the Messages API by the rules of the README. Error: AITO_REHEARSAL_PORT when the address cannot be had. */
export async function startRehearsalModel(options: RehearsalOptions): Promise<RehearsalModel> {
  const server: Server = {
    options,
    faults: new FaultQueue(),
    ledger: new Ledger(),
    cache: new PromptCache(options.clock),
    calls: 0,
  };
  const app = Fastify({ bodyLimit: bodyBytesMax, forceCloseConnections: true, genReqId: () => requestId((server.calls += 1)) });
  app.addHook("onRequest", async (request, reply) => void reply.header("request-id", request.id));
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, options.log));
  app.setNotFoundHandler((request, reply) =>
    sendError(new ApiError(404, `no such path: ${request.method} ${request.url}`), request, reply, options.log),
  );
  routes(app, server);
  const url = await listen(app, options);
  options.log.info({ url, seed: options.seed }, "REHEARSAL model listens: no real model is asked");
  return { url, ledger: () => server.ledger.view(), close: () => app.close() };
}

async function listen(app: FastifyInstance, { host, port }: RehearsalOptions): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw new AitoError("AITO_REHEARSAL_PORT", `cannot listen on ${host}:${port}: ${errorText(error)}`, {
      hint: "set AITO_PORT (and AITO_HOST) to an address that is free",
      fate: "human",
      cause: error,
    });
  }
}

function routes(app: FastifyInstance, server: Server): void {
  app.post("/v1/messages", (request, reply) => messages(server, request, reply));
  app.post("/v1/messages/count_tokens", async (request) => ({ input_tokens: countInput(readCountRequest(request.body)) }));
  const model = { type: "model", id: modelName, display_name: "AITO rehearsal model", created_at: "2026-01-01T00:00:00Z" };
  app.get("/v1/models", async () => ({ data: [model], has_more: false, first_id: modelName, last_id: modelName }));
  app.get<{ Params: { id: string } }>("/v1/models/:id", async ({ params }) => {
    if (params.id === modelName) return model;
    throw new ApiError(404, `model: ${params.id}`);
  });
  app.get("/healthz", async () => ({ ok: true, model: modelName }));
  app.get("/rehearsal/ledger", async () => server.ledger.view());
  app.post("/rehearsal/faults", async (request) => {
    const parsed = FaultsBody.safeParse(request.body);
    if (!parsed.success) throw new ApiError(400, 'body: expected {"next": ["429", "slow:1500", …], "clear": true}');
    const faults = parsed.data.next.map(readFault);
    if (parsed.data.clear) server.faults.clear();
    return { queued: server.faults.add(faults) };
  });
}

const FaultsBody = z.strictObject({ next: z.array(z.string()).default([]), clear: z.boolean().default(false) });

async function messages(server: Server, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { options, ledger, cache } = server;
  const asked = readMessagesRequest(request.body);
  const { message, situation } = answerRequest(asked, { seed: options.seed, id: request.id.replace("req_", "msg_"), cache });
  const note = (status: number): void =>
    ledger.add({
      id: request.id,
      at: options.clock.now().toISOString(),
      role: situation?.context.agent.role ?? null,
      agent: situation?.context.agent.name ?? null,
      run: situation?.context.run ?? null,
      status,
      stream: asked.stream === true,
      stopReason: status === 200 ? message.stop_reason : null,
      tools: status === 200 ? message.content.flatMap((block) => (block.type === "tool_use" ? [block.name] : [])) : [],
      inputTokens: status === 200 ? countInput(asked) : 0,
      outputTokens: status === 200 ? message.usage.output_tokens : 0,
    });
  const fault = faultOf(server, request);
  if (fault.kind === "status") {
    note(fault.status);
    throw statusFault(fault.status);
  }
  if (fault.kind === "slow") await options.clock.sleep(fault.ms, gone(reply));
  note(200);
  if (fault.kind === "cut") return cutConnection(reply);
  if (!asked.stream) return message;
  reply.header("content-type", "text/event-stream; charset=utf-8").header("cache-control", "no-cache");
  return reply.send(Readable.from(streamEvents(message)));
}

function faultOf({ faults }: Server, request: FastifyRequest): Fault {
  const header = request.headers["x-rehearsal-fault"];
  return typeof header === "string" ? readFault(header) : faults.take();
}

function statusFault(status: 429 | 500 | 529): ApiError {
  if (status === 429)
    return new ApiError(429, "This request would exceed the rate limit (a fault on demand).", { "retry-after": "1" });
  return new ApiError(status, status === 529 ? "Overloaded (a fault on demand)." : "Internal server error (a fault on demand).");
}

/** Aborts when the client has gone, so that a slow answer does not outlive its reader. */
function gone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => controller.abort(new ApiError(500, "the client has gone")));
  return controller.signal;
}

function cutConnection(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  reply.raw.write("event: message_start\n", () => reply.raw.destroy());
  return reply;
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): FastifyReply {
  const known = error instanceof ApiError ? error : fromFastify(error);
  if (known.status === 500 && !(error instanceof ApiError)) log.error({ error }, "a rule of the rehearsal model failed");
  return reply.code(known.status).headers(known.headers).send(known.body(request.id));
}

function fromFastify(error: unknown): ApiError {
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  const status = statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
  return new ApiError(status === 413 || status === 500 ? status : 400, message ?? "Internal server error");
}

const requestId = (call: number): string =>
  `req_rehearsal_${createHash("sha256").update(String(call)).digest("hex").slice(0, 20)}`;
