import { canonicalText, toolServers } from "@aito/company";
import { sha256 } from "@aito/base";
import { outsideToolsOf, type ToolsView, type ToolView } from "@aito/protocol";
import { z } from "zod";
import type { GatewayContext } from "../gateway-context.ts";
import { fleetTools } from "./routes.ts";
import { classOf, costOf, isGated, ownTimeoutMs, type Tool } from "./tool.ts";

/** Every tool that somebody may be granted, as this gateway has it now, the outside ones that are not offered with why. */
export async function toolsView(
  context: Pick<GatewayContext, "deps" | "moreTools" | "outside" | "breakers">,
): Promise<ToolsView> {
  const { outside, breakers } = context;
  const known = [...fleetTools, ...context.moreTools()].map((tool) => viewOf(tool, breakers));
  const names = new Set(known.map(({ name }) => name));
  const absent = outsideToolsOf(await toolServers(context.deps)).filter(({ name }) => !names.has(name));
  return {
    tools: [
      ...known,
      ...absent.map(({ name, server, entry }): ToolView => ({
        name,
        source: server,
        description: "",
        risk: entry.risk,
        dataClass: entry.dataClass,
        inputSchema: null,
        outputSchema: null,
        cost: { usd: String(entry.usd), arguments: entry.usdArgument !== undefined },
        timeoutMs: entry.seconds * 1_000,
        effectKey: entry.effectKey !== undefined,
        version: null,
        offered: false,
        why: outside.whyNot(name) ?? "its server has not been heard yet",
        breaker: breakers.view(name),
      })),
    ],
    servers: outside.servers(),
  };
}

function viewOf(tool: Tool, breakers: GatewayContext["breakers"]): ToolView {
  const { foreign } = tool;
  const inputSchema = foreign?.inputSchema ?? (z.toJSONSchema(tool.input, { io: "input" }) as Record<string, unknown>);
  const outputSchema = foreign
    ? foreign.outputSchema
    : tool.output
      ? (z.toJSONSchema(tool.output) as Record<string, unknown>)
      : null;
  return {
    name: tool.name,
    source: tool.source ?? "aito",
    description: tool.description,
    risk: tool.risk,
    dataClass: classOf(tool),
    inputSchema,
    outputSchema,
    cost: costOf(tool),
    timeoutMs: tool.timeoutMs ?? ownTimeoutMs,
    effectKey: isGated(tool) && tool.perform !== undefined && tool.effectKey === true,
    version:
      foreign?.version ??
      sha256(canonicalText({ name: tool.name, description: tool.description, input: inputSchema, output: outputSchema })),
    offered: true,
    why: null,
    breaker: foreign ? breakers.view(tool.name) : tool.source === undefined ? null : breakers.view(tool.source),
  };
}
