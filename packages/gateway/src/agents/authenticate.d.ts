import { type AgentSession, type CompanyDeps } from "@aito/company";
import type { FastifyRequest } from "fastify";
/**
 * The hook in front of everything but hello. It runs before the body is read. Errors: AITO_AGENT_SESSION (401) without a known
 * session, AITO_AGENT_STALE (409) for an earlier incarnation.
 */
export declare function authenticateHook(deps: CompanyDeps): (request: FastifyRequest) => Promise<void>;
/** The session of a request behind the hook. */
export declare function sessionOf(request: FastifyRequest): AgentSession;
