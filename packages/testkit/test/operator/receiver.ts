import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { verifyWebhook } from "@aito/connectors";

/** Somebody's webhook: keeps what was rightly signed, and answers as it is told to. */
export interface Receiver {
  url: string;
  secret: string;
  notices: Record<string, unknown>[];
  answerWith(status: number): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const secret = "the receiver's half of the secret";
  const notices: Record<string, unknown>[] = [];
  let status = 204;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const good = verifyWebhook({ secret, headers: request.headers, body, now: new Date() });
      if (good) notices.push(JSON.parse(body) as Record<string, unknown>);
      response.writeHead(good ? status : 401).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`,
    secret,
    notices,
    answerWith: (next) => {
      status = next;
    },
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}
