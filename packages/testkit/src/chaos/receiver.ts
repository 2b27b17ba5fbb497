import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Ledger } from "./ledger.ts";

/**
 * The outside system: an effect is one signed POST. It keeps its own account of them, by the key that the sender gave, and answers
 * late or with an error when it is told to.
 */
export interface Receiver {
  url: string;
  /** How the next requests are answered: 200 after so many milliseconds, or another status. */
  next: { status: number; delayMs: number }[];
  /** What was delivered, so that it can be delivered once more. */
  taken: { headers: Record<string, string>; body: string }[];
  close(): Promise<void>;
}

export async function startReceiver(ledger: Ledger): Promise<Receiver> {
  const next: Receiver["next"] = [];
  const taken: Receiver["taken"] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("error", () => undefined);
    request.on("end", () => {
      const body = Buffer.concat(parts).toString("utf8");
      const answer = next.shift() ?? { status: 200, delayMs: 0 };
      if (answer.status < 300) {
        taken.push({ headers: { "x-aito-event-id": String(request.headers["x-aito-event-id"]) }, body });
        const { decision } = JSON.parse(body) as { decision?: { id?: string } };
        ledger.add({
          kind: "effect",
          key: String(request.headers["x-aito-event-id"]),
          about: decision?.id ?? "",
          digest: createHash("sha256").update(body).digest("hex").slice(0, 16),
        });
      }
      setTimeout(() => response.writeHead(answer.status).end(), answer.delayMs);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notice`,
    next,
    taken,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
