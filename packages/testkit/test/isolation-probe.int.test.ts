import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { newToken, silentLogger, systemClock } from "@aito/base";
import { type DesiredAgent, loadPack } from "@aito/company";
import { dockerEngine } from "@aito/engine";
import { containerSpec } from "@aito/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missingFor } from "../src/loopback-container.ts";
import { probe, probeTargets, seenFromOutside } from "../src/index.ts";

const run = promisify(execFile);
const tag = process.env["AITO_TAG"] ?? "latest";
const images = { agent: `aito-agent:${tag}`, worker: `aito-worker:${tag}`, claudeCode: `aito-claude-code:${tag}` };
const company = "t-isolation";
const volume = `aito-${company}-link`;
const listener = `aito-${company}-sockets`;
const missing = await missingFor(images.agent);
const missingClaudeCode = missing ?? (await missingFor(images.claudeCode));
const engine = dockerEngine({
  socketPath: process.env["DOCKER_SOCKET"] ?? "/var/run/docker.sock",
  log: silentLogger,
  clock: systemClock,
});

/** Stands for gateway and Redis: takes connections on the link's two sockets, and on one that is not for agents. */
const listenerProgram = `const fs = require("node:fs"), net = require("node:net");
for (const at of ["gateway/gateway.sock", "redis/redis.sock"]) { fs.mkdirSync("/link/" + at.split("/")[0], { recursive: true });
  net.createServer(() => {}).listen("/link/" + at, () => fs.chmodSync("/link/" + at, 0o666)); }`;

beforeAll(async () => {
  if (missing !== null) return void process.stderr.write(`tests are skipped: ${missing}\n`);
  if (missingClaudeCode !== null) process.stderr.write(`one test is skipped: ${missingClaudeCode}\n`);
  await run("docker", ["rm", "--force", listener]).catch(() => undefined);
  await run("docker", [
    "run",
    "--detach",
    "--rm",
    "--name",
    listener,
    "--network",
    "none",
    "--user",
    "0",
    "--volume",
    `${volume}:/link`,
    "--label",
    `aito.company=${company}`,
    "--entrypoint",
    "node",
    images.agent,
    "-e",
    listenerProgram,
  ]);
});
afterAll(async () => {
  if (missing === null) {
    for (const { id } of await engine.list(company)) await engine.remove(id);
    await run("docker", ["rm", "--force", listener]).catch(() => undefined);
    await run("docker", ["volume", "rm", volume]).catch(() => undefined);
  }
  await engine.close();
});

const desired = (name: string, change: Partial<DesiredAgent>): DesiredAgent => Object.assign(sample(name), change);
const sample = (name: string): DesiredAgent => ({
  id: "0190a0a0-0000-7000-8000-000000000001",
  name,
  role: name,
  kind: "agent",
  desired: "running",
  status: "starting",
  statusReason: null,
  epoch: 1,
  containerId: null,
  failures: 0,
  unbegun: 0,
  retryAt: null,
  lastHeartbeat: null,
  startedAt: null,
  leaseUntil: null,
  hasSession: true,
  replacing: false,
  changeDigest: null,
  profileDigest: "",
  parentAgent: null,
  taskId: null,
  department: "Marketing",
  model: "claude-sonnet-5-5",
  loopIntervalSeconds: 3_600,
  gitRepo: "og/repo",
  gitFilter: "content/*",
  stoppedBy: null,
});
const worker = {
  kind: "worker",
  role: "content-writer",
  parentAgent: "cmo",
  taskId: "0190a0a0-0000-7000-8000-000000000002",
} as const;

