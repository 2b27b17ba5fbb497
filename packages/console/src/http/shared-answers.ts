import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import { readTogether } from "./read-together.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /**
     * The answer depends on the address and on the asker's scopes, and on nothing else of the request: those who ask for it at the same time
     * are given the same one.
     */
    shared?: boolean;
  }
}

/**
 * Twenty dashboards that hear the same bell ask the same at the same moment: it is read and written down once, on the routes that say so.
 */
export function shareAnswers(app: FastifyInstance): void {
  const wrap = sharing();
  app.addHook("onRoute", (route) => {
    if (route.config?.shared) route.handler = wrap(route.handler);
  });
}

function sharing(): (handler: RouteHandlerMethod) => RouteHandlerMethod {
  const together = readTogether<Buffer>();
  return (handler) =>
    async function (request: FastifyRequest, reply: FastifyReply) {
      const key = `${request.url}\n${request.principal?.scopes.toSorted().join(" ") ?? ""}`;
      // As bytes, so that it is encoded once, too.
      const body = await together(key, async () => {
        const payload: unknown = await handler.call(this, request, reply);
        return Buffer.from(reply.serialize(payload) as string);
      });
      return await reply.type("application/json; charset=utf-8").send(body);
    };
}
