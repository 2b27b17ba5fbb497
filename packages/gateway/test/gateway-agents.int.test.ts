import { link, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { silentLogger } from "@aito/base";
import { sendMessage, wakeNow } from "@aito/company";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway } from "../src/start-gateway.ts";
import { openGateway, type TestGateway, until } from "./open-gateway.ts";

let it: TestGateway;
beforeAll(async () => {
  it = await openGateway();
});
afterAll(() => it.close());

test("L01 hello gives a session, the profile and the bell's credentials, and nothing else is known of the token", async () => {
  const cmo = await it.enter("cmo");
  expect(cmo.agent).toMatchObject({ name: "cmo", kind: "agent", isHead: false, isCouncil: true });
  expect(cmo.profileMarkdown).toContain("# ");
  expect(cmo.session).toMatch(/^aito_ses_/);
  expect(cmo.redis).toMatchObject({
    username: "agent:cmo:1",
    channels: ["channel:broadcast", "channel:agent:cmo", "channel:clevel"],
  });
  expect(await it.bus.agentUsers()).toContain("agent:cmo:1");
  const stored = JSON.stringify(await it.rows("sessions"));
  expect(stored).not.toContain(cmo.session);
  expect(stored).not.toContain(cmo.redis!.password);
});

test("a one-time token works once", async () => {
  const line = await it.begin("cto");
  expect((await it.post("/agent/hello", line)).status).toBe(200);
  expect(await it.post("/agent/hello", line)).toMatchObject({ status: 401, body: { error: { code: "AITO_AGENT_TOKEN" } } });
  const unknown = await it.post("/agent/hello", { ...line, token: line.token.replace(/.{6}$/, "aaaaaa") });
  expect(unknown).toMatchObject({ status: 401, body: { error: { code: "AITO_AGENT_TOKEN", hint: expect.any(String) } } });
});

const behindTheHook = [
  "/agent/heartbeat",
  "/agent/poll",
  "/agent/context",
  "/agent/report",
  "/agent/log",
  "/mcp",
  "/v1/messages",
  "/v1/messages/count_tokens",
];
test.each(behindTheHook)("%s answers 401 without a session, with an unknown one, and with the token itself", async (path) => {
  const line = await it.begin("cfo");
  for (const session of [undefined, "aito_ses_0123456789012345678901234567890123456789012", line.token]) {
    expect((await it.post(path, {}, session)).status, String(session)).toBe(401);
  }
});

test.each(behindTheHook)("O13 %s answers 409 to an earlier incarnation", async (path) => {
  const before = await it.enter("coo");
  await it.begin("coo");
  const answer = await it.post(path, {}, before.session);
  expect(answer.status).toBe(409);
  expect(JSON.stringify(answer.body)).toContain("AITO_AGENT_STALE");
});

test("a heartbeat shows in the agent's status on the bus", async () => {
  const dao = await it.enter("dao");
  expect(await it.post("/agent/heartbeat", { doing: "thinking", progress: 3 }, dao.session)).toMatchObject({
    status: 200,
    body: { stop: false },
  });
  expect(await it.bus.getStatus("dao")).toMatchObject({ status: "active", epoch: dao.epoch });
});

test("a malformed body is refused with what is wrong in it", async () => {
  const dao = await it.enter("dao");
  const answer = await it.post("/agent/heartbeat", { progress: "many" }, dao.session);
  expect(answer).toMatchObject({
    status: 400,
    body: { error: { code: "AITO_REQUEST_INVALID", message: expect.stringContaining("progress") } },
  });
});

/** The next run of an agent, claimed at once; earlier tests may have left work. */
const drain = async (session: string): Promise<void> => {
  for (;;) {
    const { body } = await it.post("/agent/poll", { waitMs: 0 }, session);
    if (body["run"] === null) return;
    await it.post("/agent/report", { run: body["run"].id, outcome: "done", summary: "", error: null, modelCalls: 0 }, session);
  }
};

