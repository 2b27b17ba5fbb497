import { AitoError, errorText } from "@aito/base";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { type Fetch, gatewayOrigin } from "./gateway-link.ts";
import type { ToolAnswer, ToolDefinition } from "./tool-loop.ts";

export const toolTimeoutMs = 60_000;

/** The tools that this agent is granted, over MCP. */
export interface Tools {
  definitions: ToolDefinition[];
  call(name: string, input: unknown, signal: AbortSignal): Promise<ToolAnswer>;
  close(): Promise<void>;
}

/** Connects for one run and lists the tools, sorted by name so that the prompt prefix is stable. Throws when that fails: AITO_AGENT_GATEWAY when the gateway was away. */
export async function connectTools(options: { fetch: Fetch; session: string; run: string; signal: AbortSignal }): Promise<Tools> {
  let refused = false;
  let away = false;
  const transport = new StreamableHTTPClientTransport(new URL(`${gatewayOrigin}/mcp`), {
    fetch: async (url, init) => {
      const response = await options.fetch(url, init).catch((error: unknown) => {
        away = true;
        throw error;
      });
      // What stands behind the gateway is away; the model's own troubles do not come this way.
      if (response.status === 503) away = true;
      if (response.status === 401 || response.status === 409) refused = true;
      return response;
    },
    requestInit: { headers: { authorization: `Bearer ${options.session}`, "x-aito-run": options.run } },
  });
  const client = new Client({ name: "aito-agent", version: "1" }, { versionNegotiation: { mode: "auto" } });
  const bound = { signal: options.signal, timeout: toolTimeoutMs };
  const { tools } = await (async () => {
    await client.connect(transport, bound);
    return await client.listTools(undefined, bound);
  })().catch((error: unknown) => {
    if (!away) throw error;
    throw new AitoError("AITO_AGENT_GATEWAY", errorText(error), { fate: "retry", status: 503, cause: error });
  });
  return {
    definitions: tools
      .map((tool) => ({
        name: tool.name,
        description: tool.description ?? "",
        input_schema: tool.inputSchema as ToolDefinition["input_schema"],
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    call: async (name, input, signal) => {
      try {
        const result = await client.callTool(
          { name, arguments: (input ?? {}) as Record<string, unknown> },
          { signal, timeout: toolTimeoutMs },
        );
        const text = result.content.map((part) => (part.type === "text" ? part.text : `(${part.type})`)).join("\n");
        return { ok: result.isError !== true, text };
      } catch (error) {
        return { ok: false, text: `the call failed: ${errorText(error)}`, refused };
      }
    },
    close: () => client.close().catch(() => undefined),
  };
}
