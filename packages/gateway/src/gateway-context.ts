import type { Clock, Logger } from "@aito/base";
import type { Bus } from "@aito/bus";
import type { AgentSession, CompanyDeps, ReceiptSigner, SessionLife } from "@aito/company";
import type { KnownSessions } from "./agents/known-sessions.ts";
import type { Lanes } from "./agents/lanes.ts";
import type { LiveAgents } from "./agents/live-agents.ts";
import type { StopWatch } from "./agents/stop-watch.ts";
import type { PaidCalls } from "./model/paid-calls.ts";
import type { UpstreamKey } from "./model/upstreams/upstream-keys.ts";
import type { UpstreamWaits } from "./model/upstreams/upstream-sender.ts";
import type { Breakers } from "./outside/breakers.ts";
import type { OutsideTools } from "./outside/keep-outside.ts";
import type { ModelRate } from "./model/wait-for-turn.ts";
import type { ReceiptWriter } from "./mcp/receipt-writer.ts";
import type { ToolRate } from "./mcp/tool-rate.ts";
import type { Tool } from "./mcp/tool.ts";

export interface Upstream {
  baseUrl: string;
  /** The only place where the real key is; null for the rehearsal model. */
  apiKey: string | null;
  name: "rehearsal" | "anthropic";
}

/** Keys by the upstream's name; null for one that has none here. */
export interface UpstreamKeys {
  of(name: string): UpstreamKey | null;
}

/** What the parts of the gateway share. */
export interface GatewayContext {
  deps: CompanyDeps;
  bus: Bus;
  log: Logger;
  clock: Clock;
  upstream: Upstream;
  upstreamKeys: UpstreamKeys;
  upstreamWaits: UpstreamWaits;
  receiptSigner: ReceiptSigner;
  receipts: ReceiptWriter;
  /** Folder with the workspaces that workers are handed; null: there are none. */
  workspaces: string | null;
  /** Keep one sender from standing in everybody's way. */
  lanes: Lanes;
  sessions: KnownSessions;
  live: LiveAgents;
  toolRate: ToolRate;
  /** Tools beside the fleet's own, as they are now: connectors', and outside servers'. */
  moreTools: () => readonly Tool[];
  /** The tools of outside servers. */
  outside: OutsideTools;
  /** Before each outside system, and each tool of one. */
  breakers: Breakers;
  /** Money for calls of outside tools; none of them is made before it is there. */
  paid: PaidCalls | null;
  modelRate: ModelRate;
  stops: StopWatch;
  sessionLife: SessionLife;
  /** How often an agent beats; tests make it short. */
  heartbeatMs?: number | undefined;
  /** Aborts when the gateway closes. */
  signal: AbortSignal;
  random: () => number;
}

/** Fastify's request carries the session that the authenticate hook found. */
declare module "fastify" {
  interface FastifyRequest {
    session: AgentSession | null;
    /** The hash of what it sent, which may be the session before the present one. */
    sessionHash: string;
    /** What it was let in on does not hold any more: nothing of its answer is told before it was asked about. */
    isDoubted: boolean;
    /** The arguments of the call were nested too deep. */
    isCut: boolean;
  }
}
