import { AitoError, sha256 } from "@aito/base";
import { type AgentSession, authenticate, type CompanyDeps, speakingFor } from "@aito/company";
import type { FastifyRequest } from "fastify";

/**
 * The hook in front of everything but hello. It runs before the body is read. Errors: AITO_AGENT_SESSION (401) without a known
 * session, AITO_AGENT_STALE (409) for an earlier incarnation.
 */
export function authenticateHook(deps: CompanyDeps) {
  return async (request: FastifyRequest): Promise<void> => {
    const session = /^Bearer (\S{20,200})$/.exec(request.headers.authorization ?? "")?.[1];
    if (session === undefined) {
      throw new AitoError("AITO_AGENT_SESSION", "no session was sent", {
        hint: "send `Authorization: Bearer <session>` with the session that hello gave",
        status: 401,
      });
    }
    request.session = await authenticate(deps, sha256(session));
  };
}

/** The session of a request behind the hook. */
export function sessionOf(request: FastifyRequest): AgentSession {
  if (request.session === null) throw new AitoError("AITO_AGENT_SESSION", "no session was sent", { status: 401 });
  return request.session;
}

/**
 * Who speaks, and the deps under which everything is done for it: they hold its incarnation in each transaction. A route takes its
 * deps from here and from nowhere else.
 */
export function speakerOf(request: FastifyRequest, deps: CompanyDeps): { session: AgentSession; deps: CompanyDeps } {
  const session = sessionOf(request);
  return { session, deps: speakingFor(deps, session) };
}
