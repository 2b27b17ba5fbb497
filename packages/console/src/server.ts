import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import rateLimit from "@fastify/rate-limit";
import { type Clock, type Logger } from "@aito/base";
import type { Bus } from "@aito/bus";
import fastify, { type FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { ApiOptions } from "./api/app.ts";
import { decisionRoutes } from "./api/decision-routes.ts";
import { fleetRoutes } from "./api/fleet-routes.ts";
import { recordRoutes } from "./api/record-routes.ts";
import { switchRoutes } from "./api/switch-routes.ts";
import { approvalRoutes } from "./api/approval-routes.ts";
import { approvalPageRoutes } from "./pages/approval-page-routes.ts";
import { costRoutes } from "./api/cost-routes.ts";
import { receiptRoutes } from "./api/receipt-routes.ts";
import { ideaRoutes } from "./api/idea-routes.ts";
import { memoryRoutes } from "./api/memory-routes.ts";
import { keyRoutes } from "./api/key-routes.ts";
import { recordingRoutes } from "./api/recording-routes.ts";
import { loginRoutes } from "./auth/login-routes.ts";
import { type AuthOptions, identify, type Principal, requireOperator } from "./auth/principal.ts";
import { answerErrors } from "./http/errors.ts";
import { sendSecurityHeaders } from "./http/headers.ts";
import { requireKnownHost, requireSameOrigin } from "./http/origin.ts";
import { operatorMcpRoutes } from "./mcp/mcp-routes.ts";
import { modelPath, modelRoutes } from "./model-routes.ts";
import { escalationRoutes } from "./pages/escalation-routes.ts";
import type { Records } from "./records.ts";
import { startEventFeed } from "./stream/event-feed.ts";
import { streamRoute } from "./stream/stream-route.ts";
import { webClientRoutes } from "./web-client-routes.ts";

const bodyBytesMax = 256 * 1024;

export interface ServerOptions {
  records: Records;
  bus: Pick<Bus, "subscribe">;
  log: Logger;
  clock: Clock;
  /** Where operators reach the console; links begin with it. Read at each use: a port may be chosen at listen. */
  publicUrl: () => URL;
  operatorKeyHash: string | null;
  engine: "docker" | "embedded";
  model: string;
  /** Where the gateway answers calls with a gateway key; null: such calls are not taken here. */
  gatewaySocket: string | null;
  /** The built web client. */
  webRoot: string;
}

export interface Server {
  app: FastifyInstance;
  makeLoginLink(by: string): Promise<string>;
  /** Every route, as registered: the tests of who may do what walk this list, so that no route is forgotten. */
  routes: { method: string; url: string }[];
}

/** The console's whole HTTP surface over any `Records`; it does not listen yet. */
export async function buildServer(options: ServerOptions): Promise<Server> {
  const { records, log, clock } = options;
  const publicUrl = options.publicUrl();
  const https = publicUrl.protocol === "https:";
  const auth: AuthOptions = {
    records,
    operatorKeyHash: options.operatorKeyHash,
    cookieName: https ? "__Host-aito" : "aito_session",
  };
  const app = fastify({ bodyLimit: bodyBytesMax, forceCloseConnections: true, routerOptions: { maxParamLength: 300 } });
  const routes: Server["routes"] = [];
  app.addHook("onRoute", ({ method, url }) => void routes.push(...[method].flat().map((name) => ({ method: name, url }))));
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, log);
  await sendSecurityHeaders(app, { https });
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: 64 * 1024 });
  await app.register(rateLimit, { global: false });

  app.decorateRequest<Principal | null, "principal">("principal", null);
  app.addHook("onRequest", async (request) => {
    requireKnownHost(request, options.publicUrl());
    if (request.headers.authorization !== undefined || request.cookies[auth.cookieName] !== undefined) {
      request.principal = await identify(request, auth);
    }
  });

  const makeLoginLink = async (by: string): Promise<string> => {
    return new URL(`/login/${await records.newLoginLink(by)}`, options.publicUrl()).href;
  };
  const modelUrl = (): string => new URL(modelPath, options.publicUrl()).href;
  const apiOptions: ApiOptions = { records, engine: options.engine, model: options.model, makeLoginLink, modelUrl };
  const feed = await startEventFeed({ records, bus: options.bus, clock, log });
  app.addHook("onClose", () => feed.close());

  app.get("/healthz", async () => {
    await records.ping();
    return { ok: true };
  });
  loginRoutes(app, { records, publicUrl, cookieName: auth.cookieName });
  escalationRoutes(app, { records, publicUrl });
  approvalPageRoutes(app, { records, publicUrl });
  if (options.gatewaySocket !== null) await modelRoutes(app, { gatewaySocket: options.gatewaySocket, log });
  await app.register(async (scope) => {
    const api = scope.withTypeProvider<ZodTypeProvider>();
    // Every route registered in here asks for an operator; there is no way to add one that does not.
    api.addHook("onRequest", async (request) => {
      requireOperator(request);
      if (request.method !== "GET" && request.method !== "HEAD" && request.principal?.kind === "session") {
        requireSameOrigin(request, options.publicUrl(), false);
      }
    });
    fleetRoutes(api, apiOptions);
    decisionRoutes(api, apiOptions);
    approvalRoutes(api, apiOptions);
    ideaRoutes(api, apiOptions);
    memoryRoutes(api, apiOptions);
    costRoutes(api, apiOptions);
    receiptRoutes(api, apiOptions);
    keyRoutes(api, apiOptions);
    recordingRoutes(api, apiOptions);
    recordRoutes(api, apiOptions);
    switchRoutes(api, apiOptions);
    operatorMcpRoutes(api, { records, log });
    streamRoute(api, { ...auth, feed, clock, log });
  });
  await webClientRoutes(app, options.webRoot);
  return { app, makeLoginLink, routes };
}
