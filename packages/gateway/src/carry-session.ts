import { whileAbout } from "@aito/base";
import type { FastifyInstance } from "fastify";

/**
 * Requests carry the session that a hook finds; whatever is logged or traced while one is answered says its agent and epoch, and the run
 * once it is known.
 */
export function carrySession(app: FastifyInstance): void {
  app.decorateRequest("session", null);
  app.decorateRequest("sessionHash", "");
  app.decorateRequest("isDoubted", false);
  app.decorateRequest("isCut", false);
  app.addHook("preHandler", (request, _reply, done) => {
    const { session } = request;
    whileAbout(session ? { agent: session.agent, epoch: session.epoch } : {}, done);
  });
}
