import { randomInt } from "node:crypto";
import { type Clock, Lifecycle, type Logger } from "@aito/base";
import type { Bus } from "@aito/bus";
import {
  type CompanyDeps,
  heldBreakers,
  holdBreaker,
  receiptSigner,
  releaseBreaker,
  type SessionLife,
  sessionLife,
} from "@aito/company";
import { GithubClient, type GithubOptions } from "@aito/connectors";
import type { Fleet, MetricSample } from "@aito/protocol";
import { fastify, type FastifyInstance } from "fastify";
import { hearBells } from "./agents/bells.ts";
import { keepBusUsers } from "./agents/bus-users.ts";
import { floodReceipts } from "./agents/flood-receipts.ts";
import { keepLanes } from "./agents/keep-lanes.ts";
import { makeKnownSessions } from "./agents/known-sessions.ts";
import { makeLanes } from "./agents/lanes.ts";
import { makeLiveAgents } from "./agents/live-agents.ts";
import { makeOpenRuns } from "./agents/open-runs.ts";
import { watchStops } from "./agents/stop-watch.ts";
import { agentRoutes } from "./agents/routes.ts";
import { apiError, toAitoError } from "./error-reply.ts";
import type { GatewayContext, Upstream, UpstreamKeys } from "./gateway-context.ts";
import { gitTools } from "./git/git-tools.ts";
import { mcpRoutes } from "./mcp/routes.ts";
import { makeReceiptWriter } from "./mcp/receipt-writer.ts";
import { toolRate, type ToolRate } from "./mcp/tool-rate.ts";
import type { Tool } from "./mcp/tool.ts";
import { makeModelService } from "./model/model-service.ts";
import { makePaidCalls } from "./model/paid-calls.ts";
import { listenForModels } from "./model/listen-for-models.ts";
import { type BoardAccess, keepBoard } from "./board/keep-board.ts";
import { keepApprovals } from "./approvals/keep-approvals.ts";
import { keepEmbedded } from "./memory/keep-embedded.ts";
import { keepSummedUp } from "./memory/keep-summed-up.ts";
import { operatorRoutes } from "./memory/operator-routes.ts";
import { modelSummarizer } from "./memory/summarizer.ts";
import { keepOutside, nothingOutside } from "./outside/keep-outside.ts";
import { type BreakerRecord, makeBreakers } from "./outside/breakers.ts";
import { fixedKey } from "./model/upstreams/upstream-keys.ts";
import { modelRate, type ModelRate } from "./model/wait-for-turn.ts";
import { carrySession } from "./carry-session.ts";
import { modelRoutes } from "./model/routes.ts";
import { type UpstreamWaits, upstreamWaits } from "./model/upstreams/upstream-sender.ts";
import type { NoticeSettings } from "./notices/notice-settings.ts";
import { hearChat } from "./notices/hear-chat.ts";
import { sendAlerts } from "./notices/send-alerts.ts";
import { sendNotices } from "./notices/send-notices.ts";
import { openToAgents, pingSocket, prepareSocket } from "./socket.ts";

export interface GatewayOptions {
  deps: CompanyDeps;
  bus: Bus;
  log: Logger;
  clock: Clock;
  socketPath: string;
  upstream: Upstream;
  /** Keys that may change while it runs; without them the upstream's own key stays. */
  upstreamKeys?: UpstreamKeys;
  /** How long an upstream may let a call wait; five minutes for its first byte and two between any two where nothing is said. */
  upstreamWaits?: UpstreamWaits;
  /** How a human is told that an escalation waits; without it only the console shows it. */
  notices?: NoticeSettings | null;
  /** How GitHub is reached for the board; without it nothing is mirrored. */
  board?: BoardAccess | null;
  publicUrl: string;
  linkKey: string;
  receiptKey: string;
  /** Folder with one folder for each workspace that the fleet file names. */
  workspaces?: string | null;
  /** Not read: the gateway follows the registered revision, which can change while it runs. */
  companyFleet?: Fleet;
  random?: () => number;
  /** Also serves the model calls, and nothing else, on 127.0.0.1 at this port (0: any free one). */
  modelPort?: number;
  modelHost?: string;
  /** How fast one agent may call tools; benchmarks ask for more. */
  toolRate?: ToolRate;
  /** How long a refused request of an agent keeps its place; what refuses thousands in a row for a test asks for less. */
  refusedMs?: number;
  /** Where the company's git repositories are; without it agents have no tools of git. */
  github?: Pick<GithubOptions, "baseUrl" | "token" | "throttled"> | null;
  /** Tools beside the fleet's own and those of outside servers. */
  moreTools?: readonly Tool[];
  /** Secrets of outside servers, by the names that the fleet file gives them. */
  toolSecrets?: UpstreamKeys;
  /** How often an agent beats; tests make it short. */
  heartbeatMs?: number;
  /** How fast one agent may call models; benchmarks ask for more. */
  modelRate?: ModelRate;
  /** How long a session stands; tests ask for less than the hour. */
  sessionLife?: SessionLife;
}

