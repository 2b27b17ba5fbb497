import { errorText, type Logger } from "@aito/base";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpServer, validateHostHeader, validateOriginHeader } from "@modelcontextprotocol/server";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** Names under which the gateway is asked: over its socket, and behind a forwarder on the same machine. */
const hostnames = ["gateway", "localhost", "127.0.0.1", "[::1]"];

export interface McpMount {
  log: Logger;
  /** Refuses by throwing, before the body is read. */
  authenticate: (request: FastifyRequest) => Promise<void>;
  /** The server for one request, with the tools of its caller; nothing of it outlives the answer. */
  serverFor: (request: FastifyRequest) => Promise<McpServer>;
}

/**
 * `/mcp`: Streamable HTTP for clients of 2026-07-28 and 2025-11-25, a fresh server and transport for each request, so that no client
 * leaves anything behind. A page in a browser cannot ask it: a foreign Host or Origin is 403.
 */
export function mountMcp(app: FastifyInstance, { log, authenticate, serverFor }: McpMount): void {
  const handler = createMcpHandler((request) => serverFor(request.authInfo?.extra?.["request"] as FastifyRequest), {
    keepAliveMs: 0,
    onerror: (error) => log.debug({ error: errorText(error) }, "an MCP request was refused"),
  });
  const node = toNodeHandler(handler);
  void app.register(async (mcp) => {
    mcp.addHook("onRequest", refuseForeignPages);
    mcp.addHook("onRequest", authenticate);
    mcp.addHook("onClose", () => handler.close());
    mcp.all("/mcp", async (request, reply) => {
      reply.hijack();
      const raw = Object.assign(request.raw, { auth: { token: "", clientId: "", scopes: [], extra: { request } } });
      await node(raw, reply.raw, request.body);
    });
  });
}

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