test("R05 a parked poll is woken by the doorbell, long before it would look again", async () => {
  const cmo = await it.enter("cmo");
  await drain(cmo.session);
  const started = performance.now();
  const poll = it.post("/agent/poll", { waitMs: 20_000 }, cmo.session);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await sendMessage(it.deps, "operator", { type: "direct", to: "cmo", payload: { text: "How are sales?" } });
  const { body } = await poll;
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(body["run"].reasons).toMatchObject([{ kind: "message" }]);
  await until(
    () => it.bus.hints("cmo"),
    (hints) => hints.length === 0,
  );

  const context = await it.post("/agent/context", { run: body["run"].id }, cmo.session);
  expect(context.body).toMatchObject({ askModel: true, messages: [{ payload: { text: "How are sales?" } }] });
  const report = {
    run: body["run"].id,
    outcome: "done",
    summary: "Answered.",
    error: null,
    modelCalls: 1,
    acknowledged: [context.body["messages"][0].id],
  };
  expect((await it.post("/agent/report", report, cmo.session)).body).toEqual({ next: "sleep" });
});

test("a poll whose client has gone claims nothing, and the work waits for the next one", async () => {
  const cto = await it.enter("cto");
  await drain(cto.session);
  const gone = new AbortController();
  const poll = it.post("/agent/poll", { waitMs: 20_000 }, cto.session, gone.signal);
  await new Promise((resolve) => setTimeout(resolve, 50));
  gone.abort();
  await expect(poll).rejects.toThrow(/abort/i);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await sendMessage(it.deps, "operator", { type: "direct", to: "cto", payload: { text: "Still there?" } });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await it.post("/agent/poll", { waitMs: 0 }, cto.session)).body["run"].reasons).toHaveLength(1);
});

test("a newer poll of the same agent ends the older one", async () => {
  const cco = await it.enter("cco");
  await drain(cco.session);
  const older = it.post("/agent/poll", { waitMs: 20_000 }, cco.session);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const newer = it.post("/agent/poll", { waitMs: 1_000 }, cco.session);
  expect((await older).body).toEqual({ run: null });
  expect((await newer).body).toEqual({ run: null });
});

test("the log of a run is kept, without what looks like a secret", async () => {
  const ceo = await it.enter("ceo");
  await drain(ceo.session);
  await wakeNow(it.deps, { agent: "ceo", reason: "the operator asked", about: null });
  const { body } = await it.post("/agent/poll", { waitMs: 1_000 }, ceo.session);
  await it.post("/agent/log", { run: body["run"].id, lines: ["using save_state", `leaked ${ceo.session}`] }, ceo.session);
  const run = (await it.rows("runs")).find((row) => row["id"] === body["run"].id);
  const log = String(run?.["log"] ?? "");
  expect(log).toContain("using save_state");
  expect(log).not.toContain(ceo.session);
});

test("the socket can be connected to by other users, a second gateway refuses to take it, and a stale file is replaced", async () => {
  expect((await stat(it.socketPath)).mode & 0o777).toBe(0o666);
  const options = {
    deps: it.deps,
    bus: it.bus,
    log: silentLogger,
    clock: it.deps.clock,
    socketPath: it.socketPath,
    upstream: { name: "rehearsal" as const, baseUrl: it.model.url, apiKey: null },
    publicUrl: "http://127.0.0.1:7700",
    linkKey: "k",
    receiptKey: "r",
  };
  await expect(startGateway(options)).rejects.toMatchObject({ code: "AITO_GATEWAY_SOCKET", fate: "human" });
  await expect(it.gateway.ping()).resolves.toBeUndefined();

  const left = `${it.socketPath}.left`;
  const dead = createServer().listen(left);
  await new Promise((done) => dead.once("listening", done));
  // A process that is killed leaves its socket file; closing a server would remove it, so the file is linked first.
  await link(left, `${left}.file`);
  await new Promise((done) => dead.close(done));
  const second = await startGateway({ ...options, socketPath: `${left}.file` });
  await expect(second.ping()).resolves.toBeUndefined();
  await second.close();
});

test("the work of an incarnation that died in its run is claimed by the next one", async () => {
  const cfo = await it.enter("cfo");
  await drain(cfo.session);
  await sendMessage(it.deps, "operator", { type: "direct", to: "cfo", payload: { text: "Numbers?" } });
  const { body } = await it.post("/agent/poll", { waitMs: 0 }, cfo.session);
  expect(body["run"]).not.toBeNull();
  const next = await it.enter("cfo");
  expect((await it.post("/agent/poll", { waitMs: 0 }, next.session)).body["run"].reasons).toHaveLength(1);
});
