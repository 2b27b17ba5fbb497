import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { errorText } from "@aito/base";
import { type Fetch, gatewayOrigin } from "../gateway-link.ts";

export interface Bridge {
  /** On the container's own loopback, which nothing else reaches. */
  url: string;
  close(): Promise<void>;
}

const paths = /^\/(v1\/[\w./-]+|mcp)(\?|$)/;
const passedOn = [
  "content-type",
  "accept",
  "anthropic-version",
  "anthropic-beta",
  "mcp-protocol-version",
  "mcp-method",
  "mcp-name",
];
const passedBack = ["content-type", "request-id", "retry-after"];

/**
 * Lets a program that knows only an address call the gateway's model and tools. The link adds the session, so that the program is
 * started without any: neither its environment nor its arguments hold one. Everything but `/v1/*` and `/mcp` is refused.
 */
export async function startBridge(options: { fetch: Fetch; run: string; onRequest?: () => void }): Promise<Bridge> {
  const server = createServer((request, response) => {
    options.onRequest?.();
    void forward(options, request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return response.destroy();
      response.writeHead(503, { "content-type": "application/json" });
      response.end(JSON.stringify({ type: "error", error: { type: "api_error", message: errorText(error) } }));
      return response;
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function forward(
  { fetch, run }: Parameters<typeof startBridge>[0],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? "/";
  if (request.method === "HEAD" && path === "/") return void response.writeHead(200).end();
  if (!paths.test(path) || path.includes("..")) return void response.writeHead(404).end();
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const headers: Record<string, string> = { "x-aito-run": run };
  for (const name of passedOn) {
    const value = request.headers[name];
    if (typeof value === "string") headers[name] = value;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const hasBody = request.method !== "GET" && request.method !== "HEAD" && chunks.length > 0;
  const answer = await fetch(`${gatewayOrigin}${path}`, {
    method: request.method ?? "GET",
    headers,
    ...(hasBody ? { body: Buffer.concat(chunks) } : {}),
    signal: gone.signal,
  });
  const shown = Object.fromEntries(
    passedBack.flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name)!]] : [])),
  );
  response.writeHead(answer.status, shown);
  if (answer.body === null) return void response.end();
  await pipeline(Readable.fromWeb(answer.body), response);
}
