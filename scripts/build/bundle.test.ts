import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "./bundle.ts";
import { images } from "./programs.ts";

const exitConfig = 78;
const bundledMsMax = 120_000;
const orchestrator = images.find(({ name }) => name === "orchestrator")!.bundles[0]!;
const made = mkdtempSync(join(tmpdir(), "aito-bundle-"));
const folder = join(made, "app");

beforeAll(async () => {
  await bundle(orchestrator, folder);
}, bundledMsMax);
afterAll(() => rmSync(made, { recursive: true, force: true }));

test("the orchestrator begins without what it never calls, and reads tracing only when it is asked for", () => {
  const main = readFileSync(join(folder, "main.mjs"), "utf8");
  const parts = readdirSync(join(folder, "parts")).map((file) => readFileSync(join(folder, "parts", file), "utf8"));
  // SSH and BuildKit of the engine's client, Postgres of the queues, the migrations' runner, a word of zod's Russian.
  const uncalled = [
    "SSH-2.0-",
    "grpc.max_receive",
    "createPostgresBackend",
    "jiti",
    "\\u0441\\u0442\\u0440\\u043E\\u043A\\u0430",
  ];
  expect(uncalled.filter((word) => main.includes(word))).toEqual([]);
  const tracing = "OTEL_BLRP_";
  expect(main.includes(tracing)).toBe(false);
  expect(parts.some((part) => part.includes(tracing) && part.includes("grpc.max_receive"))).toBe(true);
  const ended = spawnSync(process.execPath, [join(folder, "main.mjs")], { env: {}, encoding: "utf8", timeout: 20_000 });
  expect(ended.status).toBe(exitConfig);
  expect(ended.stdout + ended.stderr).toContain("POSTGRES_URL: Invalid input: expected string");
});

test("what tracing needs is in its parts", () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };
  const part = readdirSync(join(folder, "parts")).find((file) =>
    readFileSync(join(folder, "parts", file), "utf8").includes("OTEL_BLRP_"),
  );
  const code = `const { NodeSDK } = await import(${JSON.stringify(join(folder, "parts", part!))});
new NodeSDK({ instrumentations: [], metricReaders: [], logRecordProcessors: [], autoDetectResources: false }).start();
process.stdout.write("started"); process.exit(0);`;
  const said = execFileSync(process.execPath, ["--input-type=module", "--eval", code], {
    env,
    encoding: "utf8",
    timeout: 20_000,
  });
  expect(said).toBe("started");
});
