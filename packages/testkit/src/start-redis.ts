import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Service, startService } from "./loopback-container.ts";

export const redisImage = (): string =>
  process.env["AITO_TEST_REDIS_IMAGE"] ?? `aito-redis:${process.env["AITO_TAG"] ?? "latest"}`;

const password = "for-tests-only";

export interface RedisServer extends Omit<Service, "run"> {
  /** As the administrator `control`; the default user is off. */
  url: string;
  /** The unix socket that agents use. */
  socketPath: string;
  /** Runs redis-cli as the administrator inside the container. */
  command(...words: string[]): Promise<string>;
}

/** Starts a Redis 8 of its own, published on 127.0.0.1 and on a unix socket in a temporary folder, or in `folder`. */
export async function startRedis(options: { folder?: string } = {}): Promise<RedisServer> {
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), "aito-redis-"));
  const service = await startService({
    service: "redis",
    image: redisImage(),
    port: 6_379,
    environment: { AITO_REDIS_PASSWORD: password },
    command: [],
    mounts: [{ source: folder, target: "/link/redis" }],
    memoryMb: 320,
    shared: false,
  });
  const { run, stop, ...faults } = service;
  return {
    ...faults,
    url: `redis://control:${password}@127.0.0.1:${service.port}`,
    socketPath: path.join(folder, "redis.sock"),
    command: (...words) =>
      run(["redis-cli", "-s", "/link/redis/redis.sock", "--user", "control", "--pass", password, "--no-auth-warning", ...words]),
    stop: async () => {
      await stop();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
