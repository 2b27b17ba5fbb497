import { type Clock, createLogger, silentLogger, systemClock } from "@aito/base";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engineConformance } from "../src/conformance.ts";
import { type ContainerSpec, dockerEngine } from "../src/index.ts";
import { engineProxy } from "./engine-proxy.ts";
import { makeTestImage, removeTestImage, testLabel } from "./test-program.ts";

const socketPath = process.env["DOCKER_SOCKET"] ?? "/var/run/docker.sock";
const soon = { timeout: 20_000, interval: 50 };
let ready: Awaited<ReturnType<typeof makeTestImage>>;

beforeAll(async () => {
  ready = await makeTestImage(socketPath);
  if ("missing" in ready) process.stderr.write(`tests are skipped: ${ready.missing}\n`);
});
afterAll(async () => {
  if (!("missing" in ready)) await removeTestImage(socketPath);
});

const specOf = (company: string, program: string): ContainerSpec => {
  if ("missing" in ready) throw new Error(ready.missing);
  return {
    company,
    agent: "cto",
    kind: "agent",
    epoch: 1,
    run: "int",
    ...ready,
    environment: { AITO_PROGRAM: program },
    memoryMb: 128,
    cpus: 0.5,
    pids: 64,
  };
};

engineConformance("docker", async () => {
  if ("missing" in ready) return ready;
  const proxy = await engineProxy(socketPath);
  const engine = dockerEngine({ socketPath: proxy.socketPath, log: silentLogger, clock: systemClock });
  return {
    engine,
    ...ready,
    cutEvents: () => proxy.cutEvents(),
    close: async () => {
      await engine.close();
      await proxy.close();
    },
  };
});

describe("what a container may do", () => {
  test("O03 it has no network, no capability, no privilege, and nowhere to write but a tmpfs without exec", async ({ skip }) => {
    if ("missing" in ready) return skip(ready.missing);
    const engine = dockerEngine({ socketPath, log: silentLogger, clock: systemClock });
    const { id } = await engine.start(specOf("t-probe", "probe"), "{}");
    try {
      await expect.poll(() => engine.logs(id, 10), soon).toContain("connect ENETUNREACH");
      const seen = JSON.parse((await engine.logs(id, 10)).split("\n")[0]!) as Record<string, unknown>;
      expect(seen).toMatchObject({
        uid: 65_534,
        capabilities: "0000000000000000",
        noNewPrivileges: "1",
        seccomp: "2",
        init: true,
        interfaces: ["lo"],
        files: "64",
        writeRoot: "EROFS",
        writeLink: "EROFS",
        execTmp: "EACCES",
        hostname: "cto",
        memory: String(128 * 1024 * 1024),
      });
      expect(seen["environment"]).toEqual(["AITO_PROGRAM", "HOME", "HOSTNAME", "NODE_COMPILE_CACHE", "NODE_ENV", "PATH"]);
    } finally {
      await engine.remove(id);
      await engine.close();
    }
  });

  test("tells that a container ran out of memory", async ({ skip }) => {
    if ("missing" in ready) return skip(ready.missing);
    const engine = dockerEngine({ socketPath, log: silentLogger, clock: systemClock });
    const { id } = await engine.start({ ...specOf("t-oom", "eat"), memoryMb: 64 }, "{}");
    try {
      await expect.poll(async () => (await engine.list("t-oom"))[0], soon).toMatchObject({ state: "exited", oomKilled: true });
    } finally {
      await engine.remove(id);
      await engine.close();
    }
  });

  test("F16 an exhausted child whose parent ends in order counts as out of memory, too: by the flag, not by the exit code", async ({
    skip,
  }) => {
    if ("missing" in ready) return skip(ready.missing);
    const engine = dockerEngine({ socketPath, log: silentLogger, clock: systemClock });
    const { id } = await engine.start({ ...specOf("t-oom-child", "eat-beside"), memoryMb: 96 }, "{}");
    try {
      await expect
        .poll(async () => (await engine.list("t-oom-child"))[0], soon)
        .toMatchObject({ state: "exited", exitCode: 0, oomKilled: true });
    } finally {
      await engine.remove(id);
      await engine.close();
    }
  });

  test("F18 of a thousand processes whose parents died none is left as a zombie", async ({ skip }) => {
    if ("missing" in ready) return skip(ready.missing);
    const engine = dockerEngine({ socketPath, log: silentLogger, clock: systemClock });
    const { id } = await engine.start({ ...specOf("t-orphans", "orphans"), pids: 256, cpus: 2 }, "{}");
    try {
      await expect
        .poll(async () => (await engine.list("t-orphans"))[0], { timeout: 90_000, interval: 200 })
        .toMatchObject({ state: "exited", exitCode: 0 });
      expect(await engine.logs(id, 50)).toBe("processes left: 2\n");
    } finally {
      await engine.remove(id);
      await engine.close();
    }
  });

  test("F18 what agents left is swept by its labels: networks and volumes of theirs, nothing of the control plane, nothing in use", async ({
    skip,
  }) => {
    if ("missing" in ready) return skip(ready.missing);
    const company = `t-sweep-${process.pid}`;
    const docker = new Docker({ socketPath, timeout: 20_000 });
    const engine = dockerEngine({ socketPath, log: silentLogger, clock: systemClock });
    const names = { agents: `${company}-agents`, control: `${company}-control`, used: `${company}-used` };
    const own = { "aito.company": company, "aito.agent": "cto", [testLabel]: "engine" };
    const control = { "aito.company": company, "aito.kind": "control", [testLabel]: "engine" };
    const left = async (): Promise<string[]> => {
      const filters = { label: [`aito.company=${company}`] };
      const volumes = (await docker.listVolumes({ filters })).Volumes;
      return [...volumes.map(({ Name }) => Name), ...(await docker.listNetworks({ filters })).map(({ Name }) => Name)].toSorted();
    };
    try {
      for (const [name, labels] of Object.entries({ agents: own, control, used: own })) {
        await docker.createVolume({ Name: names[name as keyof typeof names], Labels: labels });
      }
      await docker.createNetwork({ Name: names.agents, Internal: true, Labels: own });
      const { id } = await engine.start({ ...specOf(company, "wait"), linkVolume: names.used }, "{}");
      await engine.sweep(company);
      expect(await left()).toEqual([names.control, names.used].toSorted());
      await engine.remove(id);
      await engine.sweep(company);
      expect(await left()).toEqual([names.control]);
    } finally {
      for (const { id } of await engine.list(company)) await engine.remove(id);
      for (const name of Object.values(names))
        await docker
          .getVolume(name)
          .remove()
          .catch(() => undefined);
      await docker
        .getNetwork(names.agents)
        .remove()
        .catch(() => undefined);
      await engine.close();
    }
  });

  test("its stdin line stands nowhere that the engine shows", async ({ skip }) => {
    if ("missing" in ready) return skip(ready.missing);
    const engine = dockerEngine({ socketPath, log: silentLogger, clock: systemClock });
    const { id } = await engine.start(specOf("t-stdin", "exit"), '{"token":"aito_agent_canary-canary-canary"}');
    const docker = new Docker({ socketPath });
    try {
      expect(JSON.stringify(await docker.getContainer(id).inspect())).not.toContain("canary");
    } finally {
      await engine.remove(id);
      await engine.close();
    }
  });
});

