import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Lifecycle, newToken } from "../../../packages/base/src/index.ts";
import { waitFor } from "../../../packages/testkit/src/index.ts";
import { composeFile, dist, root } from "../../steps/places.ts";

export interface RunningProgram {
  url: string;
  /** The operator key. */
  key: string;
  pid: number;
  /** Resident memory now. */
  memoryMb(): number;
  /** What V8 holds of it for objects, from `/metrics`. */
  heapMb(): Promise<number>;
}

const readyMs = 60_000;
const bundle = join(dist, "console/app/main.mjs");
/** What an address is told of in quotes in a list: `["a", "b"]`. */
const words = (text: string): string[] => [...text.matchAll(/"([^"]+)"/g)].map((match) => match[1]!);

/** The program as its container runs it: Node's options and those of its memory come from the image and from compose. */
function asItsContainer(): { command: string[]; environment: Record<string, string> } {
  const image = readFileSync(join(root, "images/control.Dockerfile"), "utf8");
  const entry = words(/^ENTRYPOINT \[(.+)\]/m.exec(image)![1]!).slice(1);
  const service = /^ {2}console:\n((?: {4}.*\n|\n)+)/m.exec(readFileSync(composeFile, "utf8"))![1]!;
  const given = words(/^ {4}command: \[(.+)\]/m.exec(service)?.[1] ?? '"/app/main.mjs"');
  return {
    command: [...entry, ...given.map((word) => (word === "/app/main.mjs" ? bundle : word))],
    environment: Object.fromEntries(
      [...service.matchAll(/^ {6}(MALLOC_\w+): "(\w+)"$/gm)].map((match) => [match[1]!, match[2]!]),
    ),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts `pnpm build`'s console as a process of its own. Two of one company share `key`, `keyHash` and `linkKey` where `like` is given. */
export async function startProgram(
  life: Lifecycle,
  at: { postgresUrl: string; redisUrl: string; slug: string },
  like: { key: string; linkKey: string } = { key: newToken("op"), linkKey: newToken("key") },
): Promise<RunningProgram> {
  if (!existsSync(bundle)) throw new Error(`${bundle} is not there: pnpm build makes it`);
  const [port, metrics] = [await freePort(), await freePort()];
  const { command, environment } = asItsContainer();
  const child = spawn(join(dist, "console/node"), command, {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...environment,
      NODE_ENV: "production",
      POSTGRES_URL: at.postgresUrl,
      REDIS_URL: at.redisUrl,
      AITO_COMPANY: at.slug,
      AITO_HOST: "127.0.0.1",
      AITO_PORT: String(port),
      AITO_METRICS_PORT: String(metrics),
      AITO_LINK_KEY: like.linkKey,
      AITO_OPERATOR_KEY_HASH: createHash("sha256").update(like.key).digest("hex"),
      AITO_WEB_ROOT: join(dist, "console/app/web"),
      LOG_LEVEL: "error",
    },
  });
  life.onClose("console", () => void child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  const answers = (): Promise<boolean> =>
    fetch(`${url}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
  await waitFor(answers, (ok) => ok, readyMs);
  const pid = child.pid!;
  return {
    url,
    key: like.key,
    pid,
    memoryMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1_024,
    heapMb: async () => {
      const page = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
      return Number(/^nodejs_heap_size_used_bytes(?:\{.*\})? (\S+)/m.exec(page)?.[1] ?? Number.NaN) / 1_048_576;
    },
  };
}
