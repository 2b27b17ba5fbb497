import { AitoError, errorText, type Logger } from "@aito/base";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import type { FastifyError, FastifyInstance } from "fastify";
import { principalOf } from "../auth/principal.ts";
import { toAnswer } from "../http/errors.ts";
import type { Records } from "../records.ts";
import { operatorTools } from "./operator-tools.ts";

const mcpPath = "/mcp";

/**
 * `/mcp`: the company as an MCP server for an operator's own client or script (X12), with the operator key alone: a browser's session
 * is not taken, so that no page can ask it. Streamable HTTP of 2026-07-28 and 2025-11-25; nothing is kept between two requests.
 */
export function operatorMcpRoutes(app: FastifyInstance, { records, log }: { records: Records; log: Logger }): void {
  const handler = createMcpHandler((request) => serverFor(records, String(request.authInfo?.extra?.["operator"]), log), {
    keepAliveMs: 0,
    onerror: (error) => log.debug({ error: errorText(error) }, "an operator's MCP request was refused"),
  });
  const node = toNodeHandler(handler);
  app.addHook("onClose", () => handler.close());
  app.route({
    method: ["GET", "POST", "DELETE"],
    url: mcpPath,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const { kind, operator } = principalOf(request);
      if (kind !== "key" || request.headers.origin !== undefined) {
        throw new AitoError("AITO_CONSOLE_KEY_NEEDED", "an operator key is needed here, and no browser's page may ask", {
          hint: "send Authorization: Bearer <operator key>, without an Origin header",
          status: 403,
        });
      }
      reply.hijack();
      const raw = Object.assign(request.raw, { auth: { token: "", clientId: operator, scopes: [], extra: { operator } } });
      await node(raw, reply.raw, request.body);
    },
  });
}

async function serverFor(records: Records, operator: string, log: Logger): Promise<McpServer> {
  const server = new McpServer({ name: "aito-operator", version: "1" }, { capabilities: { tools: {} } });
  for (const tool of operatorTools) {
    server.registerTool(
      tool.name,
      { description: tool.description, inputSchema: tool.input, annotations: { readOnlyHint: tool.risk === "read" } },
      async (input) => {
        try {
          return { content: [{ type: "text", text: JSON.stringify(await tool.run(records, input, operator)) }] };
        } catch (error) {
          const { code, message, hint, status } = toAnswer(error as FastifyError);
          if (status >= 500) log.error({ error: errorText(error), tool: tool.name }, "an operator's tool failed");
          return { isError: true, content: [{ type: "text", text: JSON.stringify({ code, message, hint }) }] };
        }
      },
    );
  }
  return server;
}
