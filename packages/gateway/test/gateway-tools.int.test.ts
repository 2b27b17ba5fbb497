import { argumentsDigest, verifyReceipts, createTask, escalationByToken, listTasks } from "@aito/company";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sha256, systemClock } from "@aito/base";
import { verifyWebhook, webhookChannel } from "@aito/connectors";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepOnce } from "../src/agents/bus-users.ts";
import { type Live, makeLiveAgents } from "../src/agents/live-agents.ts";

import { type Loose, openGateway, type TestGateway, until } from "./open-gateway.ts";

const webhook = { seen: [] as { genuine: boolean; body: Loose }[], secret: "the receiver's secret", url: "" };
const receiver = createServer((request, response) => {
  let text = "";
  request.on("data", (chunk: Buffer) => (text += chunk.toString()));
  request.on("end", () => {
    webhook.seen.push({
      genuine: verifyWebhook({ secret: webhook.secret, headers: request.headers, body: text, now: new Date() }),
      body: JSON.parse(text) as Loose,
    });
    response.writeHead(200).end();
  });
});

let it: TestGateway;
const sessions: Record<string, string> = {};
beforeAll(async () => {
  await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
  webhook.url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const channels = [webhookChannel({ url: webhook.url, secrets: [webhook.secret], clock: systemClock })];
  it = await openGateway({ notices: { channels, remindMs: 3_600_000, quietHours: null } });
  for (const agent of ["ceo", "dao", "cmo", "cto", "cfo", "coo", "cco"]) sessions[agent] = (await it.enter(agent)).session;
});
afterAll(async () => {
  await it.close();
  receiver.closeAllConnections();
  await new Promise((done) => receiver.close(done));
});

const names = async (session: string): Promise<string[]> =>
  (await it.mcp(session, "tools/list")).body["result"].tools.map((tool: { name: string }) => tool.name).toSorted();

test("a standing agent sees the fleet's tools, a head also those of heads, a worker few", async () => {
  expect(await names(sessions["cmo"]!)).toEqual([
    "cast_vote",
    "complete_task",
    "create_task",
    "list_decisions",
    "list_tasks",
    "propose_decision",
    "propose_idea",
    "publish_text",
    "read_figures",
    "record_metric",
    "report",
    "save_state",
    "save_work",
    "send_message",
    "show_task",
    "spawn_worker",
    "withdraw_decision",
  ]);
  expect(await names(sessions["ceo"]!)).toContain("argue");
  const { worker } = (await it.callTool(sessions["cmo"]!, "spawn_worker", { title: "A text", worker_type: "content-writer" }))
    .body;
  const hired = await it.enter(worker);
  expect(hired.agent).toMatchObject({ kind: "worker", taskId: expect.any(String) });
  expect(await names(hired.session)).toEqual([
    "complete_task",
    "publish_text",
    "read_figures",
    "report",
    "save_state",
    "save_work",
    "send_message",
    "show_task",
  ]);
  const outside = await it.callTool(hired.session, "send_message", { to: "ceo", text: "hello" });
  expect(outside).toMatchObject({ ok: false, body: { code: "AITO_MESSAGE_NOT_ALLOWED" } });
  const handIn = { task_id: hired.agent.taskId, summary: "Written." };
  expect(await it.callTool(hired.session, "complete_task", { ...handIn, text: "# The text" })).toMatchObject({
    ok: false,
    body: { code: "AITO_TASK_EVIDENCE" },
  });
  expect((await it.callTool(hired.session, "save_work", { task_id: hired.agent.taskId, text: "# The text" })).ok).toBe(true);
  const done = await it.callTool(hired.session, "complete_task", handIn);
  expect(done).toMatchObject({ ok: true, body: { status: "done" } });
  const tasks = await listTasks(it.deps);
  expect(tasks.find((task) => task.id === hired.agent.taskId)).toMatchObject({ status: "done", result: { text: "# The text" } });
  const shown = await it.callTool(sessions["cmo"]!, "show_task", { task_id: hired.agent.taskId });
  expect(shown).toMatchObject({
    ok: true,
    body: { worker, status: "done", result: { summary: "Written.", text: "# The text" } },
  });
});

test("every call leaves a receipt that is named in its result, also a refused and a malformed one", async () => {
  const before = (await it.rows("receipts")).length;
  const calls = [
    await it.callTool(sessions["cmo"]!, "save_state", { key: "channel", value: { ratio: 0.5 } }),
    await it.callTool(sessions["cmo"]!, "send_message", { to: "nobody", text: "?" }),
    await it.callTool(sessions["cmo"]!, "cast_vote", { decision_id: "not an id" }),
  ];
  expect(calls.map((call) => [call.ok, call.body["code"]])).toEqual([
    [true, undefined],
    [false, "AITO_AGENT_UNKNOWN"],
    [false, "AITO_REQUEST_INVALID"],
  ]);
  const receipts = (await it.rows("receipts")).slice(before);
  expect(receipts.map((receipt) => receipt["id"])).toEqual(calls.map((call) => call.body["receipt"]));
  expect(receipts[0]).toMatchObject({
    tool: "save_state",
    ok: true,
    arguments_digest: argumentsDigest({ key: "channel", value: { ratio: 0.5 } }),
  });
  expect(receipts[1]!["signature"]).toMatch(/^[\w-]{86}$/);
  expect(receipts.map((receipt) => receipt["status"])).toEqual(["succeeded", "refused", "refused"]);
  expect(await verifyReceipts(it.deps)).toMatchObject({ ok: true, unsigned: 0, problems: [] });
});

