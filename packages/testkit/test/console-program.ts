import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { waitFor } from "../src/index.ts";

const program = fileURLToPath(new URL("../../console/src/main.ts", import.meta.url));
const startMsMax = 120_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The console as a process of its own, once it answers. `environment` is all that it is given beside its ports. */
export async function startConsoleProgram(environment: Record<string, string>): Promise<{ url: string; end(): void }> {
  const port = await freePort();
  const env = {
    PATH: process.env["PATH"],
    AITO_HOST: "127.0.0.1",
    AITO_PORT: String(port),
    AITO_METRICS_PORT: String(await freePort()),
    LOG_LEVEL: "error",
    ...environment,
  };
  const child = spawn(process.execPath, [program], { stdio: "ignore", env });
  const url = `http://127.0.0.1:${port}`;
  const end = (): void => void child.kill("SIGKILL");
  try {
    await waitFor(
      async () => (await fetch(`${url}/healthz`)).ok,
      (ok) => ok,
      startMsMax,
    );
  } catch (error) {
    end();
    throw error;
  }
  return { url, end };
}
