import type { AgentSession } from "@aito/company";
import type { FastifyInstance } from "fastify";
import type { OpenRuns } from "../agents/open-runs.ts";
import type { GatewayContext } from "../gateway-context.ts";
import type { Tool } from "./tool.ts";
/** Every tool of the fleet; connectors' tools come beside them. */
export declare const fleetTools: Tool[];
/** What this caller may use. A tool that is not granted does not exist for it. */
export declare const grantedTools: (session: Pick<AgentSession, "kind">) => Tool[];
/** `/mcp`: Streamable HTTP without sessions, for clients of 2026-07-28 and 2025-11-25. A server is built for each request's caller. */
export declare function mcpRoutes(app: FastifyInstance, context: GatewayContext, openRuns: OpenRuns): void;
