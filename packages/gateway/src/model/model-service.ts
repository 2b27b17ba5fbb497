import { type Clock, type Logger, newToken } from "@aito/base";
import type { Bus } from "@aito/bus";
import type { CompanyDeps } from "@aito/company";
import type { OpenRuns } from "../agents/open-runs.ts";
import type { StopWatch } from "../agents/stop-watch.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { agentCallers, type Authenticator, makeAuthenticator } from "./authenticate-caller.ts";
import type { CallerSource } from "./caller.ts";
import { makeMoneyLedger, type MoneyLedger } from "./money-ledger.ts";
import type { Recorder } from "./recorder.ts";
import { makeRouteTable, type RouteTable } from "./routes-for.ts";
import { messagesUpstream } from "./upstreams/messages-upstream.ts";

/** What the steps of a model call share. */
export interface ModelService {
  deps: CompanyDeps;
  bus: Bus;
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
  recorder: Recorder | null;
  close(): Promise<void>;
}

/** Callers are found by `sources` in order, agents' sessions last. */
export function makeModelService(context: GatewayContext, parts: { openRuns: OpenRuns; sources?: CallerSource[] }): ModelService {
  const { deps, bus, clock, log, random, signal, stops } = context;
  const { name, baseUrl, apiKey } = context.upstream;
  const upstream = messagesUpstream({ name, baseUrl, apiKey: () => apiKey, free: name === "rehearsal" });
  const ledger = makeMoneyLedger({ deps, holder: newToken("gateway").slice(0, 40), clock, log });
  return {
    deps,
    bus,
    clock,
    log,
    random,
    signal,
    openRuns: parts.openRuns,
    authenticator: makeAuthenticator({ clock, sources: [...(parts.sources ?? []), agentCallers(deps, context.sessionLife)] }),
    stops,
    routes: makeRouteTable({ deps, clock, log, random, serves: () => [upstream] }),
    ledger,
    recorder: null,
    close: async () => {
      await ledger.close();
      await upstream.close();
    },
  };
}
