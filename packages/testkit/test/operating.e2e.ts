import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { companyUnderTest, type CompanyUnderTest, waitFor } from "../src/index.ts";
import { ownSecrets, shown, visiblePlaces } from "./story/find-secrets.ts";

/** Of this run alone: what a run left behind that was killed is in nobody's way. */
const slug = `operate-${process.pid}`;
const tag = process.env["AITO_TAG"] ?? "latest";
const next = `${tag}-next`;
const run = promisify(execFile);
const docker = async (...args: string[]): Promise<string[]> => {
  const { stdout } = await run("docker", args, { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 });
  return stdout.split("\n").filter(Boolean);
};
const engineAnswers = await docker("version", "--format", "{{.Server.Version}}").then(
  () => true,
  () => false,
);

interface Status {
  agents: {
    role: string;
    kind: string;
    status: string;
    epoch: number;
    containerId: string | null;
    statusReason: string | null;
  }[];
  switches: { label: string }[];
}
interface Chain {
  ok: boolean;
  count: number;
}

const images = ["orchestrator", "gateway", "console", "rehearsal", "postgres", "redis", "agent", "worker"];
const extra = "0900_upgrade_test";

/** The next version: the same programs under another tag, with one migration more. */
async function makeNextVersion(folder: string): Promise<void> {
  for (const name of images) await docker("tag", `aito-${name}:${tag}`, `aito-${name}:${next}`);
  writeFileSync(join(folder, `${extra}.sql`), "-- Up Migration\nALTER TABLE ideas ADD COLUMN upgrade_test integer;\n");
  writeFileSync(join(folder, "Dockerfile"), `FROM aito-orchestrator:${tag}\nCOPY ${extra}.sql /app/migrations/\n`);
  await docker("build", "--quiet", "--tag", `aito-orchestrator:${next}`, folder);
}

/** The operator's own secrets, and where nobody answers: the ways of errors are walked too. */
const canary = (kind: string): string => `canary-${kind}-${randomBytes(18).toString("base64url")}`;
const operators = {
  "provider key": canary("provider"),
  "webhook secret": canary("webhook"),
  "SMTP password": canary("smtp"),
  "Telegram token": `4242:${canary("telegram")}`,
};
const planted = {
  AITO_UPSTREAM_KEYS: `spare=${operators["provider key"]}`,
  AITO_WEBHOOK_URL: "http://192.0.2.1:9/notices",
  AITO_WEBHOOK_SECRET: operators["webhook secret"],
  AITO_SMTP_URL: `smtp://aito:${operators["SMTP password"]}@192.0.2.1:9`,
  AITO_MAIL_FROM: "aito@example.org",
  AITO_MAIL_TO: "operator@example.org",
  AITO_TELEGRAM_TOKEN: operators["Telegram token"],
  AITO_TELEGRAM_CHAT: "1",
  AITO_TELEGRAM_URL: "http://192.0.2.1:9",
};

