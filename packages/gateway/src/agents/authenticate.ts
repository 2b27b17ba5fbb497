import { AitoError, checkProof, proofHeader, sha256 } from "@aito/base";
import { type AgentSession, authenticate, type CompanyDeps, speakingFor } from "@aito/company";
import type { FastifyRequest } from "fastify";
import type { GatewayContext } from "../gateway-context.ts";

/**
 * The hook in front of everything but hello. It runs before the body is read. Errors: AITO_AGENT_SESSION (401) without a known
 * session, or without the proof that it comes from the container that said hello; AITO_AGENT_STALE (409) for an earlier incarnation.
 */
export function authenticateHook({ deps, clock, sessionLife }: Pick<GatewayContext, "deps" | "clock" | "sessionLife">) {
  return async (request: FastifyRequest): Promise<void> => {
    const { session, sessionHash } = sentSession(request);
    const known = await authenticate(deps, sessionHash, sessionLife);
    requireProof(known, { request, session, now: clock.now() });
    request.session = known;
    request.sessionHash = sessionHash;
  };
}

/** What the request brings. Error: AITO_AGENT_SESSION (401) when it brings none. */
export function sentSession(request: FastifyRequest): { session: string; sessionHash: string } {
  const session = /^Bearer (\S{20,200})$/.exec(request.headers.authorization ?? "")?.[1];
  if (session !== undefined) return { session, sessionHash: sha256(session) };
  throw new AitoError("AITO_AGENT_SESSION", "no session was sent", {
    hint: "send `Authorization: Bearer <session>` with the session that hello gave",
    status: 401,
  });
}

/** Error: AITO_AGENT_SESSION (401) when a session that is bound to its container is used by somebody else. */
export function requireProof(known: AgentSession, sent: { request: FastifyRequest; session: string; now: Date }): void {
  const { request, session, now } = sent;
  const asked = { method: request.method, path: request.url, session };
  if (!known.containerKey || checkProof(known.containerKey, request.headers[proofHeader], asked, now)) return;
  throw new AitoError("AITO_AGENT_SESSION", "the request was not signed by the container that said hello", {
    hint: `each request of this session carries ${proofHeader}; a session is of no use elsewhere`,
    status: 401,
  });
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
