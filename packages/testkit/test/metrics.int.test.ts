import { readFileSync } from "node:fs";
import { newToken, sha256, silentLogger } from "@aito/base";
import { programMetrics } from "@aito/base/metrics";
import {
  authenticate,
  beginIncarnation,
  companyFigures,
  createTask,
  hello,
  loadPack,
  propose,
  recordReceipt,
  registerFleet,
  sendMessage,
} from "@aito/company";
import { metricsOf, metricTable } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MemoryCompany, openMemoryCompany } from "../src/index.ts";

const programs = ["orchestrator", "gateway", "console"] as const;
let it: MemoryCompany;
const pages: Record<string, string> = {};
const page = async (program: (typeof programs)[number], fails = false): Promise<string> => {
  const metrics = programMetrics({
    definitions: metricsOf(program),
    read: () => (fails ? Promise.reject(new Error("no database")) : companyFigures(it.deps, program)),
    log: silentLogger,
  });
  const [text] = await Promise.all([metrics.render(), metrics.render()]);
  metrics.close();
  return text;
};
const valueOf = (program: string, line: string): number =>
  Number(
    pages[program]!.split("\n")
      .find((text) => text.startsWith(`${line} `))
      ?.split(" ")
      .at(-1),
  );

beforeAll(async () => {
  it = await openMemoryCompany({ rehearsal: true });
  const { deps } = it;
  await registerFleet(deps, await loadPack(new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname));
  const [token, session] = [newToken("run"), newToken("ses")];
  const { epoch } = await beginIncarnation(deps, { agent: "cmo", tokenHash: sha256(token) });
  await hello(deps, { tokenHash: sha256(token), epoch, sessionHash: sha256(session), redisPasswordHash: sha256("x") });
  const cmo = await authenticate(deps, sha256(session));
  await createTask(deps, cmo, { title: "Write" });
  await propose(deps, cmo, {
    title: "A small tool",
    description: "",
    type: "minor",
    kind: null,
    usd: 5,
    task: null,
    emergency: false,
    validUntil: null,
  });
  const receipt = { tool: "save_state", argumentsDigest: "0", ok: true, result: {}, durationMs: 1, run: null };
  await recordReceipt(deps, cmo, receipt, "k".repeat(32));
  await it.clock.advance(1_000);
  await sendMessage(deps, "operator", { type: "direct", to: "cto", payload: { text: "Hello." } });
  await it.clock.advance(90_000);
  for (const program of programs) pages[program] = await page(program);
});
afterAll(() => it.close());

test("O01 every metric of the table is shown by its program and by no other, and nothing else is called ours", () => {
  for (const program of programs) {
    const described = [...pages[program]!.matchAll(/^# TYPE (aito_\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    expect(described.toSorted()).toEqual(
      metricsOf(program)
        .map(({ name, type }) => `${name} ${type}`)
        .toSorted(),
    );
  }
});

test("O01 the README's table is the table", () => {
  const text = readFileSync(new URL("../../company/src/status/README.md", import.meta.url), "utf8");
  const rows = metricTable.map(
    ({ name, type, labels, from, help }) => `| \`${name}\` | ${type} | ${labels.join(", ") || "-"} | ${from} | ${help} |`,
  );
  expect(text.split("\n").filter((line) => line.startsWith("| `aito_"))).toEqual(rows);
});

test("O01 the figures are what the records say", () => {
  expect(valueOf("orchestrator", 'aito_agents{status="active"}')).toBe(1);
  expect(valueOf("orchestrator", 'aito_agents{status="inactive"}')).toBe(6);
  expect(valueOf("orchestrator", 'aito_decisions_total{status="pending"}')).toBe(1);
  expect(valueOf("orchestrator", 'aito_tasks{status="pending"}')).toBeGreaterThanOrEqual(1);
  expect(valueOf("orchestrator", 'aito_queue_waiting{kind="message"}')).toBeGreaterThanOrEqual(1);
  expect(valueOf("orchestrator", "aito_queue_oldest_seconds")).toBeGreaterThanOrEqual(90);
  expect(valueOf("gateway", "aito_sessions_live")).toBe(1);
  expect(valueOf("gateway", 'aito_tool_calls_total{tool="save_state",ok="true"}')).toBe(1);
  expect(valueOf("console", "aito_escalations_waiting")).toBe(0);
  for (const program of programs) {
    expect(valueOf(program, "aito_records_readable")).toBe(1);
    expect(pages[program]).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(pages[program]).toMatch(/^process_resident_memory_bytes /m);
  }
});

test("without the records the process's own figures stay, and the page says what is missing", async () => {
  const text = await page("gateway", true);
  expect(text).toMatch(/^aito_records_readable 0$/m);
  expect(text).toMatch(/^process_resident_memory_bytes /m);
  expect(text).not.toMatch(/^aito_sessions_live \d/m);
});
