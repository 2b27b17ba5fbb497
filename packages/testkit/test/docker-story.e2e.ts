import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { verifyWebhook } from "@aito/connectors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { companyUnderTest, type CompanyUnderTest, waitFor } from "../src/index.ts";
import { tellChange } from "./story/change-story.ts";
import { tellStory } from "./story/story.ts";

/** Of this run alone: what a run left behind that was killed is in nobody's way. */
const slug = `story-${process.pid}`;
const secret = "the receiver's half of the secret";
const run = promisify(execFile);
const docker = async (...args: string[]): Promise<string[]> => {
  const { stdout } = await run("docker", args, { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 });
  return stdout.split("\n").filter(Boolean);
};
const labelled = (...more: string[]): Promise<string[]> =>
  docker(
    "ps",
    "-a",
    "--quiet",
    "--filter",
    `label=aito.company=${slug}`,
    ...more.flatMap((label) => ["--filter", `label=${label}`]),
  );

const engineAnswers = await docker("version", "--format", "{{.Server.Version}}").then(
  () => true,
  () => false,
);

/** Prints what it receives as JSON lines: a container of the company's own egress network, the only one that the gateway can leave by. */
const receiverProgram = `require("node:http").createServer((q, r) => {
  let body = ""; q.on("data", (c) => body += c); q.on("end", () => { console.log(JSON.stringify({ headers: q.headers, body })); r.writeHead(204).end(); });
}).listen(9000)`;

const readAnchors =
  "process.stdout.write(fs.existsSync(process.env.AITO_ANCHORS) ? fs.readFileSync(process.env.AITO_ANCHORS) : '')";
/** Asks the rehearsal's GitHub for a pull request, in its own container: nothing else but the gateway reaches it. */
const readPull = `fetch("http://127.0.0.1:8091/repos/" + process.argv[1], { headers: {
  authorization: "Bearer " + fs.readFileSync("/secrets/github-token", "utf8") } }).then((r) => r.text()).then(console.log)`;
const ownerSql = 'psql --username=aito --dbname=aito --quiet --set=ON_ERROR_STOP=1 --command="$1"';

