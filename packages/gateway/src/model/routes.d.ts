import type { FastifyInstance } from "fastify";
import type { OpenRuns } from "../agents/open-runs.ts";
import type { GatewayContext } from "../gateway-context.ts";
export declare const modelBodyBytesMax: number;
/** `/v1/*`: the Anthropic Messages API as it is, behind the agent's session. Errors have that API's shape. */
export declare function modelRoutes(app: FastifyInstance, context: GatewayContext, openRuns: OpenRuns): void;
