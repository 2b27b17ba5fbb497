import { rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import net from "node:net";

/** How the engine's socket misbehaves. `events-closed`: only the stream of events ends, again and again. */
export const engineFaults = ["error-500", "hang", "cut-json", "conflict-409", "events-closed"] as const;
export type EngineFault = (typeof engineFaults)[number];

export interface EngineProxy {
  socketPath: string;
  fail(how: EngineFault): void;
  heal(): void;
  /** Requests that came since the last question. */
  requests(): number;
  close(): Promise<void>;
}

/** A unix socket in front of the engine's: passes everything, or misbehaves. */
export async function startEngineProxy(options: { socketPath: string; upstreamPath: string }): Promise<EngineProxy> {
  const open = new Map<net.Socket, { events: boolean }>();
  let fault: EngineFault | null = null;
  let count = 0;
  const faulty = createHttpServer((request, response) => {
    count += 1;
    request.resume();
    switch (fault) {
      case "error-500":
        return void response
          .writeHead(500, { "content-type": "application/json" })
          .end(JSON.stringify({ message: "it went wrong" }));
      case "conflict-409":
        return void response.writeHead(409, { "content-type": "application/json" }).end(JSON.stringify({ message: "conflict" }));
      case "cut-json":
        response.writeHead(200, { "content-type": "application/json", "content-length": 5_000 });
        return void response.write('[{"Id":"0123', () => response.destroy());
      default:
        // Taken and never answered.
        return undefined;
    }
  });
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const kind = { events: false };
    open.set(client, kind);
    client.on("close", () => open.delete(client));
    client.on("error", () => client.destroy());
    if (fault !== null && fault !== "events-closed") return void faulty.emit("connection", client);
    const engine = net.connect({ path: options.upstreamPath, allowHalfOpen: true });
    engine.on("error", () => client.destroy());
    client.on("data", (data) => {
      const text = data.subarray(0, 200).toString("latin1");
      if (!/^(?:GET|POST|DELETE|HEAD|PUT) /.test(text)) return;
      count += 1;
      if (!/^GET [^ ]*\/events/.test(text)) return;
      kind.events = true;
      if (fault === "events-closed") client.destroy();
    });
    client.on("close", () => engine.destroy());
    engine.on("close", () => client.destroy());
    client.pipe(engine);
    engine.pipe(client);
  });
  rmSync(options.socketPath, { force: true });
  await new Promise<void>((done) => server.listen(options.socketPath, done));
  const dropAll = (): void => {
    for (const [socket, kind] of open) if (fault !== "events-closed" || kind.events) socket.destroy();
  };
  return {
    socketPath: options.socketPath,
    fail: (how) => {
      fault = how;
      dropAll();
    },
    heal: () => {
      fault = null;
      dropAll();
    },
    requests: () => {
      const seen = count;
      count = 0;
      return seen;
    },
    close: async () => {
      for (const socket of open.keys()) socket.destroy();
      faulty.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
