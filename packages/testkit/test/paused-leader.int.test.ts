import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dockerSocket, missingFor, openDocker } from "../src/loopback-container.ts";
import { type RecordedEngine, recordedEngine } from "../src/recorded-engine.ts";
import { usePostgres, useRedis } from "../src/use-service.ts";
import { waitFor } from "../src/wait-for.ts";
import { writePack } from "../src/write-pack.ts";

const program = fileURLToPath(new URL("../../orchestrator/src/main.ts", import.meta.url));
const image = `aito-agent:${process.env["AITO_TAG"] ?? "latest"}`;
const slug = `f03-${process.pid}`;
const leaseMs = 5_000;
/** The long form: AITO_ROUNDS=100. */
const rounds = Number(process.env["AITO_ROUNDS"] ?? 1);
const within = (ms: number): { timeout: number } => ({ timeout: ms });

const postgres = usePostgres();
const redis = useRedis();
const folder = mkdtempSync(path.join(tmpdir(), "aito-f03-"));
const docker = openDocker();
let missing: string | null = null;

interface Orchestrator {
  name: string;
  child: ChildProcess;
  engine: RecordedEngine;
  lines: string[];
}
const running: Orchestrator[] = [];

beforeAll(async () => {
  missing = await missingFor(image);
});
afterAll(async () => {
  for (const { child, engine } of running) {
    child.kill("SIGKILL");
    await engine.close();
  }
  for (const item of await ours())
    await docker
      .getContainer(item.Id)
      .remove({ force: true, v: true })
      .catch(() => undefined);
  await docker
    .getVolume(slug)
    .remove()
    .catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

const ours = () => docker.listContainers({ all: true, filters: { label: [`aito.company=${slug}`] } });

async function start(name: string, urls: { postgres: string; redis: string }): Promise<Orchestrator> {
  const engine = await recordedEngine(dockerSocket());
  const child = spawn(process.execPath, [program], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      PATH: process.env["PATH"],
      POSTGRES_URL: urls.postgres,
      REDIS_URL: urls.redis,
      DOCKER_SOCKET: engine.socketPath,
      AITO_FLEET: path.join(folder, "pack/fleet.yaml"),
      AITO_LINK_VOLUME: slug,
      AITO_AGENT_IMAGE: image,
      AITO_WORKER_IMAGE: image,
      AITO_HOLDER: name,
      AITO_LEASE_MS: String(leaseMs),
      AITO_HOST: "127.0.0.1",
      AITO_PORT: "0",
    },
  });
  const one: Orchestrator = { name, child, engine, lines: [] };
  child.stderr.on("data", (data: Buffer) =>
    one.lines.push(
      ...data
        .toString()
        .split("\n")
        .filter((text) => text !== "" && !text.includes("an escalation rule is not watched")),
    ),
  );
  running.push(one);
  return one;
}
const said = ({ lines }: Orchestrator, text: string): number => lines.filter((line) => line.includes(text)).length;
const stateOf = async (pid: number): Promise<string> => (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]![0]!;

test(
  "F03 O04 a leader that is stopped in the middle of its work, for longer than its lease, does nothing when it wakes up",
  within(60_000 + rounds * 40_000),
  async ({ skip }) => {
    if (missing !== null) return skip(missing);
    const { server, database } = postgres.orSkip(skip);
    const urls = { postgres: database.controlUrl, redis: redis.orSkip(skip).url };
    writePack(path.join(folder, "pack"), { slug, agents: 2 });
    const sql = (statement: string): Promise<string> => server.sql(database.name, statement);

    let leader = await start("first", urls);
    await waitFor(
      () => leader.lines,
      (lines) => lines.some((line) => line.includes("this orchestrator leads")),
      30_000,
    );
    let other = await start("second", urls);
    await waitFor(
      () => other.lines,
      (lines) => lines.some((line) => line.includes("another orchestrator leads")),
      30_000,
    );
    expect(other.engine.changes).toEqual([]);

    for (let round = 1; round <= rounds; round += 1) {
      await waitFor(
        async () => (await ours()).filter((item) => item.State === "running").length,
        (count) => count === 2,
        30_000,
      );
      // Stopped at the moment at which it asks the engine for the next container: nothing of what follows has happened yet.
      const stopped = new Promise<void>((resolve) => {
        leader.engine.onChange = ({ path: target }) => {
          if (!target.includes("/containers/create")) return;
          leader.engine.onChange = () => undefined;
          leader.child.kill("SIGSTOP");
          resolve();
        };
      });
      const victim = (await ours()).find((item) => item.Names[0]!.endsWith("-dao"))!;
      await docker.getContainer(victim.Id).kill({ signal: "SIGKILL" });
      await stopped;
      const stoppedAt = performance.now();
      const before = said(other, "this orchestrator leads");
      await waitFor(
        () => said(other, "this orchestrator leads"),
        (count) => count > before,
        20_000,
      );
      // The gap without a leader: at most two leases.
      expect(performance.now() - stoppedAt).toBeLessThan(2 * leaseMs + 5_000);
      await waitFor(
        async () =>
          (await ours())
            .filter((item) => item.State === "running")
            .map((item) => `${item.Names[0]} ${item.Labels["aito.epoch"]}`),
        (list) => list.length === 2,
        20_000,
      );
      const standing = (await ours()).map((item) => item.Id).toSorted();
      expect(await stateOf(leader.child.pid!)).toBe("T");
      const changesBefore = leader.engine.changes.length;
      const lostBefore = said(leader, "lost its term") + said(leader, "does not lead the company any more");

      leader.child.kill("SIGCONT");
      await waitFor(
        () => said(leader, "lost its term") + said(leader, "does not lead the company any more"),
        (count) => count > lostBefore,
        15_000,
      );
      // Some renewals of the one who leads later it has still asked for no change.
      const renewed = `select renewed_at > timestamptz '${new Date().toISOString()}' + interval '2 s' from terms`;
      await waitFor(
        () => sql(renewed),
        (text) => text.trim() === "t",
        15_000,
      );
      expect(leader.engine.changes.slice(changesBefore)).toEqual([]);
      expect((await ours()).map((item) => item.Id).toSorted()).toEqual(standing);
      [leader, other] = [other, leader];
    }
    for (const { child } of running) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
  },
);
