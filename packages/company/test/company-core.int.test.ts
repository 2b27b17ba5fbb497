import { sha256 } from "@aito/base";
import { channels } from "@aito/protocol";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  answerStatusRequests,
  beginIncarnation,
  claimRun,
  closeStatusQueries,
  createTask,
  fleetStatus,
  finishRun,
  finishTask,
  hello,
  incarnationLost,
  listAgents,
  listEvents,
  listMessages,
  listTasks,
  openStatusQuery,
  relayOutbox,
  returnOverdue,
  runContext,
  saveState,
  sealEvents,
  sendKickoffIfDue,
  messageDetail,
  sendMessage,
  verifyChain,
  wakeDue,
  wakeNow,
} from "../src/index.ts";
import { openCompany, report, type TestCompany, worked } from "./open-company.ts";

let company: TestCompany;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

test("O13 a one-time token works once, and an earlier incarnation is refused with a typed error", async () => {
  const { deps } = company;
  const { epoch } = await beginIncarnation(deps, { agent: "cfo", tokenHash: sha256("first") });
  const input = { tokenHash: sha256("first"), epoch, sessionHash: sha256("s1"), redisPasswordHash: sha256("p") };
  const session = await hello(deps, input);
  expect(session).toMatchObject({ agent: "cfo", epoch: 1, isCouncil: true, redisUser: "agent:cfo:1" });
  await expect(hello(deps, { ...input, sessionHash: sha256("s2") })).rejects.toMatchObject({
    code: "AITO_AGENT_TOKEN",
    status: 401,
  });
  await company.enter("cfo");
  await expect(saveState(deps, session, { key: "x", value: 1 })).rejects.toMatchObject({ code: "AITO_AGENT_STALE", status: 409 });
  await expect(hello(deps, input)).rejects.toMatchObject({ code: "AITO_AGENT_STALE" });
});

test("M01 M02 a message reaches its group as rows and one bell, and stays unread until it is acknowledged", async () => {
  const { deps, rung } = company;
  const cmo = await company.enter("cmo");
  const dao = await company.enter("dao");
  rung.length = 0;
  const sent = await sendMessage(deps, cmo, { type: "broadcast", to: "head", payload: { text: "campaign idea \0 \ud800" } });
  expect(sent).toMatchObject({ from: "cmo", to: "head", payload: { text: "campaign idea \ufffd \ufffd" } });
  expect(rung.filter((row) => row.target === channels.head)).toHaveLength(1);
  const shown = async (acknowledged: string[]): Promise<string[]> => {
    await wakeNow(deps, { agent: "dao", reason: "look", about: null });
    const { run } = (await claimRun(deps, dao))!;
    const { messages } = await runContext(deps, dao, { run: run.id });
    await finishRun(deps, dao, report(run.id, { acknowledged }));
    return messages.map(({ id }) => id);
  };
  expect(await shown([])).toEqual([sent.id]);
  expect(await shown([sent.id])).toEqual([sent.id]);
  expect(await shown([])).toEqual([]);
  await expect(sendMessage(deps, cmo, { type: "direct", to: "nobody", payload: { text: "?" } })).rejects.toMatchObject({
    code: "AITO_AGENT_UNKNOWN",
  });
  await expect(sendMessage(deps, cmo, { type: "direct", to: "ceo", payload: { wrong: 1 } })).rejects.toMatchObject({
    code: "AITO_MESSAGE_INVALID",
  });
});

test("L01 L02 L03 L05 L10 L12 a direct message wakes its reader, whose run has the context, and whose report is remembered", async () => {
  const { deps } = company;
  const ceo = await company.enter("ceo");
  const coo = await company.enter("coo");
  expect(await claimRun(deps, coo)).toBeNull();
  const sent = await sendMessage(deps, ceo, { type: "direct", to: "coo", payload: { text: "How is the community?" } });
  const claimed = await claimRun(deps, coo);
  expect(claimed!.run.reasons).toMatchObject([{ kind: "message", ref: sent.id }]);
  const context = await runContext(deps, coo, { run: claimed!.run.id });
  expect(context).toMatchObject({
    askModel: true,
    messages: [{ id: sent.id }],
    budget: { usdTotal: "20000.00", usdLeft: "20000.00" },
  });
  expect(context.profile.name).toBe("coo");
  await finishRun(
    deps,
    coo,
    report(claimed!.run.id, { summary: "answered about the community", acknowledged: [sent.id], state: { mood: "good" } }),
  );
  await expect(finishRun(deps, coo, report(claimed!.run.id))).rejects.toMatchObject({ code: "AITO_RUN_UNKNOWN" });
  await sendMessage(deps, ceo, { type: "direct", to: "coo", payload: { text: "Thanks" } });
  const next = await claimRun(deps, coo);
  const again = await runContext(deps, coo, { run: next!.run.id });
  expect(again.state).toEqual({ mood: "good" });
  expect(again.history[0]).toMatchObject({ summary: "answered about the community" });
  await finishRun(deps, coo, report(next!.run.id));
});

