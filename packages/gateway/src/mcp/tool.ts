import type { AgentSession, Permission, Unit } from "@aito/company";
import type { AgentKind, Authority, Fact } from "@aito/protocol";
import type { z } from "zod";
import type { GatewayContext } from "../gateway-context.ts";

export interface ToolCall {
  context: GatewayContext;
  session: AgentSession;
  /** The receipt that this call will leave. */
  receiptId: string;
}

/** What the caller's profile and the fleet file say of it. */
export type Kinds = Pick<Authority, "minor" | "major" | "critical"> & { workerTypes: string[] };

interface Offer<S extends z.ZodObject> {
  name: string;
  description: string;
  /** Added to the description for one caller. */
  hint?(kinds: Kinds): string;
  /** Who may be granted it. */
  kinds: AgentKind[];
  headsOnly?: boolean;
  /** Whether this caller has a use for it; a tool without one is not shown. */
  offered?(kinds: Kinds): boolean;
  input: S;
  /** The outside system that answers; the company's own records if left out. */
  source?: string;
  /** False: its success is no evidence that a task was done (it only says what its caller says). */
  evidence?: false;
  /** What a result states, typed: claims are held against it. Times come from the result or from `now`. */
  facts?(result: Record<string, unknown>, now: Date): Fact[];
}

/**
 * A tool whose effect stays inside the company. `run` returns small JSON or throws an AitoError, which reaches the model as a
 * result with code, message and hint.
 */
export interface OpenTool<S extends z.ZodObject = z.ZodObject> extends Offer<S> {
  risk: "read" | "write";
  run(call: ToolCall, input: z.infer<S>): Promise<Record<string, unknown>>;
}

/**
 * A tool whose effect leaves the company. It has no `run`: the gate alone calls `effect`, in the transaction that counts it.
 * `decision_id` among its arguments names the decision that releases the call.
 */
export interface GatedTool<S extends z.ZodObject = z.ZodObject> extends Offer<S> {
  risk: "dangerous";
  costMicroUsd(input: z.infer<S>): bigint;
  /** What it would do, in a line for people. */
  summary(input: z.infer<S>): string;
  effect(
    unit: Unit,
    permission: Permission,
    input: z.infer<S>,
  ): Promise<{ result: Record<string, unknown>; undo: string | null }>;
}

export type Tool = OpenTool | GatedTool;

/** Keeps a tool's input type while it is written; a list of tools forgets it. */
export const defineTool = <S extends z.ZodObject>(tool: OpenTool<S>): OpenTool => tool;
export const defineGatedTool = <S extends z.ZodObject>(tool: GatedTool<S>): GatedTool => tool;
