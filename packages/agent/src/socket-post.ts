import type { Agent, IncomingMessage } from "node:http";

/** Longer than between two heartbeats of an agent at rest, shorter than the gateway keeps one open. */
export const keepOpenMs = 60_000;

export interface SocketAnswer {
  status: number;
  text: string;
}

/** POSTs to an HTTP server on a unix socket. Failures are Node's own errors, with their `code`. */
export interface SocketPosts {
  post(path: string, request: { headers: Record<string, string>; body: string; signal: AbortSignal }): Promise<SocketAnswer>;
  /** Ends what is under way, too. */
  close(): void;
}

/**
 * Node's own client, asked for by name: it is there when the agent starts, where a library would have to be read and compiled in half a core
 * before the first heartbeat.
 */
export function socketPosts(socketPath: string): SocketPosts {
  const http = process.getBuiltinModule("node:http");
  const agent: Agent = new http.Agent({ keepAlive: true, timeout: keepOpenMs });
  return {
    post: (path, { headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const request = http.request({
          agent,
          socketPath,
          path,
          method: "POST",
          headers: { host: "gateway", ...headers, "content-length": String(Buffer.byteLength(body)) },
          signal,
        });
        request.on("error", reject);
        request.on("response", (response: IncomingMessage) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("error", reject);
          response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }));
        });
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}
