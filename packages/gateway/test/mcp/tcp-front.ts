import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface TcpFront {
  url: string;
  close(): Promise<void>;
}

/** A port on 127.0.0.1 that hands everything to a unix socket, with a session: tools that only know addresses can ask the gateway. */
export async function tcpFront(socketPath: string, session: string): Promise<TcpFront> {
  const server = createServer((asked, answer) => {
    const onward = request(
      { socketPath, path: asked.url, method: asked.method, headers: { ...asked.headers, authorization: `Bearer ${session}` } },
      (came) => {
        answer.writeHead(came.statusCode!, came.headers);
        came.pipe(answer);
      },
    );
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
