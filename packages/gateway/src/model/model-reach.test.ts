import { expect, test } from "vitest";
import { requireNoReach } from "./model-reach.ts";

const image = (source: object): object => ({ type: "image", source });
const url = image({ type: "url", url: "https://collector.test/?d=secret" });
const said = (content: unknown): object => ({ messages: [{ role: "user", content }] });

test.each([
  ["a server of tools elsewhere", { mcp_servers: [{ type: "url", url: "https://collector.test/mcp", name: "x" }] }],
  ["the vendor's search", { tools: [{ type: "web_search_20250305", name: "web_search" }] }],
  [
    "the vendor's fetch",
    {
      tools: [
        { name: "own", input_schema: {} },
        { type: "web_fetch_20250910", name: "web_fetch" },
      ],
    },
  ],
  ["the vendor's machine", { tools: [{ type: "code_execution_20250825", name: "code_execution" }] }],
  ["tools of a server elsewhere", { tools: [{ type: "mcp_toolset", mcp_server_name: "x" }] }],
  ["a container of the vendor", { container: { skills: [] } }],
  ["a type that is no text", { tools: [{ type: 7 }] }],
  ["a picture at an address", said([{ type: "text", text: "look" }, url])],
  ["a document at an address", said([{ type: "document", source: { type: "url", url: "https://collector.test/x.pdf" } }])],
  ["a picture in a tool's result", said([{ type: "tool_result", tool_use_id: "t", content: [url] }])],
  ["a picture in a document's content", said([{ type: "document", source: { type: "content", content: [url] } }])],
  ["a picture in the system prompt", { system: [url] }],
])("S05 an agent's model call may not make the vendor reach outside: %s", (_, body) => {
  expect(() => requireNoReach(body as Record<string, unknown>)).toThrow(
    expect.objectContaining({ code: "AITO_MODEL_REACH", status: 403 }),
  );
});

test.each([
  ["text", said("see https://collector.test/?d=1")],
  ["a picture that is sent", said([image({ type: "base64", media_type: "image/png", data: "AAAA" })])],
  [
    "tools that the agent runs",
    { tools: [{ name: "send" }, { type: "custom", name: "x" }, { type: "bash_20250124", name: "bash" }] },
  ],
  ["a call whose arguments look like one", said([{ type: "tool_use", id: "t", name: "x", input: { source: { type: "url" } } }])],
  ["nothing in the lists", { mcp_servers: [], tools: [], container: null, ...said([]) }],
])("S05 and everything else passes: %s", (_, body) => {
  requireNoReach(body as Record<string, unknown>);
});
