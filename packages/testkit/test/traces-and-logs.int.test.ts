import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createLogger } from "@aito/base";
import { startTracing } from "@aito/base/tracing";
import { listEvents, sendMessage } from "@aito/company";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCompany, usePostgres, useRedis, waitFor } from "../src/index.ts";

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: { stringValue?: string; intValue?: number | string } }[];
}

const withinMs = 60_000;
const postgres = usePostgres();
const redis = useRedis();
const bodies: string[] = [];
const lines: Record<string, unknown>[] = [];
let collector: Server;
let missing: string | null = null;
let runs: string[] = [];

/** One story for both: a company comes up, works, and its model goes away. What it sent to the collector and logged is kept. */
beforeAll(async () => {
  collector = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      bodies.push(body);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", () => resolve()));
  const skip = (why?: string): never => {
    missing = why ?? "a service is missing";
    throw new Error(missing);
  };
  try {
    await tellStory(skip);
  } catch (error) {
    if (missing === null) throw error;
  }
}, 180_000);
afterAll(() => new Promise((resolve) => collector.close(() => resolve(undefined))));

async function tellStory(skip: (why?: string) => never): Promise<void> {
  const { database } = postgres.orSkip(skip);
  const server = redis.orSkip(skip);
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const log = createLogger({ program: "company", level: "debug", write });
  const env = process.env;
  env["OTEL_EXPORTER_OTLP_ENDPOINT"] = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  env["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/json";
  const tracing = await startTracing({ program: "company", env, log });
  const company = await startCompany({ postgresUrl: database.controlUrl, redis: server, log });
  try {
    const finished = async (): Promise<string[]> =>
      (await listEvents(company.deps, { limit: 200, types: ["agent.run.done", "agent.run.failed"] })).map((event) =>
        String(event.payload["run"]),
      );
    runs = await waitFor(finished, (found) => found.length >= 4, withinMs);
    await company.model.close();
    await sendMessage(company.deps, "operator", { type: "direct", to: "cto", priority: "high", payload: { text: "What now?" } });
    await waitFor(
      () => lines,
      (seen) => seen.some((line) => line["msg"] === "a model call got no answer"),
      withinMs,
    );
    runs = await finished();
  } finally {
    await company.close();
    await tracing.close();
    delete env["OTEL_EXPORTER_OTLP_ENDPOINT"];
  }
}

const spans = (): Span[] =>
  bodies.flatMap(
    (body) =>
      (JSON.parse(body) as { resourceSpans?: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans?.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap((scope) => scope.spans),
      ) ?? [],
  );
const about = (span: Span, key: string): string | undefined => {
  const value = span.attributes.find((each) => each.key === `aito.${key}`)?.value;
  return value === undefined ? undefined : String(value.stringValue ?? value.intValue);
};

test("S04 traces tell starts, model calls, tools and their transactions, with agent, epoch and run", ({ skip }) => {
  if (missing !== null) return skip(missing);
  const named = (name: string): Span[] => spans().filter((span) => span.name === name);
  expect(new Set(named("agent.start").map((span) => about(span, "agent"))).size).toBeGreaterThanOrEqual(7);
  for (const span of [...named("model.call"), ...named("tool.call")]) {
    expect([span.name, about(span, "agent"), about(span, "epoch")]).toEqual([
      span.name,
      expect.any(String),
      expect.stringMatching(/^\d+$/),
    ]);
  }
  expect(named("model.call").some((span) => runs.includes(about(span, "run") ?? ""))).toBe(true);
  const tool = named("tool.call").find((span) => runs.includes(about(span, "run") ?? ""))!;
  expect(tool).toBeDefined();
  const below = named("company.transaction").filter((span) => span.parentSpanId === tool.spanId);
  expect(below.length).toBeGreaterThan(0);
  for (const span of below) expect([span.traceId, about(span, "run")]).toEqual([tool.traceId, about(tool, "run")]);
  expect(bodies.join("")).not.toMatch(/aito_(ses|run|red|key)_|Bearer|password/i);
});

test("S04 each log line about an agent carries its epoch, and in a run the run", ({ skip }) => {
  if (missing !== null) return skip(missing);
  expect(lines.length).toBeGreaterThan(20);
  const bare = lines.filter((line) => {
    const agent = line["agent"] ?? line["caller"];
    return agent !== undefined && !(Number.isInteger(line["epoch"]) && line["agent"] === agent);
  });
  expect(bare).toEqual([]);
  const inRun = lines.filter((line) => "line" in line || line["msg"] === "a model call got no answer");
  expect(inRun.length).toBeGreaterThan(0);
  expect(inRun.filter((line) => typeof line["run"] !== "string")).toEqual([]);
  expect(lines.map((line) => JSON.stringify(line)).join("\n")).not.toMatch(/aito_(ses|run|red|key)_(?!\[)|Bearer (?!\[)/);
});