test("a receipt belongs to the run that the agent is in, whatever it claims", async () => {
  const cto = sessions["cto"]!;
  await createTask(it.deps, "operator", { title: "Check the servers", assignTo: "cto" });
  const { run } = (await it.post("/agent/poll", { waitMs: 1_000 }, cto)).body;
  const inRun = await it.callTool(cto, "save_state", { key: "k", value: 1 });
  await it.post("/agent/report", { run: run.id, outcome: "done", summary: "", error: null, modelCalls: 0 }, cto);
  const after = await it.callTool(cto, "save_state", { key: "k", value: 2 });
  const runOf = async (id: string) => (await it.rows("receipts")).find((receipt) => receipt["id"] === id)!["run_id"];
  expect(await runOf(inRun.body["receipt"])).toBe(run.id);
  expect(await runOf(after.body["receipt"])).toBeNull();
});

test("a message of a tool comes from the session's agent, and text that Postgres cannot hold is mended", async () => {
  const sent = await it.callTool(sessions["cfo"]!, "send_message", { to: "coo", from: "ceo", text: "a\u0000b \ud800" });
  expect(sent).toMatchObject({ ok: true, body: { to: "coo", type: "direct" } });
  const stored = (await it.rows("messages")).find((message) => message["id"] === sent.body["message_id"]);
  expect(stored).toMatchObject({ from_name: "cfo", payload: { text: "a\ufffdb \ufffd" } });
});

test("two heads that disagree to the end raise an escalation, and one signed webhook tells a human", async () => {
  await it.callTool(sessions["ceo"]!, "send_message", { to: "cmo", text: "Plan the spring." });
  expect((await it.post("/agent/poll", { waitMs: 1_000 }, sessions["cmo"])).body["run"]).toMatchObject({
    id: expect.any(String),
  });
  const measured = await it.callTool(sessions["cmo"]!, "record_metric", { name: "signups", value: 212, unit: "people" });
  const { body } = await it.callTool(sessions["cmo"]!, "propose_decision", { title: "A big campaign", usd: 5_000 });
  expect(body).toMatchObject({ type: "critical", status: "pending" });
  const vote = async (agent: string, value: string): Promise<void> => {
    const cast = await it.callTool(sessions[agent]!, "cast_vote", {
      decision_id: body["decision_id"],
      vote: value,
      reason: "because",
    });
    expect(cast, JSON.stringify(cast)).toMatchObject({ ok: true });
  };
  await vote("ceo", "approve");
  await vote("dao", "veto");
  for (const [agent, value] of [
    ["cmo", "approve"],
    ["cto", "approve"],
    ["coo", "approve"],
    ["cfo", "veto"],
    ["cco", "veto"],
  ] as const)
    await vote(agent, value);
  await vote("ceo", "approve");
  await vote("dao", "veto");
  const decisions = (await it.callTool(sessions["cmo"]!, "list_decisions", {})).body["decisions"];
  expect(decisions).toMatchObject([{ id: body["decision_id"], status: "escalated", amount_micro_usd: "5000000000" }]);
  await until(
    () => webhook.seen.length,
    (count) => count > 0,
  );
  expect(webhook.seen).toMatchObject([
    {
      genuine: true,
      body: {
        type: "escalation.waiting",
        rehearsal: true,
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:7700\/e\/aito_esc_/),
        decision: { title: "A big campaign", usd: "5000.00" },
      },
    },
  ]);
  await until(
    () => it.rows("escalations"),
    (rows) => rows[0]!["notified_at"] !== null,
  );
  // The form that the link opens shows what the proposing run had done before, and nothing else.
  const token = (webhook.seen[0]!.body["url"] as string).split("/").at(-1)!;
  const { grounds } = await escalationByToken(it.deps, token);
  expect(grounds.receipts).toMatchObject([{ id: measured.body["receipt"], agent: "cmo", tool: "record_metric", ok: true }]);
});

test("bus users are made again when the bus server was restarted, and those without a live session are removed", async () => {
  const live = makeLiveAgents();
  const seen: Live[] = [];
  live.onSeen((each) => void seen.push(each));
  const context = { ...it, log: { info() {}, debug() {} }, live } as never;
  await it.bus.removeAgentUser("agent:cmo:1");
  await it.bus.ensureAgentUser({ name: "agent:ghost:9", passwordHash: "0".repeat(64), channels: ["channel:broadcast"] });
  const runId = await keepOnce(context, "an earlier server", { keepOnly: async () => undefined });
  expect(await it.bus.agentUsers()).toContain("agent:cmo:1");
  expect(await it.bus.agentUsers()).not.toContain("agent:ghost:9");
  expect(runId).toBe(await it.bus.serverRunId());
  expect(seen[0]!.sessions).toContain(sha256(sessions["cmo"]!));
  // One who said hello while the bus was frozen: the server is the same, and still the user is made.
  await it.bus.removeAgentUser("agent:cmo:1");
  await keepOnce(context, runId, { keepOnly: async () => undefined });
  expect(await it.bus.agentUsers()).toContain("agent:cmo:1");
});

test("S17 no tool takes a credential of the company, and none gets into the records", async () => {
  const session = sessions["cto"]!;
  const calls: [string, object][] = [
    ["send_message", { to: "all", type: "broadcast", text: `for the audit: ${session}` }],
    ["save_state", { key: "k", value: { deep: [session] } }],
    ["create_task", { title: "t", description: session }],
    ["publish_text", { title: session, text: "x" }],
  ];
  for (const [tool, args] of calls) {
    expect([tool, await it.callTool(session, tool, args)]).toMatchObject([
      tool,
      { ok: false, body: { code: "AITO_TOOL_SECRET", receipt: expect.any(String) } },
    ]);
  }
  const tables = ["messages", "agent_state", "tasks", "publications", "receipts", "events"];
  const rows = await Promise.all(tables.map((table) => it.rows(table)));
  expect(JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))).not.toContain(session);
});
