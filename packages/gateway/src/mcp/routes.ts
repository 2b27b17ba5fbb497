import { type AgentSession, heldGrants, kindsOf, withheld } from "@aito/company";
import { McpServer } from "@modelcontextprotocol/server";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { authenticateHook, letInHook, sessionOf } from "../agents/authenticate.ts";
import { keepKeys } from "../agents/live-agents.ts";
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
import { recordNotOffered } from "./record-not-offered.ts";
import { makeTooFast, type TooFast } from "./refuse-too-fast.ts";
import { runTool } from "./run-tool.ts";
import { taskTools } from "./task-tools.ts";
import { makeToolRates } from "./tool-rate.ts";
import { classOf, isOwnRead, type Kinds, type Tool } from "./tool.ts";

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
  const tooFast = makeTooFast(context);
  app.addHook("onClose", () => tooFast.close());
  const callerOf = async (request: FastifyRequest): Promise<McpCaller & { tools: Tool[] }> => {
    const session = sessionOf(request);
    const caller = { session, kinds: await kindsFor(session), mayCall, tooFast, called: calledTool(request.body), request };
    return { ...caller, tools: offeredTo(context, caller) };
  };
  mountMcp(app, {
    log: context.log,
    authenticate: letInHook(context),
    unasked: {
      ask: authenticateHook(context),
      mayAskLater: async (request) => {
        const { called, tools } = await callerOf(request);
        return called !== null && tools.length === 1 && isOwnRead(tools[0]!);
      },
    },
    serverFor: async (request) => {
      const caller = await callerOf(request);
      const { session, tools } = caller;
      if (caller.called !== null && tools.length === 0) {
        if (mayCall(session.agentId, caller.called)) await recordNotOffered(context, session, request.body, openRuns);
        else {
          request.place?.refused();
          const { arguments: args } = (request.body as { params: { arguments?: unknown } }).params;
          await tooFast.refuse(session, { name: caller.called, args }, openRuns);
        }
      }
      return serverFor(context, caller, openRuns);
    },
  });
}

const cachedMax = 1_000;

/** The kinds of each incarnation's profile: a hint in descriptions, read once. */
function kindsCache(context: GatewayContext): (session: AgentSession) => Promise<Kinds> {
  const cache = new Map<string, { agentId: string; kinds: Kinds }>();
  context.live.onSeen(({ agents }) => keepKeys(cache, (key) => agents.has(cache.get(key)!.agentId)));
  return async (session) => {
    // With the fleet file's revision: what the operator changes holds from the next request on.
    const key = `${session.agentId}:${session.epoch}:${session.fleetRevision}`;
    const known = cache.get(key);
    if (known) return known.kinds;
    if (cache.size >= cachedMax) cache.clear();
    const kinds = { ...(await kindsOf(context.deps, session)), held: await heldGrants(context.deps, session) };
    cache.set(key, { agentId: session.agentId, kinds });
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
  tooFast: TooFast;
  /** The server of a request that calls a tool needs no other one. */
  called: string | null;
  request: FastifyRequest;
}

/** What the caller may use, of a request that calls a tool that one alone: nothing is asked about the others. */
const offeredTo = (
  context: GatewayContext,
  { session, kinds, called }: Pick<McpCaller, "session" | "kinds" | "called">,
): Tool[] => {
  const all = [...fleetTools, ...context.moreTools()];
  const asked = called === null ? all : all.filter(({ name }) => name === called);
  return grantedTools(session, asked).filter(
    (tool) => tool.offered?.(kinds) !== false && !withheld(kinds.held, { name: tool.name, dataClass: classOf(tool) }),
  );
};

function serverFor(
  context: GatewayContext,
  { session, kinds, mayCall, tooFast, request, tools }: McpCaller & { tools: readonly Tool[] },
  openRuns: OpenRuns,
): McpServer {
  const server = new McpServer({ name: "aito", version: "1" }, { capabilities: { tools: {} } });
  for (const tool of tools) {
    server.registerTool(
      tool.name,
      {
        description: tool.hint ? `${tool.description} ${tool.hint(kinds)}` : tool.description,
        inputSchema: offeredSchema(tool, session.kind),
        ...(tool.output ? { outputSchema: outputSchema(tool.output) } : {}),
        annotations: { readOnlyHint: tool.risk === "read", destructiveHint: tool.risk === "dangerous" },
      },
      async (input: unknown) => {
        const may = mayCall(session.agentId, tool.name);
        if (!may) request.place?.refused();
        // Nothing is told, or written, of a call too many before its session was asked about.
        if (!may && session.unasked) {
          request.isDoubted = true;
          return { content: [] };
        }
        const { ok, body, isDoubted } = may
          ? await runTool(tool, { context, session, isCut: request.isCut }, input, openRuns)
          : await tooFast.refuse(session, { name: tool.name, args: input }, openRuns);
        request.isDoubted = isDoubted === true;
        const content = [{ type: "text" as const, text: JSON.stringify(body) }];
        return tool.output && ok ? { content, structuredContent: body } : { content, isError: !ok };
      },
    );
  }
  return server;
}
