import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A model turn as the script gives it: blocks to answer with, an HTTP error, or a gateway that goes away: before it answers, or after it began to. */
export type ScriptedTurn =
  | { content: Record<string, unknown>[]; stop?: string; tokens?: number }
  | { status: number; type: string; message: string }
  | { goesAway: "at once" | "in the middle" };

export interface ScriptedGateway {
  socketPath: string;
  folder: string;
  /** What came in, in order. */
  seen: { path: string; body: Record<string, unknown>; headers: IncomingMessage["headers"] }[];
  close(): Promise<void>;
}

export interface Script {
  /** Answers of `/agent/*`: status and body by path; called once per request. */
  agent?: (
    path: string,
    body: Record<string, unknown>,
  ) => { status?: number; body: unknown } | Promise<{ status?: number; body: unknown }>;
  turns?: ScriptedTurn[];
  /** Instead of tools. */
  mcpStatus?: number;
  tools?: Record<string, (input: Record<string, unknown>) => { ok: boolean; text: string }>;
}

/** A real HTTP server on a unix socket that speaks the agent API, the Messages API (streamed) and MCP 2025-11-25, by a script. */
export async function scriptedGateway(script: Script): Promise<ScriptedGateway> {
  const folder = await mkdtemp(join(tmpdir(), "aito-agent-"));
  const socketPath = join(folder, "gateway.sock");
  const seen: ScriptedGateway["seen"] = [];
  const turns = [...(script.turns ?? [])];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const path = request.url!.split("?")[0]!;
      const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
      seen.push({ path, body, headers: request.headers });
      if (path === "/v1/messages") return answerModel(response, turns.shift());
      if (path === "/mcp" && script.mcpStatus !== undefined) return json(response, script.mcpStatus, { error: "away" });
      if (path === "/mcp") return answerMcp(response, body, script.tools ?? {});
      void Promise.resolve(script.agent?.(path, body) ?? { body: {} }).then((answer) =>
        json(response, answer.status ?? 200, answer.body),
      );
    });
  });
  await new Promise<void>((done) => server.listen(socketPath, done));
  return {
    socketPath,
    folder,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

function answerModel(response: ServerResponse, turn: ScriptedTurn | undefined): void {
  if (!turn) return json(response, 500, { type: "error", error: { type: "api_error", message: "the script is over" } });
  if ("status" in turn) return json(response, turn.status, { type: "error", error: { type: turn.type, message: turn.message } });
  if ("goesAway" in turn && turn.goesAway === "at once") return void response.destroy();
  response.writeHead(200, { "content-type": "text/event-stream" });
  if ("goesAway" in turn) return void response.write('event: ping\ndata: {"type":"ping"}\n\n', () => response.destroy());
  const send = (type: string, data: Record<string, unknown>): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  const usage = { input_tokens: 10, output_tokens: 1 };
  send("message_start", {
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage,
    },
  });
  for (const [index, block] of turn.content.entries()) {
    if (block["type"] === "tool_use") {
      send("content_block_start", { index, content_block: { ...block, input: {} } });
      send("content_block_delta", { index, delta: { type: "input_json_delta", partial_json: JSON.stringify(block["input"]) } });
    } else {
      send("content_block_start", { index, content_block: { type: "text", text: "" } });
      send("content_block_delta", { index, delta: { type: "text_delta", text: block["text"] } });
    }
    send("content_block_stop", { index });
  }
  const uses = turn.content.some((block) => block["type"] === "tool_use");
  send("message_delta", {
    delta: { stop_reason: turn.stop ?? (uses ? "tool_use" : "end_turn"), stop_sequence: null },
    usage: { output_tokens: turn.tokens ?? 10 },
  });
  send("message_stop", {});
  response.end();
}

function answerMcp(response: ServerResponse, body: Record<string, unknown>, tools: NonNullable<Script["tools"]>): void {
  const reply = (result: unknown): void => json(response, 200, { jsonrpc: "2.0", id: body["id"], result });
  const params = (body["params"] ?? {}) as { name?: string; arguments?: Record<string, unknown> };
  switch (body["method"]) {
    case "initialize":
      return reply({
        protocolVersion: "2025-11-25",
        capabilities: { tools: {} },
        serverInfo: { name: "scripted", version: "1" },
      });
    case "tools/list":
      return reply({ tools: Object.keys(tools).map((name) => ({ name, description: name, inputSchema: { type: "object" } })) });
    case "tools/call": {
      const answer = tools[params.name!]!(params.arguments ?? {});
      return reply({ content: [{ type: "text", text: answer.text }], isError: !answer.ok });
    }
    default:
      if (body["id"] === undefined) return void response.writeHead(202).end();
      return json(response, 200, { jsonrpc: "2.0", id: body["id"], error: { code: -32601, message: "Method not found" } });
  }
}
