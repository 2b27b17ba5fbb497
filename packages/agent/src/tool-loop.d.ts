import type { Clock } from "@aito/base";
import type { SystemBlock } from "./prompt.ts";
/** The parts of the Messages API that the loop itself looks at; other blocks are carried through unread. */
export interface ContentBlock {
    type: string;
    [key: string]: unknown;
}
export interface ToolResultBlock {
    type: "tool_result";
    tool_use_id: string;
    content: string;
    is_error: boolean;
}
export interface Turn {
    role: "user" | "assistant";
    content: string | (ContentBlock | ToolResultBlock)[];
}
export interface ToolDefinition {
    name: string;
    description: string;
    input_schema: {
        type: "object";
        [key: string]: unknown;
    };
}
export interface ModelRequest {
    system: SystemBlock[];
    turns: Turn[];
    tools: ToolDefinition[];
    maxTokens: number;
    /** The last allowed turn: the model is asked for its summary and may call nothing. */
    noTools: boolean;
    signal: AbortSignal;
}
/** `refused`: the gateway no longer knows this incarnation. */
export type ModelReply = {
    ok: true;
    content: ContentBlock[];
    stopReason: string | null;
    outputTokens: number;
} | {
    ok: false;
    error: string;
    refused: boolean;
};
export type ToolAnswer = {
    ok: boolean;
    text: string;
    refused?: boolean;
};
export interface ToolLoopInput {
    callModel: (request: ModelRequest) => Promise<ModelReply>;
    tools: ToolDefinition[];
    callTool: (name: string, input: unknown, signal: AbortSignal) => Promise<ToolAnswer>;
    prompt: {
        system: SystemBlock[];
        user: string;
    };
    limits: {
        turnsMax: number;
        runSecondsMax: number;
        outputTokensMax: number;
    };
    clock: Clock;
    signal: AbortSignal;
    onStep: (text: string) => void;
}
export interface ToolLoopResult {
    outcome: "done" | "failed";
    summary: string;
    error: string | null;
    modelCalls: number;
    toolCalls: {
        name: string;
        ok: boolean;
    }[];
    refused: boolean;
}
export declare const replyTokensMax = 8192;
export declare const toolResultCharsMax = 50000;
/**
 * Asks the model, runs the tools that it asks for, and asks again, until it stops by itself or a limit of turns, time or output
 * tokens is reached. Every tool_use gets its tool_result, in order, also when a limit cuts in. Never throws for a failing model
 * or tool: the result says what happened.
 */
export declare function runToolLoop(input: ToolLoopInput): Promise<ToolLoopResult>;
