import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { type CallToolResult, createMcpHandler, fromJsonSchema, McpServer } from "@modelcontextprotocol/server";

export interface PlayedTool {
  description: string;
  input?: Record<string, unknown>;
  output?: Record<string, unknown>;
  run: (args: Record<string, unknown>) => CallToolResult | Promise<CallToolResult>;
}

/** An MCP server outside the company, with the official library, that plays what its test wants. */
export interface OutsideServer {
  url: string;
  port: number;
  tools: Record<string, PlayedTool>;
  /** Stands before every request; true: it has answered itself. */
  before: ((request: IncomingMessage, response: ServerResponse, body: string) => boolean | Promise<boolean>) | null;
  /** Headers of each request, newest last. */
  seen: IncomingMessage["headers"][];
  close(): Promise<void>;
}

const trusting = {
  getValidator: () => (input: unknown) => ({ valid: true as const, data: input as never, errorMessage: undefined }),
};

export async function outsideServer(port = 0): Promise<OutsideServer> {
  const world: OutsideServer = { url: "", port: 0, tools: {}, before: null, seen: [], close: () => Promise.resolve() };
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "outside", version: "1" }, { capabilities: { tools: {} } });
    for (const [name, tool] of Object.entries(world.tools)) {
      server.registerTool(
        name,
        {
          description: tool.description,
          inputSchema: fromJsonSchema(tool.input ?? { type: "object" }, trusting),
          ...(tool.output ? { outputSchema: fromJsonSchema(tool.output, trusting) } : {}),
        },
        (args: unknown) => tool.run(args as Record<string, unknown>),
      );
    }
    return server;
  });
  const node = toNodeHandler(handler);
  const server = createServer((request, response) => {
    world.seen.push(request.headers);
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const body = Buffer.concat(parts).toString();
      if (await world.before?.(request, response, body)) return;
      await node(request, response, body === "" ? undefined : JSON.parse(body));
    })().catch(() => response.destroy());
  });
  await new Promise<void>((done) => void server.listen(port, "127.0.0.1", done));
  world.port = (server.address() as AddressInfo).port;
  world.url = `http://127.0.0.1:${world.port}/mcp`;
  world.close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return world;
}
