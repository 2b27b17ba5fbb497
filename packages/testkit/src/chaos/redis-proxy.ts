import net from "node:net";

const sliceMs = 50;

/** A port before Redis for the programs of the control plane: passes everything, or a trickle of it. */
export interface RedisLink {
  port: number;
  /** From now on so many bytes a second pass, each way of each connection. */
  slow(bytesPerSecond: number): void;
  heal(): void;
  close(): Promise<void>;
}

export async function startRedisLink(upstreamPort: number): Promise<RedisLink> {
  const open = new Set<net.Socket>();
  let limit = Infinity;

  /** Passes slices on, waiting between them as long as the limit says; the limit may change meanwhile. */
  const carry = async (from: net.Socket, to: net.Socket): Promise<void> => {
    for await (const chunk of from) {
      let left = chunk as Buffer;
      while (left.length > 0) {
        const size = limit === Infinity ? left.length : Math.max(1, Math.round((limit * sliceMs) / 1_000));
        const slice = left.subarray(0, size);
        left = left.subarray(size);
        if (to.destroyed) return;
        if (!to.write(slice)) await new Promise<void>((done) => (to.once("drain", done), to.once("close", done)));
        if (limit !== Infinity) await new Promise((done) => setTimeout(done, sliceMs));
      }
    }
    to.end();
  };

  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const redis = net.connect({ host: "127.0.0.1", port: upstreamPort, allowHalfOpen: true });
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
    }
    void carry(client, redis).catch(() => client.destroy());
    void carry(redis, client).catch(() => client.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as net.AddressInfo).port,
    slow: (bytesPerSecond) => void (limit = bytesPerSecond),
    heal: () => void (limit = Infinity),
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
