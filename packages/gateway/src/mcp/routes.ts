import { type AgentSession, heldGrants, kindsOf, withheld } from "@aito/company";
import { McpServer } from "@modelcontextprotocol/server";
import type { FastifyInstance } from "fastify";
import { authenticateHook, sessionOf } from "../agents/authenticate.ts";
import type { OpenRuns } from "../agents/open-runs.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { dangerousTools } from "./dangerous-tools.ts";
import { decisionTools } from "./decision-tools.ts";
import { ideaTools } from "./idea-tools.ts";
import { messageTools } from "./message-tools.ts";
import { metricTools } from "./metric-tools.ts";
import { mountMcp } from "./mount-mcp.ts";
import { offeredSchema, outputSchema } from "./offered-schema.ts";
import { ownOutputs } from "./own-outputs.ts";
import { runTool } from "./run-tool.ts";
import { taskTools } from "./task-tools.ts";
import { makeToolRates, tooFast } from "./tool-rate.ts";
import { classOf, type Kinds, type Tool } from "./tool.ts";

/** Every tool of the fleet; connectors' tools come beside them. */
export const fleetTools: Tool[] = [
  ...messageTools,
  ...taskTools,
  ...decisionTools,
  ...ideaTools,
  ...metricTools,
  ...dangerousTools,
].map((tool) => ({ ...tool, output: ownOutputs[tool.name] }));

/** What this caller may use. A tool that is not granted does not exist for it. */
export const grantedTools = (session: Pick<AgentSession, "kind" | "isHead">, tools: readonly Tool[] = fleetTools): Tool[] =>
  tools.filter((tool) => tool.kinds.includes(session.kind) && (session.isHead || !tool.headsOnly));

/** The agents' `/mcp`: a server is built for each request's caller, with what it is granted. */
export function mcpRoutes(app: FastifyInstance, context: GatewayContext, openRuns: OpenRuns): void {
  const kindsFor = kindsCache(context);
  const mayCall = makeToolRates(context.clock, context.toolRate);
  mountMcp(app, {
    log: context.log,
    authenticate: authenticateHook(context),
    serverFor: async (request) => {
      const session = sessionOf(request);
      const caller = { session, kinds: await kindsFor(session), mayCall, called: calledTool(request.body) };
      return serverFor(context, caller, openRuns);
    },
  });
}

const cachedMax = 1_000;

/** The kinds of each incarnation's profile: a hint in descriptions, read once. */
function kindsCache(context: GatewayContext): (session: AgentSession) => Promise<Kinds> {
  const cache = new Map<string, Kinds>();
  return async (session) => {
    // With the fleet file's revision: what the operator changes holds from the next request on.
    const key = `${session.agentId}:${session.epoch}:${session.fleetRevision}`;
    const known = cache.get(key);
    if (known) return known;
    if (cache.size >= cachedMax) cache.clear();
    const kinds = { ...(await kindsOf(context.deps, session)), held: await heldGrants(context.deps, session) };
    cache.set(key, kinds);
    return kinds;
  };
}

/** The tool that a request calls; null when it asks for something else. */
function calledTool(body: unknown): string | null {
  const { method, params } = (body ?? {}) as { method?: unknown; params?: { name?: unknown } };
  return method === "tools/call" && typeof params?.name === "string" ? params.name : null;
}

interface McpCaller {
  session: AgentSession;
  kinds: Kinds;
  mayCall: (agentId: string, tool: string) => boolean;
  /** The server of a request that calls a tool needs no other one. */
  called: string | null;
}

function serverFor(context: GatewayContext, { session, kinds, mayCall, called }: McpCaller, openRuns: OpenRuns): McpServer {
  const server = new McpServer({ name: "aito", version: "1" }, { capabilities: { tools: {} } });
  for (const tool of grantedTools(session, [...fleetTools, ...context.moreTools()])) {
    if (called !== null && tool.name !== called) continue;
    if (tool.offered?.(kinds) === false || withheld(kinds.held, { name: tool.name, dataClass: classOf(tool) })) continue;
    server.registerTool(
      tool.name,
      {
        description: tool.hint ? `${tool.description} ${tool.hint(kinds)}` : tool.description,
        inputSchema: offeredSchema(tool, session.kind),
        ...(tool.output ? { outputSchema: outputSchema(tool.output) } : {}),
        annotations: { readOnlyHint: tool.risk === "read", destructiveHint: tool.risk === "dangerous" },
      },
      async (input: unknown) => {
        const { ok, body } = mayCall(session.agentId, tool.name)
          ? await runTool(tool, { context, session }, input, openRuns)
          : tooFast;
        const content = [{ type: "text" as const, text: JSON.stringify(body) }];
        return tool.output && ok ? { content, structuredContent: body } : { content, isError: !ok };
      },
    );
  }
  return server;
}
