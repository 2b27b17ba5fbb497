import { createServer } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { defineGatedTool, defineTool, type Tool } from "../src/mcp/tool.ts";

const echo = { name: "echo", description: "Says what it is told.", input: z.object({ text: z.string() }) };

/** For `pnpm bench tools`: a tool that does nothing, the same with a receipt that is on disk at once, and a dangerous one whose effect is heard of. */
export const benchedTools = (effects: ReadonlyMap<string, () => void>): Tool[] => [
  ...[echo, { ...echo, name: "echo_guarded", dataClass: "personal" as const }].map((tool) =>
    defineTool({ ...tool, risk: "read", kinds: ["agent"], run: (_call, { text }) => Promise.resolve({ text }) }),
  ),
  defineGatedTool({
    name: "bench_effect",
    description: "Does something outside.",
    risk: "dangerous",
    dataClass: "public",
    kinds: ["agent"],
    input: z.object({ id: z.string() }),
    costMicroUsd: () => 0n,
    summary: ({ id }) => `do ${id}`,
    timeoutMs: 5_000,
    perform: ({ id }) => {
      effects.get(id)?.();
      return Promise.resolve({ ok: true, result: {}, undo: null });
    },
  }),
];

/** The same tool without anything of ours: an MCP server on a unix socket. */
export async function bareMcp(socketPath: string): Promise<{ close(): Promise<void> }> {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "bare", version: "1" }, { capabilities: { tools: {} } });
    server.registerTool(echo.name, { description: echo.description, inputSchema: echo.input }, ({ text }) => ({
      content: [{ type: "text", text: JSON.stringify({ text }) }],
    }));
    return server;
  });
  const node = toNodeHandler(handler);
  const server = createServer((request, response) => void node(request, response));
  await new Promise<void>((done) => void server.listen(socketPath, done));
  return {
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