export interface Gateway {
  socketPath: string;
  /** What the socket serves, as `METHOD /path`, read from the server itself. */
  routes: string[];
  /** Where models are served over TCP; null when they are not. */
  modelUrl: string | null;
  /** What this gateway knows by itself, for its metrics. */
  figures(): MetricSample[];
  /** Throws unless the socket takes connections. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A full backlog answers EAGAIN at once, so it is long. */
const backlog = 1_024;
const agentBodyBytesMax = 4 * 1024 * 1024;

/**
 * The gateway on its unix socket, until `close`. Errors: AITO_GATEWAY_SOCKET (fate human) when another gateway has it. What the
 * database or bus cannot do at start is tried again; nothing here needs them to be up already.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { deps, bus, log, clock, socketPath } = options;
  await prepareSocket(socketPath);
  const life = new Lifecycle(log);
  const stops = life.add("kill switches", watchStops({ deps, bus, clock, log }));
  const context = contextOf(options, { stops, signal: life.signal });
  const routes: string[] = [];
  let modelUrl: string | null = null;
  try {
    const bells = life.add("bells", await hearBells({ bus, clock, log }));
    const openRuns = makeOpenRuns(deps, context.live);
    const app = fastify({ logger: false, bodyLimit: agentBodyBytesMax, forceCloseConnections: true, exposeHeadRoutes: false });
    keepLanes(app, context.lanes, floodReceipts(context, openRuns));
    carrySession(app);
    answerErrors(app, log);
    app.addHook("onRoute", ({ method, url }) => void routes.push(`${[method].flat().join("|")} ${url}`));
    agentRoutes(app, context, { bells, openRuns });
    const models = life.add("models", makeModelService(context, { openRuns }));
    context.paid = makePaidCalls({ ledger: models.ledger, openRuns, newId: deps.newId });
    modelRoutes(app, models);
    mcpRoutes(app, context, openRuns);
    const { linkKey, receiptKey: commitSecret, notices = null, publicUrl } = options;
    operatorRoutes(app, context, { models, linkKey, commitSecret, notices, publicUrl });
    life.add("server", app);
    if (options.modelPort !== undefined) {
      modelUrl = await listenForModels(models, life, { host: options.modelHost ?? "127.0.0.1", port: options.modelPort });
    }
    await app.listen({ path: socketPath, backlog });
    await openToAgents(socketPath);
    const keeper = keepBusUsers(context, bells);
    life.onClose("bus users", () => keeper);
    context.outside = life.add(
      "outside tools",
      await keepOutside(context, (name) => options.toolSecrets?.of(name) ?? fixedKey(null)),
    );
    life.add("memory", await keepEmbedded(context));
    life.add("summaries", keepSummedUp(context, modelSummarizer(models)));
    life.add("approvals", await keepApprovals(context));
    await startOutward(context, life, options);
  } catch (error) {
    await life.close();
    throw error;
  }
  log.info({ socketPath, upstream: options.upstream.name }, "gateway listens");
  return {
    socketPath,
    routes,
    modelUrl,
    figures: () => figuresOf(context),
    ping: () => pingSocket(socketPath),
    close: () => life.close(),
  };
}

/** What the parts share. Outside servers come to it once it listens. */
function contextOf(options: GatewayOptions, { stops, signal }: Pick<GatewayContext, "stops" | "signal">): GatewayContext {
  const { deps, bus, log, clock } = options;
  const signer = receiptSigner(options.receiptKey);
  const random = options.random ?? (() => randomInt(2 ** 32) / 2 ** 32);
  const live = makeLiveAgents();
  const more = [...gitToolsOf(options), ...(options.moreTools ?? [])];
  const context: GatewayContext = {
    deps,
    stops,
    bus,
    log,
    clock,
    upstream: options.upstream,
    ...upstreamsOf(options),
    receiptSigner: signer,
    receipts: makeReceiptWriter(signer),
    workspaces: options.workspaces ?? null,
    lanes: makeLanes(clock, live, options.refusedMs),
    sessions: makeKnownSessions(live),
    live,
    toolRate: options.toolRate ?? toolRate,
    moreTools: () => [...more, ...context.outside.tools()],
    heartbeatMs: options.heartbeatMs,
    modelRate: options.modelRate ?? modelRate,
    sessionLife: options.sessionLife ?? sessionLife,
    signal,
    random,
    outside: nothingOutside,
    paid: null,
    breakers: makeBreakers({ clock, random, log, record: breakerRecord(deps) }),
  };
  return context;
}

const breakerRecord = (deps: CompanyDeps): BreakerRecord => ({
  hold: (held) => holdBreaker(deps, held),
  release: (name) => releaseBreaker(deps, name),
  all: () => heldBreakers(deps),
});

const figuresOf = ({ breakers }: GatewayContext): MetricSample[] =>
  breakers.openNames().map((name) => ({ name: "aito_tool_breakers_open", labels: { name }, value: 1 }));

function answerErrors(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((error, _request, reply) => {
    const known = toAitoError(error, log);
    void reply.status(known.status).send(apiError(known));
  });
  app.setNotFoundHandler((request, reply) => {
    void reply
      .status(404)
      .send({ error: { code: "AITO_NOT_FOUND", message: `there is no ${request.method} ${request.url.split("?")[0]}` } });
  });
}

function gitToolsOf({ github, publicUrl, receiptKey, clock, log }: GatewayOptions): Tool[] {
  if (!github) return [];
  return gitTools({ github: new GithubClient({ ...github, clock, log }), publicUrl, commitSecret: receiptKey });
}

/** What tells the outside by itself: only where it is configured. */
async function startOutward(context: GatewayContext, life: Lifecycle, options: GatewayOptions): Promise<void> {
  const { board, notices: settings, linkKey, publicUrl } = options;
  if (board) life.add("board", await keepBoard(context, board));
  if (!settings || settings.channels.length === 0) return;
  const links = { linkKey, publicUrl };
  life.add("notices", await sendNotices(context, { settings, links }));
  life.add("alerts", await sendAlerts(context, { settings, links }));
  for (const { name, inbox } of settings.channels) if (inbox) life.add(`${name} inbox`, hearChat(context, inbox));
}

const upstreamsOf = (options: GatewayOptions): Pick<GatewayContext, "upstreamKeys" | "upstreamWaits"> => ({
  upstreamKeys: options.upstreamKeys ?? { of: () => null },
  upstreamWaits: options.upstreamWaits ?? upstreamWaits,
});
