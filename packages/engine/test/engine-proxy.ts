import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

export interface EngineProxy {
  socketPath: string;
  /** Ends the connections on which events were asked for. */
  cutEvents(): void;
  /** From now on takes connections and says nothing. */
  hang(): void;
  close(): Promise<void>;
}

/** A unix socket in front of the engine's, which can misbehave. */
export async function engineProxy(upstream: string): Promise<EngineProxy> {
  const folder = mkdtempSync(path.join(tmpdir(), "aito-engine-"));
  const socketPath = path.join(folder, "engine.sock");
  const open = new Map<net.Socket, { events: boolean }>();
  let hanging = false;
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const kind = { events: false };
    open.set(client, kind);
    client.on("error", () => client.destroy());
    if (hanging) {
      client.on("close", () => open.delete(client)).resume();
      return;
    }
    const engine = net.connect({ path: upstream, allowHalfOpen: true });
    engine.on("error", () => client.destroy());
    client.on("data", (data) => (kind.events ||= /^GET [^ ]*\/events/m.test(data.toString("latin1"))));
    client.on("close", () => {
      open.delete(client);
      engine.destroy();
    });
    engine.on("close", () => client.destroy());
    client.pipe(engine);
    engine.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    socketPath,
    cutEvents: () => {
      for (const [socket, kind] of open) if (kind.events) socket.destroy();
    },
    hang: () => {
      hanging = true;
      for (const socket of open.keys()) socket.destroy();
    },
    close: async () => {
      for (const socket of open.keys()) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
