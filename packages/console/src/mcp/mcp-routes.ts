import { AitoError, errorText, type Logger } from "@aito/base";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import type { Caller } from "@aito/company";
import type { FastifyError, FastifyInstance } from "fastify";
import { principalOf } from "../auth/principal.ts";
import { toAnswer } from "../http/errors.ts";
import type { Records } from "../records.ts";
import { operatorTools } from "./operator-tools.ts";

const mcpPath = "/mcp";

/**
 * `/mcp`: the company as an MCP server for an operator's own client or script (X12), with the operator key or an API key: a browser's session
 * is not taken, so that no page can ask it. Streamable HTTP of 2026-07-28 and 2025-11-25; nothing is kept between two requests.
 */
export function operatorMcpRoutes(app: FastifyInstance, { records, log }: { records: Records; log: Logger }): void {
  const handler = createMcpHandler((request) => serverFor(records, request.authInfo?.extra as unknown as McpCaller, log), {
    keepAliveMs: 0,
    onerror: (error) => log.debug({ error: errorText(error) }, "an operator's MCP request was refused"),
  });
  const node = toNodeHandler(handler);
  app.addHook("onClose", () => handler.close());
  app.route({
    method: ["GET", "POST", "DELETE"],
    url: mcpPath,
    // Its tools ask for more.
    config: { needs: "read" },
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const { kind, operator, scopes } = principalOf(request);
      if (kind !== "key" || request.headers.origin !== undefined) {
        throw new AitoError(
          "AITO_CONSOLE_KEY_NEEDED",
          "an operator key or an API key is needed here, and no browser's page may ask",
          {
            hint: "send Authorization: Bearer <operator key>, without an Origin header",
            status: 403,
          },
        );
      }
      reply.hijack();
      const raw = Object.assign(request.raw, {
        auth: { token: "", clientId: operator, scopes: [], extra: { operator, scopes } },
      });
      await node(raw, reply.raw, request.body);
    },
  });
}

type McpCaller = Pick<Caller, "operator" | "scopes">;

/** A caller sees the tools that they may use. */
async function serverFor(records: Records, caller: McpCaller, log: Logger): Promise<McpServer> {
  const server = new McpServer({ name: "aito-operator", version: "1" }, { capabilities: { tools: {} } });
  for (const tool of operatorTools.filter(({ needs }) => caller.scopes.includes(needs))) {
    server.registerTool(
      tool.name,
      { description: tool.description, inputSchema: tool.input, annotations: { readOnlyHint: tool.needs === "read" } },
      async (input) => {
        try {
          return { content: [{ type: "text", text: JSON.stringify(await tool.run(records, input, caller)) }] };
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
