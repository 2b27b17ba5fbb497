import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { errorText } from "@aito/base";
import type { ProgramMetrics } from "@aito/base/metrics";

/** `/healthz` and `/metrics` on the control network. `/healthz` is 200 when every part answers now, 503 with the names of those that do not. */
export async function startHealth(options: {
  host: string;
  port: number;
  parts: Record<string, () => Promise<void>>;
  metrics: ProgramMetrics;
}): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.url === "/metrics") {
      const { metrics } = options;
      return void metrics.render().then(
        (page) => void response.writeHead(200, { "content-type": metrics.contentType }).end(page),
        () => void response.writeHead(500).end(),
      );
    }
    if (request.url !== "/healthz") return void response.writeHead(404).end();
    void checkAll(options.parts).then((problems) => {
      const ok = Object.keys(problems).length === 0;
      response.writeHead(ok ? 200 : 503, { "content-type": "application/json" }).end(JSON.stringify({ ok, problems }));
    });
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
      options.metrics.close();
    },
  };
}

async function checkAll(parts: Record<string, () => Promise<void>>): Promise<Record<string, string>> {
  const problems: Record<string, string> = {};
  await Promise.all(
    Object.entries(parts).map(async ([name, check]) => {
      try {
        await check();
      } catch (error) {
        problems[name] = errorText(error);
      }
    }),
  );
  return problems;
}
