import { Agent, request } from "node:http";

export interface Asker {
  /** The answer's text; throws for what is no success. */
  get(path: string): Promise<string>;
  post(path: string, body: unknown): Promise<string>;
  close(): void;
}

/** Asks a program over connections that stay open, as a browser does, and costs this process little. */
export function makeAsker(url: string, headers: Record<string, string>, connectionsMax = 64): Asker {
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
  const { hostname, port } = new URL(url);
  const send = (method: string, path: string, body: string | null): Promise<string> =>
    new Promise((resolve, reject) => {
      const more = body === null ? {} : { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
      const asked = request({ agent, hostname, port, method, path, headers: { ...headers, ...more } }, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => void parts.push(part));
        answer.on("error", reject);
        answer.on("end", () => {
          const text = Buffer.concat(parts).toString();
          if (answer.statusCode! < 300) resolve(text);
          else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 200)}`));
        });
      });
      asked.on("error", reject);
      asked.end(body ?? undefined);
    });
  return {
    get: (path) => send("GET", path, null),
    post: (path, body) => send("POST", path, JSON.stringify(body)),
    close: () => agent.destroy(),
  };
}
