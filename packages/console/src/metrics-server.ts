import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ProgramMetrics } from "@aito/base/metrics";

/** `/metrics` on a port of its own, which compose publishes nowhere: whoever is on the control network may read it, the public may not. */
export async function startMetricsServer(options: {
  host: string;
  port: number;
  metrics: ProgramMetrics;
}): Promise<{ port: number; close(): Promise<void> }> {
  const { metrics } = options;
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") return void response.writeHead(404).end();
    void metrics.render().then(
      (page) => void response.writeHead(200, { "content-type": metrics.contentType }).end(page),
      () => void response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
      metrics.close();
    },
  };
}
