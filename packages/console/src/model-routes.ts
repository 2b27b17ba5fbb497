import type { IncomingMessage } from "node:http";
import { type Readable, Transform } from "node:stream";
import { AitoError, errorText, type Logger } from "@aito/base";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Agent, type Dispatcher } from "undici";

/** Where outside tools call models; `baseUrl` of a gateway key ends with it. */
export const modelPath = "/model";
const bodyBytesMax = 32 * 1024 * 1024;
const firstByteMsMax = 600_000;
/** Failed keys of one address in a minute, after which it waits. */
const refusalsMax = 300;
const passedOn = ["content-type", "content-length", "accept", "anthropic-version", "anthropic-beta"];
const passedBack = ["content-type", "request-id", "retry-after", "x-aito-warning", "x-aito-model", "x-should-retry"];
const keyPattern = /^aito_key_[\w-]{43}$/;

/**
 * Hands calls with a gateway key through to the gateway's socket, byte for byte both ways: the gateway itself is not reachable from
 * outside, and one published port is enough. Nothing else of the gateway can be reached here: only `/v1/*`, and only with a key,
 * never with an agent's session. The gateway judges the key.
 */
export async function modelRoutes(app: FastifyInstance, options: { gatewaySocket: string; log: Logger }): Promise<void> {
  const gateway = new Agent({
    connect: { socketPath: options.gatewaySocket },
    headersTimeout: firstByteMsMax,
    bodyTimeout: firstByteMsMax,
    pipelining: 0,
  });
  app.addHook("onClose", () => gateway.destroy());
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { bodyLimit: bodyBytesMax }, (_request, payload, done) => done(null, payload));
    scope.route({
      method: ["GET", "POST", "HEAD"],
      url: `${modelPath}/*`,
      exposeHeadRoute: false,
      bodyLimit: bodyBytesMax,
      config: { rateLimit: { max: refusalsMax, timeWindow: 60_000, keyGenerator: limitedBy } },
      handler: async (request, reply) => await passThrough({ gateway, log: options.log }, request, reply),
    });
  });
}

/** A good key is limited by the gateway; guesses are limited here, by where they come from. */
const limitedBy = (request: FastifyRequest): string => {
  const key = keyOf(request);
  return key === null ? request.ip : key.slice(0, 24);
};

/** SDKs send `x-api-key`, Claude Code `Authorization: Bearer`. Only a gateway key counts. */
function keyOf(request: FastifyRequest): string | null {
  const header = request.headers["x-api-key"] ?? /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  return typeof header === "string" && keyPattern.test(header) ? header : null;
}

async function passThrough(
  { gateway, log }: { gateway: Agent; log: Logger },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const key = keyOf(request);
  const path = request.url.slice(modelPath.length);
  if (key === null) {
    return await reply
      .code(401)
      .send(refusal("authentication_error", "AITO_KEY_INVALID: a gateway key is needed (aito keys create)"));
  }
  if (!/^\/v1\/[\w./-]+(\?|$)/.test(path) || path.includes("..")) {
    return await reply.code(404).send(refusal("not_found_error", `there is nothing at ${path.slice(0, 100)}`));
  }
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  let answer: Dispatcher.ResponseData;
  const body = request.method === "POST" ? bounded(request.body as IncomingMessage | undefined) : null;
  try {
    answer = await gateway.request({
      origin: "http://gateway",
      path,
      method: request.method,
      headers: { ...picked(request.headers, passedOn), authorization: `Bearer ${key}` },
      body: body?.stream ?? null,
      signal: gone.signal,
    });
  } catch (error) {
    if (gone.signal.aborted) return reply.hijack();
    if (body?.isTooLong()) return await reply.code(413).header("connection", "close").send(tooLong());
    log.warn({ error: errorText(error) }, "the gateway did not answer a call with a key");
    throw new AitoError("AITO_MODEL_UNAVAILABLE", "the gateway does not answer", {
      hint: "is the company running? ./scripts/aito status tells",
      fate: "retry",
      status: 503,
      cause: error,
    });
  }
  return await reply.code(answer.statusCode).headers(picked(answer.headers, passedBack)).send(answer.body);
}

/** A body that does not say how long it is, is measured as it comes: it ends here, before the gateway has all of it. */
function bounded(body: IncomingMessage | undefined): { stream: Readable; isTooLong(): boolean } | null {
  if (body === undefined) return null;
  let size = 0;
  const stream = body.pipe(
    new Transform({
      transform: (part: Buffer, _encoding, done) => {
        size += part.length;
        done(size > bodyBytesMax ? new Error("the body is too long") : null, part);
      },
    }),
  );
  body.once("error", (error) => stream.destroy(error));
  return { stream, isTooLong: () => size > bodyBytesMax };
}

const picked = (headers: Record<string, string | string[] | undefined>, names: string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );

const tooLong = () => refusal("request_too_large", `AITO_REQUEST_TOO_BIG: a request has at most ${bodyBytesMax / 1_048_576} MB`);

const refusal = (type: string, message: string) => ({ type: "error", error: { type, message } });
