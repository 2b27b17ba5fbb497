import { isAitoError, sha256 } from "@aito/base";
import { agentApi } from "@aito/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { clientGone } from "./client-gone.ts";
import type { FloodReceipts } from "./flood-receipts.ts";
import { type Lanes, ownUnderWayMax, type Place, underWayMax } from "./lanes.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Its place among those of its session; null where it needs none. */
    place: Place | null;
    isStranger: boolean;
  }
}

/** What agents ask; models are called under a rate and an admission of their own. */
const kept = /^\/(agent\/|mcp(\?|$))/;
const strangers = "strangers";
/** What an agent's program asks for itself. A poll is parked for minutes, and a model may have tools called side by side. */
const own: ReadonlySet<string> = new Set([agentApi.context, agentApi.report, agentApi.log, agentApi.renew, agentApi.workspace]);

interface Lane {
  name: string;
  places: number;
}

/** Before anything else is done for an agent's request it has a place in its session's lane. A heartbeat waits for no work. */
export function keepLanes(app: FastifyInstance, lanes: Lanes, floods: FloodReceipts): void {
  app.decorateRequest("place", null);
  app.decorateRequest("isStranger", false);
  /** False when the client has gone meanwhile. */
  const take = async (request: FastifyRequest, reply: FastifyReply, { name, places }: Lane): Promise<boolean> => {
    const gone = clientGone(reply);
    try {
      request.place = await lanes.enter(name, gone, places);
      return true;
    } catch (error) {
      if (gone.aborted) return false;
      throw isAitoError(error, "AITO_AGENT_FLOOD") ? await floods.refused(request, error) : error;
    }
  };
  app.addHook("onClose", () => floods.close());
  app.addHook("onRequest", async (request, reply) => {
    if (!kept.test(request.url)) return;
    const lane = laneOf(request, lanes);
    request.isStranger = lane.name === strangers;
    if (!(await take(request, reply, lane))) return reply.hijack();
    reply.raw.once("close", () => {
      if (reply.raw.statusCode >= 400) request.place?.refused();
      request.place?.leave();
    });
  });
  // Whoever is known by now stands in a lane of its own: a poll that is parked for minutes keeps no stranger out.
  app.addHook("preHandler", async (request, reply) => {
    if (!request.isStranger || request.session === null) return;
    request.isStranger = false;
    request.place?.leave();
    if (!(await take(request, reply, laneOf(request, lanes)))) return reply.hijack();
  });
}

function laneOf(request: FastifyRequest, lanes: Lanes): Lane {
  const session = /^Bearer (\S{20,200})$/.exec(request.headers.authorization ?? "")?.[1];
  const sessionHash = session === undefined ? "" : sha256(session);
  if (!lanes.isKnown(sessionHash)) return { name: strangers, places: underWayMax };
  if (request.url === agentApi.heartbeat) return { name: `${sessionHash} heartbeat`, places: ownUnderWayMax };
  if (own.has(request.url)) return { name: `${sessionHash} own`, places: ownUnderWayMax };
  return { name: sessionHash, places: underWayMax };
}
