import { AitoError, type Clock, monotonicMs, sha256 } from "@aito/base";
import { agentModels, authenticate, type CompanyDeps, type SessionLife } from "@aito/company";
import type { FastifyRequest } from "fastify";
import { requireProof } from "../agents/authenticate.ts";
import type { KnownSessions } from "../agents/known-sessions.ts";
import type { Caller, CallerSource } from "./caller.ts";
import { resolveModel } from "./models.ts";

/**
 * How long a known caller is believed without asking. The reservation of each call checks an agent's session and epoch again; a key that
 * was revoked is refused at the bell, and after this at the latest.
 */
const believeMs = { agent: 10_000, key: 1_000 };
const callersMax = 2_000;

export interface Authenticator {
  /** Errors: AITO_AGENT_SESSION (401), AITO_AGENT_STALE (409). `fresh` asks the record; else a request is looked at once. */
  of(request: FastifyRequest, options?: { fresh?: boolean }): Promise<Caller>;
  forget(token: string): void;
  /** A key may have been revoked or rotated: the record is asked at its next call. */
  forgetKeys(): void;
}

/** An agent's session, as `Authorization: Bearer` or as `x-api-key`: SDKs send either, by which of the two they were given. */
export const tokenOf = (request: FastifyRequest): string | null => {
  const key = request.headers["x-api-key"];
  const bearer = /^Bearer (\S{20,200})$/.exec(request.headers.authorization ?? "")?.[1];
  return bearer ?? (typeof key === "string" && /^\S{20,200}$/.test(key) ? key : null);
};

export function makeAuthenticator(options: {
  clock: Clock;
  sources: CallerSource[];
  keys: Pick<KnownSessions, "proofKey">;
}): Authenticator {
  const { clock, sources, keys } = options;
  const prove = (caller: Caller, request: FastifyRequest, token: string): Caller => {
    if (caller.kind === "agent") requireProof(caller.session, { request, session: token, now: clock.now() }, keys);
    return caller;
  };
  const known = new Map<string, { caller: Caller; from: number; until: number; untilMs: number }>();
  /** Who is not believed any more is asked for anyway: ended workers' would stay. */
  const forgetOver = (): void => {
    for (const [token, { untilMs }] of known) if (monotonicMs() >= untilMs) known.delete(token);
  };
  const seenRequests = new WeakMap<FastifyRequest, Caller>();
  const find = async (request: FastifyRequest, fresh: boolean): Promise<Caller> => {
    const token = tokenOf(request);
    if (token === null) {
      throw new AitoError("AITO_AGENT_SESSION", "no session was sent", {
        hint: "send `Authorization: Bearer <session>` (or x-api-key) with the session that hello gave",
        status: 401,
      });
    }
    const now = clock.now().getTime();
    const seen = known.get(token);
    // A clock that was set back or stands still must not make it good for longer.
    const believed = seen && now >= seen.from && now < seen.until && monotonicMs() < seen.untilMs;
    if (!fresh && believed) return prove(seen.caller, request, token);
    const askedMs = monotonicMs();
    for (const source of sources) {
      const caller = await source(token).catch((error: unknown) => {
        known.delete(token);
        throw error;
      });
      if (!caller) continue;
      if (known.size >= callersMax) known.clear();
      forgetOver();
      const forMs = believeMs[caller.kind];
      known.set(token, { caller, from: now, until: now + forMs, untilMs: askedMs + forMs });
      return prove(caller, request, token);
    }
    throw new AitoError("AITO_AGENT_SESSION", "no such session", { status: 401 });
  };
  return {
    of: async (request, { fresh = false } = {}) => {
      const seen = fresh ? undefined : seenRequests.get(request);
      if (seen) return seen;
      const caller = await find(request, fresh);
      seenRequests.set(request, caller);
      return caller;
    },
    forget: (token) => void known.delete(token),
    forgetKeys: () => {
      for (const [token, { caller }] of known) if (caller.kind === "key") known.delete(token);
    },
  };
}

/** The last source: whatever no other knows is an agent's session. */
export function agentCallers(deps: CompanyDeps, life: SessionLife): CallerSource {
  return async (token) => {
    const sessionHash = sha256(token);
    const session = await authenticate(deps, sessionHash, life);
    const models = (await agentModels(deps, session)).map((model) => resolveModel(model).id);
    return { kind: "agent", name: session.agent, models, session, sessionHash };
  };
}
