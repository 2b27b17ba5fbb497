import { AsyncLocalStorage } from "node:async_hooks";
import type { FastifyInstance } from "fastify";

export interface RequestOrigin {
  /** Null for what comes by a link or is nobody's yet. */
  operator: string | null;
  address: string;
}

/** Who asks for what is under way, for the audit: read by every transaction that a request leads to. */
export interface RequestOrigins {
  now(): RequestOrigin | null;
  /** Every request of `app` runs under its operator's name and address; what comes by a link, under the address alone. */
  follow(app: FastifyInstance): void;
}

export function requestOrigins(): RequestOrigins {
  const store = new AsyncLocalStorage<RequestOrigin>();
  return {
    now: () => store.getStore() ?? null,
    follow: (app) => {
      // After the body was read: its events would lose the context.
      app.addHook("preHandler", (request, _reply, done) => {
        store.run({ operator: request.principal?.operator ?? null, address: request.ip.slice(0, 60) }, done);
      });
    },
  };
}