describe.runIf(engineAnswers)("operating a company in containers", () => {
  const folder = mkdtempSync(join(tmpdir(), "aito-operating-"));
  const backup = join(folder, "company.aito-backup");
  let company: CompanyUnderTest;
  let newer: CompanyUnderTest;
  const up = (as: CompanyUnderTest): Promise<unknown> =>
    as.json(["up", "--engine", "docker", "--detach", "--fleet", as.pack], 600_000);
  const status = (): Promise<Status> => company.json<Status>(["status"]);
  const standing = async (): Promise<Status["agents"]> => (await status()).agents.filter((agent) => agent.kind === "agent");
  const active = async (): Promise<number> => (await standing()).filter((agent) => agent.status === "active").length;
  const service = async (name: string): Promise<string> =>
    (
      await docker(
        "ps",
        "--quiet",
        "--no-trunc",
        "--filter",
        `label=aito.company=${slug}`,
        "--filter",
        `label=com.docker.compose.service=${name}`,
      )
    )[0] ?? "";

  const psql = async (statement: string): Promise<string[]> =>
    await docker("exec", await service("postgres"), "psql", "-U", "aito", "-Atqc", statement);
  /** Who is connected over the network. */
  const logins = (): Promise<string[]> =>
    psql("select distinct usename from pg_stat_activity where client_addr is not null order by 1");
  /** Takes the company back to where every program had the owner's login and nobody could log in as another. */
  const asBeforeTheLogin = async (): Promise<void> => {
    const volume = (name: string): string[] => ["--volume", `aito-${slug}_secrets-${name}:/v/${name}`];
    const volumes = ["postgres", "owner", "orchestrator", "gateway", "console"].flatMap(volume);
    const script = `rm /v/owner/*; for program in orchestrator gateway console; do
      printf 'postgres://aito:%s@postgres:5432/aito' "$(cat /v/postgres/password)" > /v/$program/postgres-url; done`;
    await docker("run", "--rm", ...volumes, "--entrypoint", "sh", `aito-postgres:${tag}`, "-c", script);
    for (const name of ["orchestrator", "gateway", "console"]) await docker("restart", await service(name));
    await waitFor(logins, (seen) => seen.join() === "aito", 60_000);
    await psql("alter role aito_control nologin password null");
  };

  beforeAll(async () => {
    company = await companyUnderTest(slug, planted);
    const fleet = join(company.pack, "fleet.yaml");
    writeFileSync(fleet, `${readFileSync(fleet, "utf8")}\nrecording: { days: 1, megabytes: 5 }\n`);
    newer = { ...company, ...(await asNewer(company)) };
    await up(company);
    await makeNextVersion(folder);
  }, 600_000);
  afterAll(async () => {
    await company.run(["down", "--volumes", "--yes"], 120_000);
    company.remove();
    for (const name of images) await docker("rmi", "--no-prune", `aito-${name}:${next}`).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }, 180_000);

  test("Y15 kill -9 of the orchestrator's container brings it back without the operator, and it adopts the agents", async () => {
    const before = await standing();
    const [pid = ""] = await docker("inspect", "--format", "{{.State.Pid}}", await service("orchestrator"));
    process.kill(Number(pid), "SIGKILL");
    await waitFor(
      async () => await docker("inspect", "--format", "{{.RestartCount}} {{.State.Running}}", await service("orchestrator")),
      ([line = ""]) => Number(line.split(" ")[0]) >= 1 && line.endsWith("true"),
      30_000,
    );
    // It works again: what it alone does gets done.
    await company.json(["agents", "restart", "cco"]);
    await waitFor(
      standing,
      (agents) => agents.some((agent) => agent.role === "cco" && agent.status === "active" && agent.epoch > 1),
      60_000,
    );
    const after = await standing();
    for (const agent of before.filter((each) => each.role !== "cco")) {
      expect(after.find((each) => each.role === agent.role)).toMatchObject({
        epoch: agent.epoch,
        containerId: agent.containerId,
      });
    }
  });

  test("S04 I9 no secret shows anywhere: logs, engine, processes, pages, answers, errors, Redis, database, recordings", async () => {
    const base = `http://127.0.0.1:${company.port}`;
    const last = (url: string): string => url.split("/").at(-1)!;
    const own = await ownSecrets(company);
    const key = (await company.json<{ key: string }>(["keys", "create", "--name", "canary", "--budget-usd", "1"])).key;
    // A link that was used, the session that came of it, and a link that waits.
    const { url } = await company.json<{ url: string }>(["login"]);
    const signedIn = await fetch(url, { method: "POST", headers: { origin: base }, redirect: "manual" });
    const session = /=([^;]{20,});/.exec(signedIn.headers.get("set-cookie") ?? "")![1]!;
    const waiting = (await company.json<{ url: string }>(["login"])).url;
    // A form, and notices of it that nobody takes.
    await company.json(["propose", "--by", "cmo", "--type", "major", "--usd", "5000", "--title", "Sponsor a meetup"]);
    const forms = await waitFor(
      async () => (await company.json<{ id: string; url: string | null }[]>(["escalations"])).filter((each) => each.url !== null),
      (found) => found.length > 0,
      120_000,
    );
    const headers = { authorization: `Bearer ${own["operator key"]}` };
    const detail = async (): Promise<string> =>
      await (await fetch(`${base}/api/v1/escalations/${forms[0]!.id}`, { headers })).text();
    await waitFor(detail, (text) => /"lastError":"[^"]+"/.test(text), 120_000);
    const secrets: Record<string, string> = {
      ...operators,
      ...own,
      "gateway key": key,
      "operator session": session,
      "used login link": last(url),
      "login link": last(waiting),
    };
    const places = [...(await visiblePlaces(company, own["operator key"]!)), { name: "an escalation", text: await detail() }];
    expect(
      places.filter(({ name, text }) => text === "" && /dump|Redis|logs aito-operate-\d+-(gateway|orch)/.test(name)),
    ).toEqual([]);
    expect(places.find(({ name }) => name === "database dump")!.text).toContain("COPY public.sessions");
    expect(places.find(({ name }) => name === "recordings")!.text).toContain("messages");
    expect(Object.values(secrets).filter((secret) => secret.length < 20)).toEqual([]);
    expect(shown(places, secrets)).toEqual([]);
    // The operator's own key is told working forms; nobody else is.
    const elsewhere = places.filter(({ name }) => !name.startsWith("GET /api/v1/escalations") && name !== "an escalation");
    expect(shown(elsewhere, Object.fromEntries(forms.map((form) => [`form ${form.id}`, last(form.url!)])))).toEqual([]);
    // What lives inside alone is known by its form only: run tokens, sessions, agents' passwords.
    expect(places.filter(({ text }) => /aito_(run|ses|red)_[\w-]{30,}/.test(text)).map(({ name }) => name)).toEqual([]);
    // And the search finds what is there.
    expect(shown([{ name: "a line", text: `x${key}y` }], secrets)).toEqual(["gateway key in a line"]);
  }, 300_000);

  test("S04 one port is published, on the loopback; from an unrelated network nothing of the company answers", async () => {
    const ids = await docker("ps", "--quiet", "--filter", `label=aito.company=${slug}`);
    const published = await docker(
      "inspect",
      "--format",
      "{{range $port, $to := .NetworkSettings.Ports}}{{range $to}}{{.HostIp}}:{{.HostPort}} {{end}}{{end}}",
      ...ids,
    );
    expect(published.map((line) => line.trim()).filter(Boolean)).toEqual([`127.0.0.1:${company.port}`]);
    const addresses = (
      await docker("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", ...ids)
    ).flatMap((line) => line.split(" ").filter(Boolean));
    expect(addresses.length).toBeGreaterThan(5);
    const network = `aito-${slug}-outside`;
    await docker("network", "create", "--label", `aito.company=${slug}`, network);
    try {
      const [gateway = ""] = await docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", network);
      const targets = [
        ...addresses.flatMap((address) => [5432, 6379, 7700, 8080, 8081, 8090].map((port) => [address, port])),
        [gateway, company.port],
      ];
      const scan = `const net=require("node:net");const seen=[];Promise.all(${JSON.stringify(targets)}.map(([h,p])=>new Promise((r)=>{
        const s=net.connect({host:h,port:p});const end=(open)=>{if(open)seen.push(h+":"+p);s.destroy();r();};
        s.setTimeout(1500,()=>end(false));s.on("connect",()=>end(true));s.on("error",()=>end(false));}))).then(()=>console.log(JSON.stringify(seen)))`;
      const [found] = await docker("run", "--rm", "--network", network, "--entrypoint", "node", `aito-agent:${tag}`, "-e", scan);
      expect(JSON.parse(found!)).toEqual([]);
    } finally {
      await docker("network", "rm", network);
    }
    expect((await fetch(`http://127.0.0.1:${company.port}/healthz`)).status).toBe(200);
  });

  test("Y15 the programs log in as a role that owns nothing, and hold no way to the owner's login", async () => {
    expect(await logins()).toEqual(["aito_control"]);
    for (const name of ["orchestrator", "gateway", "console"]) {
      const [mounts] = await docker("inspect", "--format", "{{range .Mounts}}{{.Name}} {{end}}", await service(name));
      expect(mounts).toContain(`aito-${slug}_secrets-${name}`);
      expect(mounts).not.toMatch(/secrets-(owner|postgres)/);
      const read = "require('fs').readFileSync('/secrets/postgres-url','utf8')";
      expect((await docker("exec", await service(name), "node", "-p", `new URL(${read}).username`))[0]).toBe("aito_control");
    }
    const owner = await docker("ps", "--quiet", "--filter", `volume=aito-${slug}_secrets-owner`);
    expect(owner).toEqual([]);
  });

  test("D01 Y15 a newer version is brought up over a running one that knew no such login: migrated under it, programs replaced, agents go on", async () => {
    await asBeforeTheLogin();
    await waitFor(active, (count) => count === 7, 60_000);
    await company.run(["stop", "agent", "cfo", "--reason", "held over the upgrade"]);
    const before = await company.json<Chain>(["events", "verify"]);
    await up(newer);
    await waitFor(logins, (seen) => seen.join() === "aito_control", 30_000);
    await waitFor(active, (count) => count === 6, 60_000);
    const [image] = await docker("inspect", "--format", "{{.Config.Image}}", await service("console"));
    expect(image).toBe(`aito-console:${next}`);
    const [column] = await docker(
      "exec",
      await service("postgres"),
      "psql",
      "-U",
      "aito",
      "-At",
      "-c",
      "select count(*) from information_schema.columns where column_name = 'upgrade_test'",
    );
    expect(column).toBe("1");
    const after = await waitFor(
      () => company.json<Chain>(["events", "verify"]),
      (seen) => seen.count > before.count,
      30_000,
    );
    expect(after.ok).toBe(true);
    expect((await status()).switches.map((on) => on.label)).toEqual(["agent cfo"]);
    // And no way back by accident.
    const older = await company.run(["up", "--engine", "docker", "--detach", "--fleet", company.pack], 600_000);
    expect(older.code).not.toBe(0);
    expect(older.stderr).toMatch(new RegExp(`newer version.*${extra}`));
    await waitFor(active, (count) => count === 6, 60_000);
  });

  test("D01 an upgrade of the programs alone leaves the database and Redis running", async () => {
    await up(newer);
    const ids = async (): Promise<string[]> => [await service("postgres"), await service("redis"), await service("orchestrator")];
    const [postgres, redis, orchestrator] = await ids();
    await docker("build", "--quiet", "--label", "aito.test.version=newest", "--tag", `aito-orchestrator:${next}`, folder);
    await up(newer);
    expect(await ids()).toEqual([postgres, redis, expect.not.stringContaining(orchestrator!)]);
    await waitFor(active, (count) => count === 6, 60_000);
  });

  test("D01 a backup of the running company, restored into an empty installation: same history, higher epochs, switches on", async () => {
    await up(newer);
    const made = await company.json<{ file: string; keys: string }>(["backup", "--file", backup]);
    expect(statSync(made.file).mode & 0o777).toBe(0o600);
    expect(statSync(made.keys).mode & 0o777).toBe(0o600);
    const keys = JSON.parse(readFileSync(made.keys, "utf8")) as { link: string; receipt: string };
    for (const key of [keys.link, keys.receipt]) expect(readFileSync(made.file, "utf8")).not.toContain(key);
    const before = await company.json<Chain>(["events", "verify"]);
    expect(
      (await newer.run(["restore", "--engine", "docker", "--file", backup, "--fleet", company.pack], 120_000)).stderr,
    ).toMatch(/empty installation/);
    await company.run(["down", "--volumes", "--yes"], 120_000);
    const cut = join(folder, "cut");
    writeFileSync(cut, readFileSync(backup).subarray(0, -100));
    const refused = await newer.run(
      ["restore", "--engine", "docker", "--file", cut, "--keys", made.keys, "--fleet", company.pack],
      120_000,
    );
    expect(refused).toMatchObject({ code: 78, stderr: expect.stringContaining("cut off") });
    const restored = await newer.run(["restore", "--engine", "docker", "--file", backup, "--fleet", company.pack], 300_000);
    expect(restored.stderr + String(restored.code)).toMatch(/0$/);
    await up(newer);
    await waitFor(active, (count) => count === 6, 60_000);
    const seen = await standing();
    expect(seen.filter((agent) => agent.status === "active").every((agent) => agent.epoch > 100_000)).toBe(true);
    expect(seen.find((agent) => agent.role === "cfo")?.statusReason).toContain("held over the upgrade");
    const after = await company.json<Chain>(["events", "verify"]);
    expect(after.ok).toBe(true);
    expect(after.count).toBeGreaterThanOrEqual(before.count - 50);
  });
});

/** The same folder and port, run by the next version. */
async function asNewer(company: CompanyUnderTest): Promise<Pick<CompanyUnderTest, "run" | "json">> {
  const launcher = join(import.meta.dirname, "../../../scripts/aito");
  const env = { ...process.env, ANTHROPIC_API_KEY: "", AITO_PORT: String(company.port), AITO_TAG: next };
  const runNewer: CompanyUnderTest["run"] = (args, timeout = 60_000) =>
    new Promise((resolve) => {
      execFile(launcher, args, { cwd: company.folder, env, timeout, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
        resolve({ code: error ? (typeof error.code === "number" ? error.code : 1) : 0, stdout, stderr }),
      );
    });
  return await Promise.resolve({
    run: runNewer,
    json: async <T>(args: string[], timeout?: number): Promise<T> => {
      const result = await runNewer([...args, "--json"], timeout);
      if (result.code !== 0) throw new Error(`aito ${args.join(" ")} exited ${result.code}: ${result.stderr.slice(-4_000)}`);
      return JSON.parse(result.stdout.trimEnd().split("\n").at(-1)!) as T;
    },
  });
}
