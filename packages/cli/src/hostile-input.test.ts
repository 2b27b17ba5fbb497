import { createServer } from "node:http";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readInstance, writeInstance } from "./instance.ts";
import { inRepository } from "./repository.ts";
import { aito, fakeConsole, folderFor } from "./testing/fake-console.ts";
import { decision, event, status } from "./testing/samples.ts";
import { visible } from "./terminal.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

const key = "sk-ant-wrong-0123456789abcdef";

/** A model that answers every request with one status, and what it was asked. */
async function model(answer: number): Promise<{ url: string; seen: { path: string; key: unknown }[] }> {
  const seen: { path: string; key: unknown }[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url!, key: request.headers["x-api-key"] });
    response.writeHead(answer, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(async () => {
    server.close();
    await once(server, "close");
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** The first `up` loads the whole company's code, which takes long where much else runs. */
const startsMsMax = 120_000;
const newFolder = (): string => join(mkdtempSync(join(tmpdir(), "aito-cli-")), ".aito");

test(
  "O13 a refused model key stops `up` before anything starts, and is in no output",
  async () => {
    const { url, seen } = await model(401);
    const folder = newFolder();
    const env = { ANTHROPIC_API_KEY: key, AITO_MODEL_URL: url };
    const ran = await aito(["up", "--engine", "embedded", "--port", "0", "--detach", "--folder", folder], { env });
    expect(ran.code).toBe(77);
    expect(ran.err).toMatch(/refuses the key in ANTHROPIC_API_KEY/);
    expect(ran.out + ran.err).not.toContain(key);
    expect(seen).toEqual([{ path: "/v1/messages", key }]);
    expect(existsSync(join(folder, "db"))).toBe(false);
  },
  startsMsMax,
);

test("a model's address that is none is refused by the setting's name", async () => {
  const env = { ANTHROPIC_API_KEY: key, AITO_MODEL_URL: "nowhere" };
  const ran = await aito(["up", "--engine", "embedded", "--port", "0", "--detach", "--folder", newFolder()], { env });
  expect(ran).toMatchObject({ code: 78, err: expect.stringMatching(/AITO_MODEL_URL is not an http address: "nowhere"/) });
});

test("doctor finds a refused key, and a model that failed the newest run", async () => {
  const { url } = await model(401);
  const failed = event({ type: "agent.run.failed", source: "ceo", payload: { summary: "failed: 401 invalid x-api-key" } });
  const console_ = await fakeConsole({
    "GET /api/v1/status": status,
    "GET /api/v1/events": { items: [failed], next: null },
    "GET /api/v1/events/verify": { ok: true, count: 1, head: "abc", problem: null },
    "POST /api/v1/login-links": { url: "http://127.0.0.1:7700/login/aito_login_x" },
  });
  open.push(() => console_.close());
  const env = { ANTHROPIC_API_KEY: key, AITO_MODEL_URL: url, DOCKER_HOST: "unix:///nowhere.sock" };
  const ran = await aito(["doctor", "--json", "--folder", folderFor(console_.url)], { env });
  const findings = JSON.parse(ran.out) as { check: string; ok: boolean | null; detail: string }[];
  expect(findings.find(({ check }) => check === "model key")).toMatchObject({ ok: false });
  expect(findings.find(({ check }) => check === "model")).toMatchObject({
    ok: false,
    detail: expect.stringContaining("401 invalid x-api-key"),
  });
  expect(ran.code).toBe(1);
});

test("another company's pack is refused in a folder that holds one", async () => {
  const folder = folderFor(null);
  writeInstance(folder, { ...readInstance(folder)!, company: "aito-other" });
  const ran = await aito(["up", "--engine", "embedded", "--port", "0", "--detach", "--folder", folder]);
  expect(ran).toMatchObject({
    code: 78,
    err: expect.stringMatching(/holds the company "aito-other", but this pack is of "aito"\n.*--fleet/),
  });
});

test("an empty folder name is refused, and an empty setting is as none", async () => {
  expect(await aito(["up", "--folder", ""])).toMatchObject({ code: 2, err: expect.stringMatching(/--folder names no folder/) });
  const cwd = mkdtempSync(join(tmpdir(), "aito-cwd-"));
  const ran = await aito(["status"], { env: { AITO_FOLDER: "", AITO_URL: "" }, cwd });
  expect(ran).toMatchObject({ code: 69, err: expect.stringContaining(join(cwd, ".aito")) });
});

test("text of agents cannot steer the terminal", async () => {
  const title = "clean\u001b[2J\u001b]0;owned\u0007 \u009b31m \u202egnp.exe\rAPPROVED";
  const console_ = await fakeConsole({ "GET /api/v1/decisions": { items: [{ ...decision, title }], next: null } });
  open.push(() => console_.close());
  const ran = await aito(["decisions", "--folder", folderFor(console_.url)]);
  expect(ran.code).toBe(0);
  expect(ran.out).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
  expect(ran.out).toContain("\\u{1b}");
  expect(visible("kept:\ttab\nline «ü» 日本語 🐕")).toBe("kept:\ttab\nline «ü» 日本語 🐕");
});

test("the mistakes of a pack are listed one a line", async () => {
  const pack = mkdtempSync(join(tmpdir(), "aito-pack-"));
  cpSync(inRepository("profiles/aito"), pack, { recursive: true });
  writeFileSync(join(pack, "cmo.md"), "");
  const ran = await aito(["up", "--engine", "embedded", "--fleet", pack, "--folder", newFolder()]);
  expect(ran.code).toBe(78);
  expect(ran.err).toMatch(
    /^aito: .*cmo\.md:1: expected the section "## Identity".*\n {6}.*cmo\.md:1: expected the section "## Mission"/m,
  );
});

test("--detach is stronger than --attach, and a wrong flag points at the command's own help", async () => {
  const both = await aito(["up", "--attach", "--detach", "--fleet", "/nowhere"]);
  expect(both).toMatchObject({ code: 78, err: expect.stringMatching(/no fleet file/) });
  expect((await aito(["agents", "show"])).err).toContain("(see: aito agents show --help)");
  expect((await aito(["tasks", "--help"])).out).toContain("aito tasks list --help");
});
