import { createServer } from "node:net";
import { errorText } from "@aito/base";
import Docker from "dockerode";
import { GenericContainer, PullPolicy, type StartedTestContainer, Wait } from "testcontainers";

/** What every container of the tests carries: the service, the test run and its worker, and the process whose end makes it a leftover. */
export const testLabels = {
  service: "aito.test",
  run: "aito.test.run",
  worker: "aito.test.worker",
  pid: "aito.test.pid",
} as const;

export const dockerSocket = (): string => process.env["DOCKER_SOCKET"] ?? "/var/run/docker.sock";

export const openDocker = (): Docker => new Docker({ socketPath: dockerSocket(), timeout: 30_000 });

/** Why containers of this image cannot be started here, or null. */
export async function missingFor(image: string): Promise<string | null> {
  const docker = openDocker();
  try {
    await docker.ping();
  } catch (error) {
    return `no Docker engine answers at ${dockerSocket()} (${errorText(error)})`;
  }
  try {
    await docker.getImage(image).inspect();
    return null;
  } catch {
    return `the image ${image} is not there (npm start builds it)`;
  }
}

/** testcontainers publishes on every address; this publishes on 127.0.0.1 alone, on a port that a restart does not change. */
class LoopbackContainer extends GenericContainer {
  protected override beforeContainerCreated(): Promise<void> {
    const bindings = (this.hostConfig.PortBindings ?? {}) as Record<string, { HostIp?: string }[]>;
    for (const binding of Object.values(bindings).flat()) binding.HostIp = "127.0.0.1";
    return Promise.resolve();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

export interface ServiceOptions {
  service: "postgres" | "redis";
  image: string;
  port: number;
  environment: Record<string, string>;
  command: string[];
  tmpfs?: Record<string, string>;
  mounts?: { source: string; target: string }[];
  memoryMb: number;
  /**
   * One container for all files that a worker of a test run takes, one after the other; removed at the run's end. So nobody else uses it
   * at the same time. Only where `AITO_TEST_RUN` is set (see global-setup).
   */
  shared: boolean;
}

export interface Service {
  id: string;
  port: number;
  /** Runs a command inside; throws with its output when it fails. */
  run(command: string[]): Promise<string>;
  kill(signal?: "SIGKILL" | "SIGINT" | "SIGQUIT"): Promise<void>;
  startAgain(): Promise<void>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  stop(): Promise<void>;
}

const startMsMax = 60_000;

/** Starts a service from one of our images and waits until it is healthy. */
export async function startService(options: ServiceOptions): Promise<Service> {
  // Leftovers are swept by label; no further container watches over these.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
  const run = process.env["AITO_TEST_RUN"];
  const shared = options.shared && run !== undefined;
  const template = new LoopbackContainer(options.image)
    .withPullPolicy(PullPolicy.neverPull())
    .withEnvironment(options.environment)
    .withCommand(options.command)
    .withExposedPorts({ container: options.port, host: shared ? 0 : await freePort() })
    .withLabels({
      [testLabels.service]: options.service,
      [testLabels.run]: run ?? `pid-${process.pid}`,
      [testLabels.worker]: process.env["VITEST_POOL_ID"] ?? "1",
      [testLabels.pid]: process.env["AITO_TEST_PID"] ?? String(process.pid),
    })
    .withTmpFs(options.tmpfs ?? {})
    .withBindMounts(options.mounts ?? [])
    .withResourcesQuota({ memory: options.memoryMb / 1_024 })
    .withStartupTimeout(startMsMax)
    .withWaitStrategy(Wait.forHealthCheck());
  const started: StartedTestContainer = await (shared ? template.withReuse() : template).start();
  const container = openDocker().getContainer(started.getId());
  return {
    id: started.getId(),
    port: started.getMappedPort(options.port),
    run: async (command) => {
      const done = await started.exec(command);
      if (done.exitCode !== 0) throw new Error(`${command[0]} failed with ${done.exitCode}: ${done.output.slice(0, 2_000)}`);
      return done.stdout;
    },
    kill: async (signal = "SIGKILL") => {
      await container.kill({ signal });
      await container.wait();
    },
    startAgain: async () => void (await container.start()),
    pause: async () => void (await container.pause()),
    unpause: async () => void (await container.unpause()),
    stop: async () => {
      if (!shared) await container.remove({ force: true, v: true });
    },
  };
}
