import { wellFormedDeep } from "@aito/base";
import { type AgentSession, authenticate, heartbeat, speakingFor } from "@aito/company";
import { agentApi, HeartbeatRequest } from "@aito/protocol";
import type { FastifyInstance } from "fastify";
import type { GatewayContext } from "../gateway-context.ts";
import { gatherBeats } from "./gather-beats.ts";
import { letInHook, sessionOf } from "./authenticate.ts";
import { keepKeys } from "./live-agents.ts";
import { publishBeats } from "./publish-status.ts";

const knownMax = 1_000;

/**
 * `/agent/heartbeat`: what an idle company costs is mostly this. A session that was authenticated here before is not looked up by
 * itself again: its proof is checked with the key that is known of it, and the statement that beats, for many at once, asks whether it still
 * stands.
 */
export function heartbeatRoute(app: FastifyInstance, context: GatewayContext): void {
  const { deps, sessionLife } = context;
  const known = new Map<string, AgentSession>();
  context.live.onSeen(({ sessions }) => keepKeys(known, (hash) => sessions.has(hash)));
  const publish = publishBeats(context);
  const gathered = gatherBeats(context, (sessions) => void publish(sessions));
  const remember = (sessionHash: string, session: AgentSession): void => {
    // Without its container it is not complete yet.
    if (session.containerId === null) return;
    if (known.size >= knownMax) known.delete([...known.keys()].at(0)!);
    known.set(sessionHash, session);
  };

  void app.register(async (beats) => {
    beats.addHook("onRequest", letInHook(context, { of: (sessionHash) => known.get(sessionHash) ?? null }));
    beats.post(agentApi.heartbeat, async (request) => {
      const { sessionHash } = request;
      const beat = HeartbeatRequest.parse(wellFormedDeep(request.body));
      const quick = known.has(sessionHash) ? await gathered({ session: sessionOf(request), sessionHash, ...beat }) : null;
      if (quick) return quick;
      known.delete(sessionHash);
      const session = await authenticate(deps, sessionHash, sessionLife);
      const answer = await heartbeat(speakingFor(deps, session), session, beat);
      remember(sessionHash, session);
      void publish([session]);
      return answer;
    });
  });
}
