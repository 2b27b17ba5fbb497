import { AitoError, checkProof, proofHeader, sha256 } from "@aito/base";
import { type AgentSession, askSession, type CompanyDeps, speakingFor } from "@aito/company";
import type { FastifyRequest } from "fastify";
import type { GatewayContext } from "../gateway-context.ts";
import type { KnownSessions } from "./known-sessions.ts";

/**
 * The hook in front of everything but hello. It runs before the body is read. Errors: AITO_AGENT_SESSION (401) without a known
 * session, or without the proof that it comes from the container that said hello; AITO_AGENT_STALE (409) for an earlier incarnation.
 */
export function authenticateHook({ deps, clock, sessionLife, lanes, sessions }: Asking) {
  return async (request: FastifyRequest): Promise<void> => {
    const { session, sessionHash } = sentSession(request);
    const known = await askSession(deps, sessionHash, sessionLife).catch((error: unknown) => {
      sessions.forget(sessionHash);
      throw error;
    });
    requireProof(known.session, { request, session, now: clock.now() }, sessions);
    lanes.know(sessionHash, known.session);
    sessions.remember(sessionHash, known);
    request.session = known.session;
    request.sessionHash = sessionHash;
  };
}

type Asking = Pick<GatewayContext, "deps" | "clock" | "sessionLife" | "lanes" | "sessions">;

/**
 * The same in front of what may be asked about later: a session that is known from before comes in with its proof alone, marked `unasked`
 * where `knownFrom` are the sessions of all routes. Whoever answers it holds it against the record before anything is told.
 */
export function letInHook(context: Asking, knownFrom: Pick<KnownSessions, "of"> = context.sessions) {
  const authenticated = authenticateHook(context);
  return async (request: FastifyRequest): Promise<void> => {
    const { session, sessionHash } = sentSession(request);
    const known = knownFrom.of(sessionHash);
    if (!known) return await authenticated(request);
    requireProof(known, { request, session, now: context.clock.now() }, context.sessions);
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
export function requireProof(
  known: AgentSession,
  sent: { request: FastifyRequest; session: string; now: Date },
  keys: Pick<KnownSessions, "proofKey">,
): void {
  const { request, session, now } = sent;
  if (!known.containerKey) return;
  const key = keys.proofKey(known.containerKey);
  const asked = { method: request.method, path: request.url, session };
  if (key && checkProof(key, request.headers[proofHeader], asked, now)) return;
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
