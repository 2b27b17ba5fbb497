import { type AgentSession } from "@aito/company";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { GatewayContext } from "../gateway-context.ts";
import type { Bells } from "./bells.ts";
import type { OpenRuns } from "./open-runs.ts";
/** `/agent/*`: what an agent's loop says. Only hello works without a session. */
export declare function agentRoutes(app: FastifyInstance, context: GatewayContext, parts: {
    bells: Bells;
    openRuns: OpenRuns;
}): void;
/** Aborts when the client's connection closes before the reply was written. */
export declare function clientGone(reply: FastifyReply): AbortSignal;
/** `agent:status:{agent}`: for whoever watches Redis; Postgres has the same, and counts. */
export declare function publishStatus(context: GatewayContext, session: AgentSession): Promise<void>;
