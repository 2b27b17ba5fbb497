import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { companyUnderTest, type CompanyUnderTest } from "../src/company-under-test.ts";
import { waitFor } from "../src/wait-for.ts";

const run = promisify(execFile);
const docker = async (...args: string[]): Promise<string> =>
  (await run("docker", args, { maxBuffer: 16 * 1024 * 1024 })).stdout.trim();
/** Of this run alone: what a run left behind that was killed is in nobody's way. */
const slug = `claude-code-story-${process.pid}`;

interface Task {
  id: string;
  title: string;
  status: string;
  result: { summary: string; text: string | null; patch?: string | null } | null;
}
interface Receipt {
  environment: string[];
  arguments: string[];
}

/** The real CLI in a real worker's container; only the model is the scripted one. */
let company: CompanyUnderTest;
let workspaces: string;
const seen: Receipt[] = [];

beforeAll(async () => {
  workspaces = mkdtempSync(join(tmpdir(), "aito-workspaces-"));
  // The gateway reads it as nobody.
  chmodSync(workspaces, 0o755);
  mkdirSync(join(workspaces, "site/content"), { recursive: true });
  writeFileSync(join(workspaces, "site/content/about.md"), "# About us\n");
  company = await companyUnderTest(slug, { AITO_WORKSPACES_DIR: workspaces });
  const fleet = join(company.pack, "fleet.yaml");
  const text = readFileSync(fleet, "utf8").replace(
    "content-writer: { profile: content-writer.md, timeLimitSeconds: 900 }",
    "content-writer: { profile: content-writer.md, timeLimitSeconds: 900, executor: claude-code, workspace: site }",
  );
  if (!text.includes("claude-code")) throw new Error("the pack names its writer in another way now");
  writeFileSync(fleet, text);
  await company.json(["up", "--engine", "docker", "--detach", "--fleet", company.pack], 900_000);
}, 960_000);
afterAll(async () => {
  await company.run(["down", "--volumes", "--yes"], 120_000);
  company.remove();
  rmSync(workspaces, { recursive: true, force: true });
}, 180_000);

/** What the CLI's process was started with, seen from outside its container. */
async function lookAtClaude(): Promise<void> {
  const ids = (
    await docker("ps", "--quiet", "--filter", `label=aito.company=${slug}`, "--filter", "label=aito.kind=worker")
  ).split("\n");
  for (const id of ids.filter(Boolean)) {
    const list = await docker("top", id, "-eo", "pid,args").catch(() => "");
    const pid = /^\s*(\d+)\s+\/opt\/claude\/claude/m.exec(list)?.[1];
    if (!pid) continue;
    const read = (file: string): string[] => readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0").filter(Boolean);
    try {
      seen.push({ environment: read("environ"), arguments: read("cmdline") });
    } catch {
      // It ended meanwhile.
    }
  }
}

test("T07 Q01 a worker runs its task with Claude Code, netless, through the gateway, and hands its workspace back as a patch", async () => {
  const proposal = await company.json<{ id: string }>([
    "propose",
    "--by",
    "cmo",
    "--type",
    "minor",
    "--usd",
    "50",
    "--title",
    "An announcement for members",
    "--task-title",
    "Write the announcement",
    "--worker",
    "content-writer",
  ]);
  expect(proposal.id).toBeTruthy();
  // By itself, for the CLI lives for seconds only, and asking for the task takes one of them on a slow machine.
  let isOver = false;
  const looking = (async () => {
    while (!isOver) await lookAtClaude();
  })();
  const task = await waitFor(
    async () => (await company.json<Task[]>(["tasks"])).find((each) => each.title === "Write the announcement"),
    (found) => found?.status === "done" || found?.status === "failed",
    120_000,
  ).finally(() => (isOver = true));
  await looking;
  expect(task).toMatchObject({ status: "done" });
  const { patch } = task!.result!;
  expect(patch).toContain("+++ b/write-the-announcement.md");
  execFileSync("git", ["apply", "-"], { cwd: join(workspaces, "site"), input: patch! });
  expect(readFileSync(join(workspaces, "site/write-the-announcement.md"), "utf8").length).toBeGreaterThan(200);
  expect(readFileSync(join(workspaces, "site/content/about.md"), "utf8")).toBe("# About us\n");
});

test("T07 neither the CLI's environment nor its arguments hold a session or key", () => {
  expect(seen.length).toBeGreaterThan(0);
  for (const { environment, arguments: args } of seen) {
    expect(environment).toContain("ANTHROPIC_AUTH_TOKEN=added-by-the-bridge");
    expect([...environment, ...args].join("\n")).not.toMatch(/aito_(run|ses|red|op|key)_|sk-ant/);
  }
});

test("Q01 S05 a laptop's Claude Code, with nothing but a key and its base URL, gets its answers through the console", async () => {
  const made = await company.json<{ key: string; baseUrl: string }>(["keys", "create", "--name", "laptop", "--budget-usd", "1"]);
  const environment = {
    HOME: "/tmp",
    ANTHROPIC_BASE_URL: made.baseUrl,
    ANTHROPIC_AUTH_TOKEN: made.key,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
  };
  const variables = Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const image = `aito-claude-code:${process.env["AITO_TAG"] ?? "latest"}`;
  const place = ["--rm", "--network=host", "--memory=768m", "--tmpfs=/tmp:exec", `--label=aito.company=${slug}`, ...variables];
  const asked = ["--print", "--output-format=json", "--model=claude-haiku-5-5", "Say hello"];
  const out = await docker("run", ...place, "--entrypoint=/opt/claude/claude", image, ...asked);
  expect(JSON.parse(out)).toMatchObject({ is_error: false, result: expect.stringContaining("REHEARSAL") });
  const costs = await waitFor(
    () => company.json<{ name: string; calls: number; failedCalls: number }[]>(["costs", "--by", "key"]),
    (rows) => rows.length > 0,
    30_000,
  );
  expect(costs).toMatchObject([{ name: "laptop", failedCalls: 0 }]);
}, 180_000);
