import type { AgentSession } from "@aito/company";
import type { AgentKind } from "@aito/protocol";
import type { z } from "zod";
import type { GatewayContext } from "../gateway-context.ts";
export interface ToolCall {
    context: GatewayContext;
    session: AgentSession;
}
/**
 * One tool as the gateway offers it. `kinds` says who may be granted it, `risk` what a mistake costs. `run` returns small JSON or
 * throws an AitoError, which reaches the model as a result with code, message and hint.
 */
export interface Tool<S extends z.ZodObject = z.ZodObject> {
    name: string;
    description: string;
    risk: "read" | "write";
    kinds: AgentKind[];
    input: S;
    run(call: ToolCall, input: z.infer<S>): Promise<Record<string, unknown>>;
}
/** Keeps a tool's input type while it is written; a list of tools forgets it. */
export declare const defineTool: <S extends z.ZodObject>(tool: Tool<S>) => Tool;
