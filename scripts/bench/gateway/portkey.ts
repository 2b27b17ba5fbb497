import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lifecycle } from "../../../packages/base/src/index.ts";
import type { Target } from "./load.ts";

const startMsMax = 30_000;

/** The npm package @portkey-ai/gateway before the same vendor, installed beside the repository for this run; null when it cannot be. */
export async function startPortkey(life: Lifecycle, upstreamUrl: string): Promise<(Target & { pid: number }) | null> {
  const folder = mkdtempSync(join(tmpdir(), "aito-bench-portkey-"));
  life.onClose("portkey's folder", () => rmSync(folder, { recursive: true, force: true }));
  try {
    const install = ["install", "--prefix", folder, "--no-save", "--ignore-scripts", "--no-audit", "@portkey-ai/gateway"];
    execFileSync("npm", install, { stdio: ["ignore", "ignore", "pipe"], timeout: 180_000 });
  } catch {
    return null;
  }
  const port = await freePort();
  const program = join(folder, "node_modules/@portkey-ai/gateway/build/start-server.js");
  const child = spawn(process.execPath, [program, `--port=${port}`, "--headless"], { stdio: "ignore" });
  life.onClose("portkey", () => void child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  const until = performance.now() + startMsMax;
  while (!(await fetch(url).catch(() => null))) {
    if (performance.now() > until) return null;
    await new Promise((done) => setTimeout(done, 100));
  }
  const headers = {
    "x-portkey-provider": "anthropic",
    "x-portkey-custom-host": `${upstreamUrl}/v1`,
    "x-api-key": "sk-for-the-measurement",
  };
  return { name: "portkey", url, headers, pid: child.pid! };
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
