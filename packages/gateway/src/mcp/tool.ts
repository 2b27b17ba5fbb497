import type { AgentSession, GitScope, HeldGrants, OutsideResult, Permission, Seen, Unit } from "@aito/company";
import type { AgentKind, Authority, CallFile, DataClass, Fact } from "@aito/protocol";
import type { z } from "zod";
import type { ReceiptOf } from "./receipt-of.ts";
import type { GatewayContext } from "../gateway-context.ts";

export interface ToolCall {
  context: GatewayContext;
  session: AgentSession;
  /** The receipt that this call will leave. */
  receiptId: string;
  /** The run that it is part of; null between runs. */
  run: string | null;
  /** The task that it says it is for, or is about; whether that is the caller's own is asked by whoever writes it down. */
  task: string | null;
  /** The approval by which it runs, long after the run that asked for it; left out: it runs as it is called. */
  approval?: string;
  /** For a tool that writes its receipt in the transaction of its effect. */
  receipt: ReceiptOf;
}

/** A tool of an outside server: its words are what an operator approved, its answers are text from outside. */
export interface Foreign {
  server: string;
  /** The hash of its approved words, its entry and its server's address. */
  version: string;
  inputSchema: Record<string, unknown>;
  outputSchema: Record<string, unknown> | null;
}

/** What the caller's profile and the fleet file say of it. */
export type Kinds = Pick<Authority, "minor" | "major" | "critical"> & {
  workerTypes: string[];
  held: HeldGrants;
  /** Null where neither its profile nor its parent's names a repository. */
  git: GitScope | null;
};

interface Offer<S extends z.ZodObject> {
  name: string;
  description: string;
  /** Added to the description for one caller. */
  hint?(kinds: Kinds): string;
  /** Who may be granted it. */
  kinds: AgentKind[];
  headsOnly?: boolean;
  /** What it shows of the world, or to it; internal if nothing is said. `web`: it answers with text from outside. */
  dataClass?: DataClass;
  /** Whether this caller has a use for it; a tool without one is not shown. */
  offered?(kinds: Kinds): boolean;
  input: S;
  /** What a successful call answers beside its receipt; a tool of an outside server says it in `foreign`. */
  output?: z.ZodObject;
  /** After it, nothing more is waited for; our own records' bound if left out. */
  timeoutMs?: number;
  /** The outside system that answers; the company's own records if left out. */
  source?: string;
  /** Left out: it is one of ours. */
  foreign?: Foreign;
  /** Why what it asks cannot be asked now; left out, or null: it can. */
  closed?(): Error | null;
  /** What one call costs; nothing, or what its arguments say, if left out. */
  cost?: { usd: string; arguments: boolean };
  /** False: its success is no evidence that a task was done (it only says what its caller says). */
  evidence?: false;
  /** What a result states, typed: claims are held against it. Times come from the result or from `now`. */
  facts?(result: Record<string, unknown>, now: Date, args: Record<string, unknown>): Fact[];
}

/**
 * A tool whose effect is not for a human to permit. `run` returns small JSON or throws an AitoError, which reaches the model as a
 * result with code, message and hint. A `write` of our own records has its effect and its receipt in one transaction: its `run` does
 * nothing but use cases. A `write` into another system is judged by the policy as any other outward effect (a human is asked after its run
 * has read from outside, shadow mode only records it), is written down as begun before `run`, and ends with its receipt.
 */
export interface OpenTool<S extends z.ZodObject = z.ZodObject, P = unknown> extends Offer<S> {
  risk: "read" | "write";
  /** What `run` needs from outside the database, worked out before the transaction begins. It changes nothing anywhere. */
  prepare?(call: ToolCall, input: z.infer<S>): Promise<P>;
  run(call: ToolCall, input: z.infer<S>, prepared: P): Promise<Record<string, unknown>>;
  /** Of a `write` into another system: what it would do, in a line for people. */
  summary?(input: z.infer<S>): string;
  /** Looks for what a call did by the trace that it left (`receipt.trace`). Throws when the other system cannot be asked. */
  lookFor?(trace: Record<string, unknown>): Promise<Seen>;
}

/**
 * A tool whose effect leaves the company. It has no `run`: the gate alone calls its effect. `decision_id` among its arguments names the
 * decision that releases the call, `approval_id` an approval that was asked for before, `files` what goes with it.
 */
interface Gated<S extends z.ZodObject> extends Offer<S> {
  /** `write` only with a data class that is outside the company: such a call needs a human once its run has read from outside. */
  risk: "dangerous" | "write";
  costMicroUsd(input: z.infer<S>): bigint;
  /** What it would do, in a line for people. */
  summary(input: z.infer<S>): string;
}

/** Its effect is in the database: committed together with what counts it. */
interface InsideTool<S extends z.ZodObject> extends Gated<S> {
  effect(
    unit: Unit,
    permission: Permission,
    input: z.infer<S>,
    files: readonly CallFile[],
  ): Promise<{ result: Record<string, unknown>; undo: string | null }>;
  perform?: never;
}

/** Its effect is somewhere else: begun after it is written down, once. */
interface OutsideTool<S extends z.ZodObject> extends Gated<S> {
  /** `effectKey` is the same whenever it is the same call, for systems that take an idempotency key. */
  perform(input: z.infer<S>, call: { effectKey: string; signal: AbortSignal }): Promise<OutsideResult>;
  /** After it the outcome is unknown. */
  timeoutMs: number;
  /** Whether the outside system takes the key, so that the same call has its effect once however often it is sent. */
  effectKey?: boolean;
  effect?: never;
}

export type GatedTool<S extends z.ZodObject = z.ZodObject> = InsideTool<S> | OutsideTool<S>;
export type Tool = OpenTool | GatedTool;

export const isGated = (tool: Tool): tool is GatedTool => "costMicroUsd" in tool;
/** Whether what it answers was written by somebody outside the company. */
export const isForeign = (tool: Tool): boolean => tool.foreign !== undefined || classOf(tool) === "web";

/** Whether it does nothing but read our own records: what was read for a session that is over is simply not told. */
export const isOwnRead = (tool: Tool): boolean =>
  !isGated(tool) && tool.risk === "read" && tool.source === undefined && tool.cost === undefined && !isForeign(tool);

/** Whether its effect is in our own records: in one transaction with its receipt. */
export const isAtomic = (tool: OpenTool): boolean => tool.risk === "write" && tool.source === undefined && !isForeign(tool);

/** Whether its effect is elsewhere, so that it is written down before it begins. */
export const isJournaled = (tool: Tool): boolean => !isGated(tool) && tool.risk === "write" && !isAtomic(tool);

const ownFields = { decision: "decision_id", approval: "approval_id", task: "for_task", files: "files" } as const;
const foreignFields = { decision: "aito_decision_id", approval: "aito_approval_id", task: "aito_for_task", files: null } as const;
/** The arguments that are the platform's, not the tool's own. */
export const fieldsOf = (tool: Tool): typeof ownFields | typeof foreignFields => (tool.foreign ? foreignFields : ownFields);

/** How long a tool of our own records may take. */
export const ownTimeoutMs = 30_000;
export const costOf = (tool: Tool): { usd: string; arguments: boolean } => tool.cost ?? { usd: "0", arguments: isGated(tool) };

export const classOf = (tool: Tool): DataClass => tool.dataClass ?? "internal";

/** Keeps a tool's input type while it is written; a list of tools forgets it. */
export const defineTool = <S extends z.ZodObject, P = undefined>(tool: OpenTool<S, P>): OpenTool => tool;
export const defineGatedTool = <S extends z.ZodObject>(tool: GatedTool<S>): GatedTool => tool;
