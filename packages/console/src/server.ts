import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import rateLimit from "@fastify/rate-limit";
import { type Clock, type Logger } from "@aito/base";
import type { Bus } from "@aito/bus";
import type { SessionCaller } from "@aito/company";
import type { OperatorScope } from "@aito/protocol";
import fastify, { type FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { Accounts } from "./accounts.ts";
import type { Api, ApiOptions } from "./api/app.ts";
import { decisionRoutes } from "./api/decision-routes.ts";
import { describeApi, openApiRoute } from "./api/openapi.ts";
import { operatorRoutes } from "./api/operator-routes.ts";
import { fleetRoutes } from "./api/fleet-routes.ts";
import { messageRoutes } from "./api/message-routes.ts";
import { recordRoutes } from "./api/record-routes.ts";
import { revisionRoutes } from "./api/revision-routes.ts";
import { switchRoutes } from "./api/switch-routes.ts";
import { toolRoutes } from "./api/tool-routes.ts";
import { approvalRoutes } from "./api/approval-routes.ts";
import { approvalPageRoutes } from "./pages/approval-page-routes.ts";
import { boardRoutes } from "./api/board-routes.ts";
import { changeRoutes } from "./api/change-routes.ts";
import { channelRoutes } from "./api/channel-routes.ts";
import { chatRoutes } from "./api/chat-routes.ts";
import { costRoutes } from "./api/cost-routes.ts";
import { receiptRoutes } from "./api/receipt-routes.ts";
import { hookListRoutes } from "./api/hook-list-routes.ts";
import { ideaRoutes } from "./api/idea-routes.ts";
import { memoryRoutes } from "./api/memory-routes.ts";
import { keyRoutes } from "./api/key-routes.ts";
import { recordingRoutes } from "./api/recording-routes.ts";
import { loginRoutes } from "./auth/login-routes.ts";
import { needOf, requireScope } from "./auth/access.ts";
import type { RequestOrigins } from "./auth/request-origin.ts";
import { type AuthOptions, identify, isSafe, type Principal, requireOperator } from "./auth/principal.ts";
import { hookRoutes } from "./hooks/hook-routes.ts";
import { type HookSecrets, noHookSecrets } from "./hooks/hook-secrets.ts";
import { requireAddressText } from "./http/address-text.ts";
import { answerErrors } from "./http/errors.ts";
import { sendSecurityHeaders } from "./http/headers.ts";
import { readTogether } from "./http/read-together.ts";
import { shareAnswers } from "./http/shared-answers.ts";
import { requireKnownHost, requireSameOrigin } from "./http/origin.ts";
import { operatorMcpRoutes } from "./mcp/mcp-routes.ts";
import { modelPath, modelRoutes } from "./model-routes.ts";
import { escalationRoutes } from "./pages/escalation-routes.ts";
import { plainRoutes } from "./pages/plain/plain-routes.ts";
import type { Records } from "./records.ts";
import { startEventFeed } from "./stream/event-feed.ts";
import { type StreamOptions, streamRoute } from "./stream/stream-route.ts";
import { webClientRoutes } from "./web-client-routes.ts";

const apiVersion = "1";
const bodyBytesMax = 256 * 1024;
const limits = { bodyLimit: bodyBytesMax, forceCloseConnections: true, routerOptions: { maxParamLength: 300 } };

export interface ServerOptions {
  records: Records;
  bus: Pick<Bus, "subscribe">;
  log: Logger;
  clock: Clock;
  /** Where operators reach the console; links begin with it. Read at each use: a port may be chosen at listen. */
  publicUrl: () => URL;
  operatorKeyHash: string | null;
  /** Whether this peer's `X-Forwarded-For` is believed; without it nobody's is. */
  trustProxy?: (address: string) => boolean;
  engine: "docker" | "embedded";
  model: string;
  /** Where the gateway answers calls with a gateway key; null: such calls are not taken here. */
  gatewaySocket: string | null;
  /** Where the records' transactions read who asks. */
  origins?: RequestOrigins;
  /** With which events from outside are signed; without them none is taken. */
  hookSecrets?: HookSecrets;
  /** The built web client. */
  webRoot: string;
}

export interface Server {
  app: FastifyInstance;
  makeLoginLink(by: string): Promise<string>;
  /**
   * Every route, as registered, and the scope that it asks for (null: none, it is not behind the operators' guard). The tests of who may
   * do what walk this list, so that no route is forgotten.
   */
  routes: { method: string; url: string; needs: OperatorScope | null }[];
}

/** The console's whole HTTP surface over any `Records`; it does not listen yet. */
export async function buildServer(options: ServerOptions): Promise<Server> {
  const { records, log, clock } = options;
  const publicUrl = options.publicUrl();
  const https = publicUrl.protocol === "https:";
  const auth: AuthOptions = {
    accounts: { ofApiKey: (key) => records.accounts.ofApiKey(key), ofSession: sessionReader(records.accounts) },
    operatorKeyHash: options.operatorKeyHash,
    cookieName: https ? "__Host-aito" : "aito_session",
  };
  const app = fastify({ ...limits, trustProxy: options.trustProxy ?? false });
  const routes: Server["routes"] = [];
  let guarded = false;
  app.addHook("onRoute", ({ method, url, config }) => {
    const needs = (name: string): OperatorScope | null => (guarded ? needOf(name, config?.needs) : null);
    routes.push(...[method].flat().map((name) => ({ method: name, url, needs: needs(name) })));
  });
  shareAnswers(app);
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
    requireAddressText(request);
    if (request.headers.authorization !== undefined || request.cookies[auth.cookieName] !== undefined) {
      request.principal = await identify(request, auth);
    }
  });

  options.origins?.follow(app);
  const loginUrl = (token: string): string => new URL(`/login/${token}`, options.publicUrl()).href;
  const makeLoginLink = async (by: string, operator?: string): Promise<string> =>
    loginUrl(await records.accounts.newLoginLink(by, operator));
  const modelUrl = (): string => new URL(modelPath, options.publicUrl()).href;
  const apiOptions: ApiOptions = { records, engine: options.engine, model: options.model, makeLoginLink, loginUrl, modelUrl };
  const feed = await startEventFeed({ records, bus: options.bus, clock, log });
  app.addHook("onClose", () => feed.close());

  app.get("/healthz", async () => {
    await records.ping();
    return { ok: true };
  });
  loginRoutes(app, { accounts: records.accounts, publicUrl, cookieName: auth.cookieName });
  escalationRoutes(app, { records, publicUrl });
  approvalPageRoutes(app, { records, publicUrl });
  const hookSecrets = options.hookSecrets ?? noHookSecrets;
  await hookRoutes(app, { records, secrets: hookSecrets, clock, log });
  if (options.gatewaySocket !== null) await modelRoutes(app, { gatewaySocket: options.gatewaySocket, log });
  const description = await describeApi(app, { cookieName: auth.cookieName, version: apiVersion });
  await app.register(async (scope) => {
    const api = scope.withTypeProvider<ZodTypeProvider>();
    guarded = true;
    // Every route registered in here asks for an operator and for a scope; there is no way to add one that does not.
    api.addHook("onRequest", async (request) => {
      requireOperator(request);
      requireScope(request);
      if (!isSafe(request.method) && request.principal?.kind === "session")
        requireSameOrigin(request, options.publicUrl(), false);
    });
    openApiRoute(api, description);
    operatorApiRoutes(api, apiOptions, { ...auth, feed, clock, log });
    hookListRoutes(api, apiOptions, hookSecrets);
    guarded = false;
  });
  plainRoutes(app, { records, rehearsal: options.model === "REHEARSAL" });
  await webClientRoutes(app, { webRoot: options.webRoot, accounts: records.accounts });
  return { app, makeLoginLink, routes };
}