test.each<[string, DesiredAgent]>([
  ["an agent", desired("helper", {})],
  ["a head", desired("ceo", {})],
  ["a member of the council", desired("cmo", {})],
  ["a worker", desired("content-writer-1", { ...worker, loopIntervalSeconds: null, gitRepo: null, gitFilter: null })],
])(
  "Y03 Y04 %s reaches nothing but its two sockets, whatever it tries; from outside it has no network but lo",
  async (_, agent) => {
    if (missing !== null) return;
    const fleet = await loadPack(fileURLToPath(new URL("../../../profiles/aito/fleet.yaml", import.meta.url)));
    const spec = containerSpec(
      { fleet: { ...fleet, file: { ...fleet.file, company } }, images, holder: "test", linkVolume: volume },
      agent,
      1,
    );
    const { id } = await engine.start(spec, JSON.stringify({ token: newToken("run"), epoch: 1 }));
    try {
      const report = await probe(id, await probeTargets());
      expect(report.reached).toEqual([]);
      expect(report.sockets).toEqual(["/link/gateway/gateway.sock", "/link/redis/redis.sock"]);
      expect(report.interfaces).toEqual(["lo"]);
      expect(report.uid).toBe(65_534);
      expect(report.processes).toBeLessThanOrEqual(3);
      expect(report.tried).toBeGreaterThan(150);
      const known = [...Object.keys(spec.environment), "HOME", "HOSTNAME", "NODE_COMPILE_CACHE", "NODE_ENV", "PATH"];
      expect(report.environment).toEqual(known.toSorted());
      const expected = /^\/(|proc|dev|sys|tmp|link|etc\/(hosts|hostname|resolv\.conf)|(proc|sys|dev)\/.*|sbin\/docker-init)$/;
      expect(report.mounts.filter((mount) => !expected.test(mount))).toEqual([]);
      const outside = await seenFromOutside(id);
      if (outside) {
        expect(outside).toMatchObject({ interfaces: ["lo"], routes: 0, capabilities: "0000000000000000" });
        expect(outside.ownNamespaces).toEqual(expect.arrayContaining(["net", "pid", "ipc", "mnt", "uts"]));
      }
    } finally {
      await engine.remove(id);
    }
  },
);

/** What its Debian brings along; without capabilities and with no new privileges none of it leads anywhere. */
const ofDebian =
  /^(program (sh|bash|unshare|mount|nsenter|perl)|setuid \/usr\/s?bin\/(su|passwd|chsh|chfn|chage|expiry|newgrp|gpasswd|mount|umount|unix_chkpwd))$/;

test("Y03 Y04 T07 a worker with Claude Code, which has a shell: nothing but its two sockets, no ICMP, no privilege of any setuid file", async () => {
  if (missingClaudeCode !== null) return;
  const fleet = await loadPack(fileURLToPath(new URL("../../../profiles/aito/fleet.yaml", import.meta.url)));
  const { "content-writer": type, ...others } = fleet.file.workers;
  const workers = { ...others, "content-writer": { ...type!, executor: "claude-code" as const } };
  const spec = containerSpec(
    { fleet: { ...fleet, file: { ...fleet.file, company, workers } }, images, holder: "test", linkVolume: volume },
    desired("content-writer-2", { ...worker, loopIntervalSeconds: null, gitRepo: null, gitFilter: null }),
    1,
  );
  expect(spec.image).toBe(images.claudeCode);
  const { stdout } = await run("docker", ["image", "inspect", "--format", "{{json .Config.Env}}", spec.image]);
  const ofImage = (JSON.parse(stdout) as string[]).map((entry) => entry.split("=")[0]!);
  expect(ofImage.filter((name) => /KEY|TOKEN|SECRET|PASS/.test(name))).toEqual([]);
  const { id } = await engine.start(spec, JSON.stringify({ token: newToken("run"), epoch: 1 }));
  try {
    const report = await probe(id, await probeTargets());
    expect(report.reached.filter((what) => !ofDebian.test(what))).toEqual([]);
    expect(report.reached).toContain("program sh");
    expect(report.ping).toEqual({ status: 0, sent: ["ping 127.0.0.1"] });
    expect(report.sockets).toEqual(["/link/gateway/gateway.sock", "/link/redis/redis.sock"]);
    expect(report.interfaces).toEqual(["lo"]);
    expect(report.uid).toBe(65_534);
    expect(report.processes).toBeLessThanOrEqual(3);
    expect(report.environment).toEqual([...new Set([...Object.keys(spec.environment), "HOSTNAME", ...ofImage])].toSorted());
    const outside = await seenFromOutside(id);
    if (outside) expect(outside).toMatchObject({ interfaces: ["lo"], routes: 0, capabilities: "0000000000000000" });
  } finally {
    await engine.remove(id);
  }
});

test("the probe sees what is there: in a container of root's with capabilities and a root that can be written to", async () => {
  if (missing !== null) return;
  const { reached } = await probe(listener, { hosts: [], names: ["localhost"] });
  expect(reached).toEqual(
    expect.arrayContaining([
      "a capability, such as raw sockets (ICMP) need",
      "write to /",
      "write /etc/passwd",
      "exec from /tmp",
      "remove /link/gateway/gateway.sock",
      expect.stringContaining("name localhost is"),
    ]),
  );
});