describe("an engine that misbehaves", () => {
  test("a name that is not ours is refused and left alone", async ({ skip }) => {
    if ("missing" in ready) return skip(ready.missing);
    const docker = new Docker({ socketPath });
    const foreign = await docker.createContainer({
      name: "aito-t-foreign-cto",
      Image: ready.image,
      Labels: { "aito.test": "engine" },
    });
    const engine = dockerEngine({ socketPath, log: silentLogger, clock: systemClock });
    try {
      await expect(engine.start(specOf("t-foreign", "stay"), "{}")).rejects.toMatchObject({
        code: "AITO_ENGINE_NAME",
        fate: "human",
      });
      expect((await foreign.inspect()).State.Status).toBe("created");
    } finally {
      await foreign.remove({ force: true });
      await engine.close();
    }
  });

  test("a missing image is named, with what to do", async ({ skip }) => {
    if ("missing" in ready) return skip(ready.missing);
    const engine = dockerEngine({ socketPath, log: silentLogger, clock: systemClock });
    const spec = { ...specOf("t-image", "stay"), image: "aito-no-such-image:latest" };
    await expect(engine.start(spec, "{}")).rejects.toMatchObject({ code: "AITO_ENGINE_IMAGE", fate: "human" });
    expect(await engine.list("t-image")).toEqual([]);
    await engine.close();
  });

  test("Y04 a runtime that the engine does not have is named, with what to do, and nothing is left behind", async ({ skip }) => {
    if ("missing" in ready) return skip(ready.missing);
    const { Runtimes } = (await new Docker({ socketPath }).info()) as { Runtimes: Record<string, unknown> };
    if ("runsc" in Runtimes) return skip("this engine has runsc");
    const engine = dockerEngine({ socketPath, log: silentLogger, clock: systemClock });
    await expect(engine.start({ ...specOf("t-runtime", "stay"), runtime: "runsc" }, "{}")).rejects.toMatchObject({
      code: "AITO_ENGINE_RUNTIME",
      fate: "human",
      message: expect.stringContaining("runsc"),
    });
    expect(await engine.list("t-runtime")).toEqual([]);
    await engine.close();
  });

  test("no engine at the socket is an error that can be tried again", async () => {
    const engine = dockerEngine({ socketPath: "/tmp/aito-no-engine.sock", log: silentLogger, clock: systemClock });
    await expect(engine.ping()).rejects.toMatchObject({ code: "AITO_ENGINE_UNAVAILABLE", fate: "retry" });
    await engine.close();
  });

  test("every call ends when the engine hangs, and the watch logs at a bounded rate", async ({ skip }) => {
    if ("missing" in ready) return skip(ready.missing);
    // Time-outs run a hundred times as fast.
    const hurried: Clock = { ...systemClock, after: (ms, run) => systemClock.after(ms / 100, run) };
    const lines: string[] = [];
    const log = createLogger({ program: "test", write: (line) => lines.push(line) });
    const proxy = await engineProxy(socketPath);
    proxy.hang();
    const engine = dockerEngine({ socketPath: proxy.socketPath, log, clock: hurried });
    try {
      const watch = await engine.watch("t-hang", () => undefined);
      const calls = [
        engine.ping(),
        engine.list("t-hang"),
        engine.kill("x"),
        engine.remove("x"),
        engine.logs("x", 1),
        engine.start(specOf("t-hang", "stay"), "{}"),
      ];
      for (const result of await Promise.allSettled(calls)) {
        expect(result).toMatchObject({ status: "rejected", reason: { code: "AITO_ENGINE_UNAVAILABLE", fate: "retry" } });
      }
      await watch.close();
      expect(lines.length).toBeLessThanOrEqual(1);
    } finally {
      await engine.close();
      await proxy.close();
    }
  });
});
