import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { silentLogger } from "@aito/base";
import fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mountMcp } from "../../src/mcp/mount-mcp.ts";
import { openGateway, type TestGateway } from "../open-gateway.ts";
import { conformanceServer } from "./conformance-server.ts";
import { type TcpFront, tcpFront } from "./tcp-front.ts";

const here = import.meta.dirname;

interface Ended {
  code: number;
  output: string;
}

/** Runs a package's command under this Node, which needs no network but 127.0.0.1. */
const run = (program: string, args: string[]): Promise<Ended> =>
  new Promise((done) => {
    execFile(process.execPath, [program, ...args], { timeout: 250_000, maxBuffer: 32 << 20 }, (error, out, err) =>
      done({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, output: `${out}\n${err}` }),
    );
  });
const suite = fileURLToPath(import.meta.resolve("@modelcontextprotocol/conformance/dist/index.js"));
const inspector = fileURLToPath(import.meta.resolve("@modelcontextprotocol/inspector/clients/launcher/build/index.js"));

describe("the public conformance suite, through the gateway's own mount", () => {
  let app: FastifyInstance;
  let url: string;
  beforeAll(async () => {
    app = fastify({ logger: false, forceCloseConnections: true });
    mountMcp(app, { log: silentLogger, authenticate: async () => undefined, serverFor: async () => conformanceServer() });
    await app.listen({ host: "127.0.0.1", port: 0 });
    url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/mcp`;
  });
  afterAll(() => app.close());

  test.each([
    ["2026-07-28", []],
    ["2025-11-25", ["--expected-failures", `${here}/expected-failures-2025-11-25.yaml`]],
  ])(
    "X12 every required server scenario of %s",
    async (revision, expected) => {
      const { code, output } = await run(suite, ["server", "--url", url, "--requirements", revision, ...expected]);
      const lines = output.split("\n").filter((line) => /^[✓✗] /.test(line));
      process.stderr.write(
        `MCP ${revision}: ${lines.filter((line) => line.startsWith("✓")).length} of ${lines.length} scenarios run pass\n`,
      );
      expect(lines.length).toBeGreaterThan(29);
      expect({ code, output: code === 0 ? "" : output.slice(-6_000) }).toEqual({ code: 0, output: "" });
    },
    280_000,
  );
});

describe("the gateway with its own tools", () => {
  let it: TestGateway;
  let front: TcpFront;
  beforeAll(async () => {
    it = await openGateway();
    front = await tcpFront(it.socketPath, (await it.enter("cmo")).session);
  });
  afterAll(async () => {
    await front.close();
    await it.close();
  });

  test.each([
    ["tools-list", "2026-07-28"],
    ["http-header-validation", "2026-07-28"],
    ["dns-rebinding-protection", "2026-07-28"],
    ["server-initialize", "2025-11-25"],
    ["ping", "2025-11-25"],
    ["tools-list", "2025-11-25"],
    ["dns-rebinding-protection", "2025-11-25"],
  ])("X12 %s of %s", async (scenario, revision) => {
    const folder = await mkdtemp(join(tmpdir(), "aito-mcp-"));
    const { output } = await run(suite, [
      "server",
      "--url",
      front.url,
      "--scenario",
      scenario,
      "--spec-version",
      revision,
      "-o",
      folder,
    ]);
    const [file] = globSync("**/checks.json", { cwd: folder });
    expect(file, output.slice(-2_000)).toBeDefined();
    const checks = JSON.parse(await readFile(join(folder, file!), "utf8")) as {
      id: string;
      status: string;
      errorMessage?: string;
    }[];
    await rm(folder, { recursive: true });
    expect(checks.filter(({ status }) => status === "SUCCESS").length).toBeGreaterThan(0);
    expect(checks.filter(({ status }) => status === "FAILURE")).toEqual([]);
  });

  test("X12 the MCP Inspector's command line lists and calls the tools, and finds nothing wrong with their schemas", async () => {
    const base = ["--cli", front.url, "--transport", "http"];
    const listed = await run(inspector, [...base, "--method", "tools/list", "--strict"]);
    expect(listed).toMatchObject({ code: 0, output: expect.stringContaining('"propose_decision"') });
    const call = ["--method", "tools/call", "--tool-name", "save_state", "--tool-arg", "key=colour", "value=blue"];
    expect(await run(inspector, [...base, ...call])).toMatchObject({ code: 0, output: expect.stringContaining("receipt") });
  });
});
