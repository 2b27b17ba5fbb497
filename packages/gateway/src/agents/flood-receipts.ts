import { AitoError } from "@aito/base";
import type { FastifyRequest } from "fastify";
import type { GatewayContext } from "../gateway-context.ts";
import { makeTooFast, type Refusal } from "../mcp/refuse-too-fast.ts";
import { requireProof, sentSession } from "./authenticate.ts";
import type { OpenRuns } from "./open-runs.ts";

const flood: Refusal = {
  told: {
    code: "AITO_AGENT_FLOOD",
    message: "too many requests of this session waited already; this one was not read",
    hint: "wait for answers before you ask more",
  },
  together: "too many requests of this session waited already; none of these was read",
  onRecord: (path) => `(unread ${path})`,
};

/** Where an agent's requests go: what else it asks for under there is no name of ours. */
const path = /^\/(mcp|agent\/[a-z]{1,20})(?=\?|$)/;

export interface FloodReceipts {
  /** The refusal as it is answered, with the receipt that the request is in. Never throws. */
  refused(request: FastifyRequest, error: AitoError): Promise<AitoError>;
  /** Writes down what was counted so far. */
  close(): Promise<void>;
}

/**
 * What is refused unread leaves receipts as calls do that come too fast: the first its own, the others of ten seconds one together. Only what
 * the container of a session sent counts for it; a stranger's flood is nobody's.
 */
export function floodReceipts(context: GatewayContext, openRuns: OpenRuns): FloodReceipts {
  const { refuse, close } = makeTooFast(context, flood);
  return {
    refused: async (request, error) => {
      const session = senderOf(context, request);
      if (!session) return error;
      const name = path.exec(request.url)?.[0] ?? "another path";
      const { body } = await refuse(session, { name, args: { method: request.method, path: name } }, openRuns);
      const { receipt } = body;
      const message = typeof receipt === "string" ? `${error.message}; receipt ${receipt}` : error.message;
      return new AitoError("AITO_AGENT_FLOOD", message, { hint: flood.told.hint, fate: error.fate, status: error.status });
    },
    close,
  };
}

function senderOf(
  { lanes, sessions, clock }: GatewayContext,
  request: FastifyRequest,
): ReturnType<GatewayContext["lanes"]["sessionOf"]> {
  try {
    const { session, sessionHash } = sentSession(request);
    const known = lanes.sessionOf(sessionHash);
    if (known) requireProof(known, { request, session, now: clock.now() }, sessions);
    return known;
  } catch {
    return null;
  }
}
