import { type Fetch } from "./gateway-link.ts";
import type { ToolAnswer, ToolDefinition } from "./tool-loop.ts";
export declare const toolTimeoutMs = 60000;
/** The tools that this agent is granted, over MCP. */
export interface Tools {
    definitions: ToolDefinition[];
    call(name: string, input: unknown, signal: AbortSignal): Promise<ToolAnswer>;
    close(): Promise<void>;
}
/** Connects for one run and lists the tools, sorted by name so that the prompt prefix is stable. Throws when that fails. */
export declare function connectTools(options: {
    fetch: Fetch;
    session: string;
    run: string;
    signal: AbortSignal;
}): Promise<Tools>;
