import { errorText, type Logger } from "@aito/base";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpServer, validateHostHeader, validateOriginHeader } from "@modelcontextprotocol/server";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { apiError, toAitoError } from "../error-reply.ts";
import { boundNesting } from "./bound-nesting.ts";

/** Names under which the gateway is asked: over its socket, and behind a forwarder on the same machine. */
const hostnames = ["gateway", "localhost", "127.0.0.1", "[::1]"];

export interface McpMount {
  log: Logger;
  /** Refuses by throwing, before the body is read. */
  authenticate: (request: FastifyRequest) => Promise<void>;
  /** For callers that `authenticate` lets in unasked; left out, there are none. */
  unasked?: {
    /** Asks about one: refuses by throwing. */
    ask: (request: FastifyRequest) => Promise<void>;
    /** Whether what it wants may be worked out first, and told once it was asked about. */
    mayAskLater: (request: FastifyRequest) => Promise<boolean>;
  };
  /** The server for one request, with the tools of its caller; nothing of it outlives the answer. */
  serverFor: (request: FastifyRequest) => Promise<McpServer>;
}

/**
 * `/mcp`: Streamable HTTP for clients of 2026-07-28 and 2025-11-25, a fresh server and transport for each request, so that no client
 * leaves anything behind. A page in a browser cannot ask it: a foreign Host or Origin is 403.
 */
export function mountMcp(app: FastifyInstance, { log, authenticate, unasked, serverFor }: McpMount): void {
  const handler = createMcpHandler((request) => serverFor(request.authInfo?.extra?.["request"] as FastifyRequest), {
    keepAliveMs: 0,
    onerror: (error) => log.debug({ error: errorText(error) }, "an MCP request was refused"),
  });
  const fetch: typeof handler.fetch = async (asked, options) => {
    const response = await handler.fetch(asked, options);
    const request = options?.authInfo?.extra?.["request"] as FastifyRequest;
    if (!unasked || !request.isDoubted) return response;
    // Nothing of that is told: it is asked about now, and then answered anew as if it had been asked about first.
    await response.body?.cancel();
    request.isDoubted = false;
    try {
      await unasked.ask(request);
    } catch (error) {
      const known = toAitoError(error, log);
      return Response.json(apiError(known), { status: known.status });
    }
    return await handler.fetch(asked, options);
  };
  const node = toNodeHandler({ fetch });
  void app.register(async (mcp) => {
    mcp.addHook("onRequest", refuseForeignPages);
    mcp.addHook("onRequest", authenticate);
    mcp.addHook("preHandler", async (request) => {
      request.isCut = boundNesting(request.body);
      if (!unasked || !request.session?.unasked) return;
      if (!isModern(request) || !(await unasked.mayAskLater(request))) await unasked.ask(request);
    });
    mcp.addHook("onClose", () => handler.close());
    mcp.all("/mcp", async (request, reply) => {
      reply.hijack();
      const raw = Object.assign(request.raw, { auth: { token: "", clientId: "", scopes: [], extra: { request } } });
      await node(raw, reply.raw, request.body);
    });
  });
}

/** Answered as a whole. To earlier revisions the answer's head is sent before the tool has run, so that no refusal could follow. */
const isModern = (request: FastifyRequest): boolean => request.headers["mcp-protocol-version"] === "2026-07-28";

async function refuseForeignPages(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { host, origin } = request.headers;
  if (validateHostHeader(host, hostnames).ok && validateOriginHeader(origin, hostnames).ok) return;
  await reply.status(403).send({
    error: {
      code: "AITO_ORIGIN",
      message: "this address or page may not ask for tools",
      hint: `asked as ${hostnames.join(", ")}`,
    },
  });
}
