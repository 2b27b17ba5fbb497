import { type Clock, type Logger, newToken } from "@aito/base";
import type { Bus } from "@aito/bus";
import type { CompanyDeps } from "@aito/company";
import type { OpenRuns } from "../agents/open-runs.ts";
import type { StopWatch } from "../agents/stop-watch.ts";
import { makeConsoleBell } from "../console-bell.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { agentCallers, type Authenticator, makeAuthenticator } from "./authenticate-caller.ts";
import { makeMoneyLedger, type MoneyLedger } from "./money-ledger.ts";
import { makeRecorder, type Recorder } from "./recorder.ts";
import { makeRouteTable, type RouteTable } from "./routes-for.ts";
import { keyCallers } from "./key-callers.ts";
import type { ModelRate, Turn } from "./wait-for-turn.ts";
import { messagesUpstream } from "./upstreams/messages-upstream.ts";
import { fixedKey } from "./upstreams/upstream-keys.ts";
import { makeUpstreamSet } from "./upstreams/upstream-set.ts";

/** What the steps of a model call share. */
export interface ModelService {
  deps: CompanyDeps;
  bus: Bus;
  modelRate: ModelRate;
  turns: Turn;
  clock: Clock;
  log: Logger;
  random: () => number;
  signal: AbortSignal;
  openRuns: OpenRuns;
  authenticator: Authenticator;
  /** Ends calls under way that a kill switch covers. */
  stops: StopWatch;
  routes: RouteTable;
  ledger: MoneyLedger;
  recorder: Recorder;
  close(): Promise<void>;
}

/** Callers are gateway keys, by their form, and agents' sessions. */
export function makeModelService(context: GatewayContext, parts: { openRuns: OpenRuns }): ModelService {
  const { deps, bus, clock, log, random, signal, stops, upstreamWaits: waits } = context;
  const { name, baseUrl, apiKey } = context.upstream;
  const { of: keyOf } = context.upstreamKeys;
  const key = name === "anthropic" ? (keyOf(name) ?? fixedKey(apiKey)) : fixedKey(apiKey);
  const standard = messagesUpstream({ name, baseUrl, key, free: name === "rehearsal", waits });
  const upstreams = makeUpstreamSet({ standard, keyOf: (each) => keyOf(each) ?? fixedKey(null), newId: deps.newId, waits });
  const routes = makeRouteTable({ deps, clock, log, random, upstreams });
  const recorder = makeRecorder({ deps, log });
  const bell = makeConsoleBell({ bus, clock, log }, "model.call");
  const ledger = makeMoneyLedger({ deps, holder: newToken("gateway").slice(0, 40), clock, log, changed: bell.ring });
  const authenticator = makeAuthenticator({
    clock,
    sources: [keyCallers(deps, routes), agentCallers(deps, context.sessionLife)],
    keys: context.sessions,
  });
  stops.onDoubt(ledger.doubt);
  stops.onDoubt(authenticator.forgetKeys);
  return {
    deps,
    bus,
    modelRate: context.modelRate,
    turns: new Map(),
    clock,
    log,
    random,
    signal,
    openRuns: parts.openRuns,
    authenticator,
    stops,
    routes,
    ledger,
    recorder,
    close: async () => {
      await ledger.close();
      bell.close();
      await recorder.close();
      await upstreams.close();
    },
  };
}
