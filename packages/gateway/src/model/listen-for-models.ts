import type { Lifecycle } from "@aito/base";
import { fastify } from "fastify";
import type { ModelService } from "./model-service.ts";
import { modelRoutes } from "./routes.ts";

/** The model calls over TCP, for programs that cannot reach the socket; nothing else is served there. Returns the base URL. */
export async function listenForModels(
  service: ModelService,
  life: Lifecycle,
  at: { host: string; port: number },
): Promise<string> {
  const app = fastify({ logger: false, forceCloseConnections: true, exposeHeadRoutes: false });
  modelRoutes(app, service);
  life.add("models over TCP", app);
  return await app.listen({ ...at, backlog: 1_024 });
}
