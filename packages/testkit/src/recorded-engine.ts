import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

export interface EngineRequest {
  at: number;
  method: string;
  path: string;
}

/** A unix socket in front of the container engine's: an observer from outside of what a program asks the engine to change. */
export interface RecordedEngine {
  socketPath: string;
  /** Requests that change something, in order. */
  changes: EngineRequest[];
  /** Called at each change right before it goes on to the engine. */
  onChange: (request: EngineRequest) => void;
  close(): Promise<void>;
}

const request = /^(POST|PUT|DELETE) (\S+) HTTP\/1\.1/gm;

export async function recordedEngine(upstream: string): Promise<RecordedEngine> {
  const folder = mkdtempSync(path.join(tmpdir(), "aito-recorded-"));
  const open = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const engine = net.connect({ path: upstream, allowHalfOpen: true });
    for (const socket of [client, engine]) {
      open.add(socket);
      socket.on("error", () => socket.destroy()).on("close", () => open.delete(socket));
    }
    client.on("data", (data: Buffer) => {
      for (const [, method, target] of data.toString("latin1").matchAll(request)) {
        const seen = { at: performance.now(), method: method!, path: target! };
        // Attaching to stdin changes nothing.
        if (target!.includes("/attach")) continue;
        recorded.changes.push(seen);
        recorded.onChange(seen);
      }
    });
    client.pipe(engine);
    engine.pipe(client);
    client.on("close", () => engine.destroy());
    engine.on("close", () => client.destroy());
  });
  const recorded: RecordedEngine = {
    socketPath: path.join(folder, "engine.sock"),
    changes: [],
    onChange: () => undefined,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await new Promise<void>((resolve) => server.listen(recorded.socketPath, resolve));
  return recorded;
}
