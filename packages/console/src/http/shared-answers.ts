import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";

declare module "fastify" {
  interface FastifyContextConfig {
    /**
     * The answer depends on the address and on the asker's scopes, and on nothing else of the request: those who ask for it at the same time
     * are given the same one.
     */
    shared?: boolean;
  }
}

interface Asked {
  running: Promise<string>;
  /** Begun when `running` has ended: for whoever asked after that had begun, and so may know of a change that it does not see. */
  next: Promise<string> | null;
}

/**
 * Twenty dashboards that hear the same bell ask the same at the same moment: it is read and written down once, on the routes that say so.
 * Nobody is given what was read before they asked, and nothing is kept once it was answered.
 */
export function shareAnswers(app: FastifyInstance): void {
  const wrap = sharing();
  app.addHook("onRoute", (route) => {
    if (route.config?.shared) route.handler = wrap(route.handler);
  });
}

function sharing(): (handler: RouteHandlerMethod) => RouteHandlerMethod {
  const asked = new Map<string, Asked>();

  const begin = (key: string, read: () => Promise<string>): Promise<string> => {
    const running = read();
    const mine: Asked = { running, next: null };
    asked.set(key, mine);
    const end = (): void => void (asked.get(key) === mine && mine.next === null && asked.delete(key));
    running.then(end, end);
    return running;
  };
  const answer = (key: string, read: () => Promise<string>): Promise<string> => {
    const now = asked.get(key);
    if (!now) return begin(key, read);
    now.next ??= now.running.then(
      () => begin(key, read),
      () => begin(key, read),
    );
    return now.next;
  };

  return (handler) =>
    async function (request: FastifyRequest, reply: FastifyReply) {
      const key = `${request.url}\n${request.principal?.scopes.toSorted().join(" ") ?? ""}`;
      const text = await answer(key, async () => {
        const payload: unknown = await handler.call(this, request, reply);
        return reply.serialize(payload) as string;
      });
      return await reply.type("application/json; charset=utf-8").send(text);
    };
}