test("O05 what a lost incarnation had claimed is claimed again by the next one", async () => {
  const { deps } = company;
  const ceo = await company.enter("ceo");
  const cco = await company.enter("cco");
  await sendMessage(deps, ceo, { type: "direct", to: "cco", payload: { text: "Review the terms" } });
  const first = await claimRun(deps, cco);
  await incarnationLost(deps, { agent: "cco", epoch: cco.epoch, reason: "exit 137", retryAt: null, wanted: true, failures: 1 });
  await expect(runContext(deps, cco, { run: first!.run.id })).rejects.toMatchObject({ code: "AITO_AGENT_STALE" });
  const reborn = await company.enter("cco");
  const second = await claimRun(deps, reborn);
  expect(second!.run.reasons).toEqual(first!.run.reasons);
  await finishRun(deps, reborn, report(second!.run.id));
});

test("O07 O08 a scheduled wake runs once after a long outage and asks no model when nothing is new", async () => {
  const { deps, clock } = company;
  const cto = await company.enter("cto");
  clock.advance(5 * 3_600_000);
  expect(await wakeDue(deps)).toBeGreaterThan(0);
  expect(await wakeDue(deps)).toBe(0);
  const claimed = await claimRun(deps, cto);
  expect(claimed!.run.reasons).toHaveLength(1);
  const context = await runContext(deps, cto, { run: claimed!.run.id });
  expect(context.dueActions.map((action) => action.text)).toContain("Check pending tasks");
  await finishRun(deps, cto, report(claimed!.run.id, { outcome: "nothing_new" }));
  const cto2 = (await listAgents(deps)).find((agent) => agent.name === "cto")!;
  expect(new Date(cto2.nextWakeAt!).getTime()).toBe(clock.now().getTime() + 3_600_000);
  clock.advance(3_600_000);
  await wakeDue(deps);
  const quiet = await claimRun(deps, cto);
  expect(await runContext(deps, cto, { run: quiet!.run.id })).toMatchObject({ askModel: false });
  await finishRun(deps, cto, report(quiet!.run.id, { outcome: "nothing_new" }));
});

test("A13 L09 a task with a worker type starts a worker, whose result reaches its parent, and who is gone after it", async () => {
  const { deps } = company;
  const cmo = await company.enter("cmo");
  const task = await createTask(deps, cmo, { title: "Write the launch post", workerType: "content-writer" });
  const name = task.workerAgent!;
  const worker = await company.enter(name);
  expect(worker).toMatchObject({ kind: "worker", parentAgent: "cmo", taskId: task.id });
  const run = await claimRun(deps, worker);
  expect(await runContext(deps, worker, { run: run!.run.id })).toMatchObject({
    askModel: true,
    tasks: [{ id: task.id, status: "running" }],
  });
  const result = { summary: "a post of 200 words", text: "# Launch", receipts: [] };
  await expect(finishTask(deps, await company.enter("cto"), { id: task.id, status: "done", result })).rejects.toMatchObject({
    code: "AITO_TASK_NOT_YOURS",
  });
  const backed = await worked(deps, worker, task.id);
  expect(await finishTask(deps, worker, { id: task.id, status: "done", result })).toMatchObject({
    status: "done",
    result: { ...result, receipts: [backed], marks: { summary: [{ text: "200" }], text: [] } },
  });
  expect(await finishRun(deps, worker, report(run!.run.id))).toEqual({ next: "exit" });
  await incarnationLost(deps, { agent: name, epoch: worker.epoch, reason: "done", retryAt: null, wanted: false, failures: 0 });
  expect((await listAgents(deps)).some((agent) => agent.name === name)).toBe(false);
  const told = (await listMessages(deps)).find((message) => message.from === name);
  expect(told).toMatchObject({ to: "cmo", type: "direct" });
});