describe.runIf(engineAnswers)("the story, in containers", () => {
  let company: CompanyUnderTest;
  let up: unknown;
  let receiver: string;
  /** What the engine did with workers' containers, heard as it happens: asked for afterwards, it remembers its last 256 events only. */
  const workerEvents: string[] = [];
  let listening: ChildProcess;

  beforeAll(async () => {
    const filters = ["type=container", `label=aito.company=${slug}`, "label=aito.kind=worker"];
    const args = ["events", "--format", "{{.Action}}", ...filters.flatMap((filter) => ["--filter", filter])];
    listening = spawn("docker", args, { stdio: ["ignore", "pipe", "inherit"] });
    listening.stdout!.on("data", (text: Buffer) => workerEvents.push(...text.toString().split("\n").filter(Boolean)));
    company = await companyUnderTest(slug, { AITO_WEBHOOK_URL: "http://receiver:9000/notices", AITO_WEBHOOK_SECRET: secret });
    up = await company.json(["up", "--engine", "docker", "--detach", "--fleet", company.pack], 900_000);
    [receiver = ""] = await docker(
      "run",
      "--detach",
      "--rm",
      "--network",
      `aito-${slug}_egress`,
      "--network-alias",
      "receiver",
      "--entrypoint",
      "node",
      `aito-agent:${process.env["AITO_TAG"] ?? "latest"}`,
      "-e",
      receiverProgram,
    );
  }, 960_000);
  afterAll(async () => {
    listening.kill();
    if (receiver) await docker("rm", "--force", receiver).catch(() => []);
    await company.run(["down", "--volumes", "--yes"], 120_000);
    company.remove();
  }, 180_000);

  test("O17 `up --detach --json` ends with the documented line", () => {
    expect(up).toEqual({ console: `http://127.0.0.1:${company.port}`, engine: "docker", model: "REHEARSAL" });
  });

  test("O02 O10 S15 each agent is a container with the seed's environment and no network", async () => {
    const ids = await labelled("aito.kind=agent");
    expect(ids).toHaveLength(7);
    const inspected = JSON.parse((await docker("inspect", ...ids)).join("\n")) as {
      Config: { Env: string[]; Image: string; User: string };
      HostConfig: {
        NetworkMode: string;
        ReadonlyRootfs: boolean;
        CapDrop: string[];
        Binds: string[] | null;
        Privileged: boolean;
      };
      Mounts: { Destination: string; RW: boolean; Type: string }[];
    }[];
    for (const { Config, HostConfig, Mounts } of inspected) {
      const names = Config.Env.map((entry) => entry.split("=")[0]);
      expect(names).toEqual(
        expect.arrayContaining(["AGENT_TYPE", "AGENT_PROFILE", "LOOP_INTERVAL", "CLAUDE_MODEL", "DEPARTMENT"]),
      );
      expect(Config.Image).toMatch(/^(aito-agent|sha256:)/);
      expect(HostConfig).toMatchObject({ NetworkMode: "none", ReadonlyRootfs: true, CapDrop: ["ALL"], Privileged: false });
      expect(Mounts.map(({ Destination, RW, Type }) => ({ Destination, RW, Type }))).toEqual([
        { Destination: "/link", RW: false, Type: "volume" },
      ]);
      expect(JSON.stringify(Config)).not.toMatch(/aito_(run|ses)_|sk-/);
    }
  });

  tellStory(() => ({
    company,
    noticed: async () => {
      const { stdout } = await run("docker", ["logs", receiver]);
      const notices = stdout
        .split("\n")
        .filter(Boolean)
        .map((text) => JSON.parse(text) as { headers: Record<string, string>; body: string });
      return (
        notices
          .filter(({ headers, body }) => {
            const now = new Date(Number(headers["x-aito-timestamp"]) * 1_000);
            return verifyWebhook({ secret, headers, body, now });
          })
          // Approvals and alerts are told there, too; the story asks about decisions.
          .flatMap(({ body }) => (JSON.parse(body) as { decision?: { id: string } }).decision?.id ?? [])
      );
    },
  }));

  tellChange(() => ({
    company,
    mergedAs: async (repository, number) => {
      const [answer = ""] = await docker(
        "exec",
        `aito-${slug}-rehearsal-1`,
        "node",
        "-e",
        readPull,
        `${repository}/pulls/${number}`,
      );
      const pull = JSON.parse(answer) as { merged: boolean; merge_commit_sha: string };
      return pull.merged ? pull.merge_commit_sha : null;
    },
  }));

  test("A13 worker containers came and went, seen by the engine", async () => {
    await waitFor(
      () => labelled("aito.kind=worker"),
      (ids) => ids.length === 0,
      30_000,
    );
    const count = (action: string): number => workerEvents.filter((each) => each === action).length;
    await waitFor(
      () => [count("create"), count("start"), count("destroy")] as const,
      ([created, started, destroyed]) => created > 0 && started > 0 && created === destroyed,
      30_000,
    );
  });

  test("O04 O06 a killed CEO is back with the next epoch", async () => {
    const epochOf = async (): Promise<{ epoch: number; status: string }> => {
      const { agents } = await company.json<{ agents: { role: string; epoch: number; status: string }[] }>(["status"]);
      return agents.find((agent) => agent.role === "ceo")!;
    };
    const before = await epochOf();
    const [ceo] = await labelled("aito.agent=ceo");
    await docker("kill", "--signal", "KILL", ceo!);
    await waitFor(epochOf, (seen) => seen.epoch === before.epoch + 1 && seen.status === "active", 10_000);
    expect(await labelled("aito.agent=ceo")).toHaveLength(1);
  });

  test("O05 a restarted orchestrator adopts the agents that run", async () => {
    const before = (await labelled("aito.kind=agent")).toSorted();
    await docker("restart", "--time", "5", `aito-${slug}-orchestrator-1`);
    await waitFor(
      () => company.json<{ agents: { status: string; kind: string }[] }>(["status"]),
      (seen) => seen.agents.every((agent) => agent.status === "active"),
      20_000,
    );
    expect((await labelled("aito.kind=agent")).toSorted()).toEqual(before);
  });

  describe("Y14 the history, anchored outside Postgres", () => {
    interface Verified {
      ok: boolean;
      count: number;
      head: string | null;
    }
    /** As the console sees the volume: it can read it and cannot write. */
    const anchorsText = async (): Promise<string> =>
      (await docker("exec", `aito-${slug}-console-1`, "node", "-e", readAnchors)).join("\n");
    const anchored = async (): Promise<number[]> =>
      (await anchorsText())
        .split("\n")
        .filter(Boolean)
        .map((each) => Number((JSON.parse(each) as { count: string }).count));
    const verify = async (): Promise<{ code: number; err: string; report: Verified }> => {
      const { code, stdout, stderr } = await company.run(["events", "verify", "--json"], 120_000);
      return { code, err: stderr, report: JSON.parse(stdout) as Verified };
    };
    /** The owner of the table, with its triggers off: it can do everything but write the anchors. */
    const asOwner = (statement: string): Promise<string[]> =>
      docker(
        "exec",
        `aito-${slug}-postgres-1`,
        "sh",
        "-c",
        ownerSql,
        "sh",
        `set session_replication_role = replica; ${statement}`,
      );

    test("the orchestrator writes the anchors, the console reads them and cannot write", async () => {
      await waitFor(anchored, (counts) => counts.length > 0, 90_000);
      expect((await anchored())[0]).toBeGreaterThan(0);
      expect(await verify()).toMatchObject({ code: 0, report: { ok: true } });
      const write = docker("exec", `aito-${slug}-console-1`, "node", "-e", "fs.appendFileSync(process.env.AITO_ANCHORS, 'x')");
      await expect(write).rejects.toThrow(/EROFS|EACCES|read-only/i);
    }, 120_000);

    test("a row that the table's owner edits is found, and an export is checked apart from the company", async () => {
      const file = join(company.folder, "history.ndjson");
      const anchors = join(company.folder, "anchors.ndjson");
      await company.json(["events", "export", "--file", file]);
      writeFileSync(anchors, await anchorsText());
      const apart = (): ReturnType<typeof company.run> => company.run(["events", "verify", "--file", file, "--anchors", anchors]);
      expect(await apart()).toMatchObject({ code: 0, stdout: expect.stringContaining("the chain is whole") });
      const change = (from: string, to: string): Promise<string[]> =>
        asOwner(`update events set body = replace(body, '"source":"${from}"', '"source":"${to}"') where seq = 1`);
      await change("system", "nobody");
      expect(await verify()).toMatchObject({ code: 1, err: expect.stringContaining("event 1 "), report: { ok: false } });
      await change("nobody", "system");
      expect(await verify()).toMatchObject({ code: 0, report: { ok: true } });
      writeFileSync(file, readFileSync(file, "utf8").replace("system", "nobody"));
      expect(await apart()).toMatchObject({ code: 1, stderr: expect.stringContaining("the chain is broken") });
    }, 120_000);

    test("a tail that the table's owner cuts is found against the anchors", async () => {
      const last = (await anchored()).at(-1)!;
      await asOwner(`delete from events where seq is null or seq >= ${last - 5}`);
      const { code, report, err } = await verify();
      expect({ code, ok: report.ok }).toEqual({ code: 1, ok: false });
      expect(err).toMatch(/the end is cut off|is not the one that stood there|has events|step \d+ is missing/);
    }, 60_000);
  });

  test("O01 `down` leaves nothing labelled behind", async () => {
    await docker("rm", "--force", receiver);
    receiver = "";
    expect((await company.run(["down"], 120_000)).code).toBe(0);
    expect(await labelled()).toEqual([]);
    expect(await docker("network", "ls", "--quiet", "--filter", `label=aito.company=${slug}`)).toEqual([]);
    expect(await docker("volume", "ls", "--quiet", "--filter", `label=aito.company=${slug}`)).toEqual([]);
  });
});
