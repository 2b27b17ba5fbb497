import { AitoError } from "@aito/base";

/** Run by who calls the model; every other type of tool is run by the vendor, who can reach the internet. */
const callersTools = /^(custom|computer|bash|text_editor|str_replace|memory|tool_search|advisor)/;

/**
 * An agent has no way out but the gateway's tools, where grants, approvals and receipts are; a model call must not be another one.
 * What makes the vendor fetch an address or call a server on the agent's behalf is refused: an address can carry data away.
 * Error: AITO_MODEL_REACH (403).
 */
export function requireNoReach(body: Record<string, unknown>): void {
  const found =
    (isGiven(body["mcp_servers"]) ? "mcp_servers" : null) ??
    (isGiven(body["container"]) ? "container" : null) ??
    toolOfVendor(body["tools"]) ??
    addressIn(body["system"]) ??
    addressIn(body["messages"]);
  if (found === null) return;
  throw new AitoError("AITO_MODEL_REACH", `the model may not reach outside for an agent: ${found}`, {
    hint: "use a tool of the gateway that reads it, or send the content itself",
    status: 403,
  });
}

const isGiven = (value: unknown): boolean => value != null && !(Array.isArray(value) && value.length === 0);

function toolOfVendor(tools: unknown): string | null {
  if (!Array.isArray(tools)) return null;
  for (const tool of tools as ({ type?: unknown } | null)[]) {
    const type = tool?.type ?? "custom";
    if (typeof type !== "string" || !callersTools.test(type)) return `the tool ${JSON.stringify(type).slice(0, 60)}`;
  }
  return null;
}

/** The first block, however deep in results of tools, whose content stands elsewhere. What a tool was called with is only text. */
function addressIn(value: unknown): string | null {
  const left: unknown[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (Array.isArray(next)) {
      for (const item of next) if (item != null) left.push(item);
    } else if (next !== null && typeof next === "object") {
      const { type, source, content } = next as { type?: unknown; source?: unknown; content?: unknown };
      if ((source as { type?: unknown } | null | undefined)?.type === "url")
        return `${JSON.stringify(type)?.slice(0, 60)} from an address`;
      const inner = (source as { content?: unknown } | null | undefined)?.content;
      if (content != null) left.push(content);
      if (inner != null) left.push(inner);
    }
  }
  return null;
}