test("L13 L14 M04 M05 the status query asks all five, names who did not answer, and opens one task for a finding", async () => {
  const { deps, clock } = company;
  const lost = (await listAgents(deps)).find((agent) => agent.name === "cfo")!;
  await incarnationLost(deps, { agent: "cfo", epoch: lost.epoch, reason: "killed", retryAt: null, wanted: true, failures: 1 });
  const query = async (): Promise<Record<string, unknown>> => {
    clock.advance(3_600_000);
    expect(await openStatusQuery(deps)).not.toBeNull();
    expect(await openStatusQuery(deps)).toBeNull();
    await answerStatusRequests(deps);
    expect(await closeStatusQueries(deps)).toBe(0);
    clock.advance(301_000);
    expect(await closeStatusQueries(deps)).toBe(1);
    return (await listEvents(deps, { types: ["status.aggregated"], limit: 1 }))[0]!.payload;
  };
  expect(await query()).toMatchObject({ answered: 4, missing: 1, missingAgents: ["cfo"], tasks_opened: 1 });
  expect(await query()).toMatchObject({ missing: 1, tasks_opened: 0 });
  expect((await listTasks(deps)).filter((task) => task.title === "No status from cfo")).toHaveLength(1);
  await company.enter("cfo");
});

test("M04 a message that wants an answer and gets none comes back to its sender", async () => {
  const { deps, clock } = company;
  const cmo = await company.enter("cmo");
  await sendMessage(deps, cmo, {
    type: "direct",
    to: "cto",
    payload: { text: "Can you review?" },
    requiresResponse: true,
    responseDeadline: new Date(clock.now().getTime() + 60_000),
  });
  expect(await returnOverdue(deps)).toBe(0);
  clock.advance(61_000);
  expect(await returnOverdue(deps)).toBe(1);
  expect(await returnOverdue(deps)).toBe(0);
  expect((await listMessages(deps, { limit: 1 }))[0]).toMatchObject({ from: "system", to: "cmo" });
});

test("O08 the kickoff goal is sent once, when every standing agent is active", async () => {
  const { deps } = company;
  for (const agent of ["ceo", "dao", "cmo", "cto", "cfo", "coo", "cco"]) await company.enter(agent);
  expect(await sendKickoffIfDue(deps)).toBe(true);
  expect(await sendKickoffIfDue(deps)).toBe(false);
  expect((await fleetStatus(deps)).nextWake).not.toBeNull();
});

test("S17 D06 every change is in the sealed chain, and an edited row is found", async () => {
  const { deps, clock } = company;
  clock.advance(1_000);
  while ((await sealEvents(deps)) > 0);
  const whole = await verifyChain(deps);
  expect(whole).toMatchObject({ ok: true, problem: null });
  expect(whole.count).toBe((await listEvents(deps, { limit: 1_000 })).length);
  await expect(
    deps.db.transaction({ companyId: deps.companyId }, (tx) =>
      sql`update events set body = '{}' where seq = 3`.execute(tx.queries),
    ),
  ).rejects.toThrow(/permission denied|append-only/);
});

test("D06 outbox rows whose delivery failed are published again by the relay", async () => {
  const seen: string[] = [];
  let broken = true;
  const flaky = await openCompany({
    deliver: (rows) => {
      if (broken) return Promise.reject(new Error("bus is away"));
      seen.push(...rows.map((row) => row.target));
      return Promise.resolve();
    },
  });
  try {
    await sendMessage(flaky.deps, "operator", { type: "broadcast", to: "all", payload: { text: "hello" } });
    flaky.clock.advance(2_000);
    await expect(relayOutbox(flaky.deps)).rejects.toThrow("bus is away");
    broken = false;
    expect(await relayOutbox(flaky.deps)).toBeGreaterThan(0);
    expect(seen).toContain(channels.broadcast);
    expect(await relayOutbox(flaky.deps)).toBe(0);
  } finally {
    await flaky.close();
  }
});

test("D08 another company in the same database sees nothing", async () => {
  const other = await company.another("other");
  expect(await listEvents(other)).toEqual([]);
  expect(await listTasks(other)).toEqual([]);
  expect(await listAgents(other)).toEqual([]);
});

test("Y13 a message is known with its readers, and with its whole conversation from any part of it", async () => {
  const { deps } = company;
  const say = (to: string, text: string, inReplyTo: string | null = null): Promise<{ id: string }> =>
    sendMessage(deps, "operator", { type: "direct", to, payload: { text }, inReplyTo, wake: false });
  const first = await say("cto", "Is it up?");
  const answers = [await say("ceo", "Yes", first.id), await say("coo", "I heard so", first.id)];
  const last = await say("cto", "Good", answers[0]!.id);
  await say("cto", "Something else");
  const all = [first, ...answers, last].map(({ id }) => id);
  for (const { id } of [first, answers[1]!, last])
    expect((await messageDetail(deps, id)).thread.map((each) => each.id)).toEqual(all);
  expect(await messageDetail(deps, first.id)).toMatchObject({
    message: { id: first.id, payload: { text: "Is it up?" } },
    readers: [{ agent: "cto", readAt: null }],
  });
  await expect(messageDetail(deps, deps.newId())).rejects.toMatchObject({ code: "AITO_MESSAGE_UNKNOWN", status: 404 });
});