/** A page asks for half a dozen things at the same moment, all by one session. */
function sessionReader(accounts: Accounts): Accounts["ofSession"] {
  const together = readTogether<SessionCaller | null>();
  return (token, whence) => together(`${token}\n${whence.address}`, () => accounts.ofSession(token, whence));
}

/** What operators ask for, behind the guard. */
function operatorApiRoutes(api: Api, apiOptions: ApiOptions, stream: Omit<StreamOptions, "records">): void {
  const { records } = apiOptions;
  operatorRoutes(api, apiOptions);
  fleetRoutes(api, apiOptions);
  decisionRoutes(api, apiOptions);
  approvalRoutes(api, apiOptions);
  toolRoutes(api, apiOptions);
  ideaRoutes(api, apiOptions);
  memoryRoutes(api, apiOptions);
  boardRoutes(api, apiOptions);
  changeRoutes(api, apiOptions);
  channelRoutes(api, apiOptions);
  chatRoutes(api, apiOptions);
  costRoutes(api, apiOptions);
  receiptRoutes(api, apiOptions);
  keyRoutes(api, apiOptions);
  recordingRoutes(api, apiOptions);
  messageRoutes(api, apiOptions);
  recordRoutes(api, apiOptions);
  switchRoutes(api, apiOptions);
  revisionRoutes(api, apiOptions);
  operatorMcpRoutes(api, { records, log: stream.log });
  streamRoute(api, { ...stream, records });
}
