import { createTask, listEvents, listSwitches, pressSwitch, resumeSwitch, sendMessage, taskView } from "@aito/company";
import type { SwitchPress } from "@aito/protocol";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { jsonAnswer, streamAnswer } from "./fake-model.ts";
import { openGateway, type TestGateway, until } from "./open-gateway.ts";

let it: TestGateway;
beforeAll(async () => {
  it = await openGateway();
});
afterEach(async () => {
  for (const on of await listSwitches(it.deps))
    await resumeSwitch(it.deps, { id: on.id, reason: "next test", confirm: on.label }, who);
  it.model.answers = [jsonAnswer];
  it.model.seen.length = 0;
  it.model.cutOff = 0;
});
afterAll(() => it.close());

const who = { by: "operator", from: "a test" };
const press = (more: Partial<SwitchPress>) =>
  pressSwitch(it.deps, { scope: "company", target: "", reason: "too fast", ...more }, who);
const ask = (model: string, more: object = {}) => ({
  model,
  max_tokens: 10,
  messages: [{ role: "user", content: "hi" }],
  ...more,
});

test("S13 after the press nothing of a covered agent is accepted, each refusal names the switch, and others go on", async () => {
  const cmo = await it.enter("cmo");
  const cto = await it.enter("cto");
  const waiting = await it.begin("coo");
  await createTask(it.deps, "operator", { title: "Write", assignTo: "cmo" });
  await press({ scope: "agent", target: "cmo" });
  const refused = { status: 423, body: { error: { code: "AITO_STOPPED", message: expect.stringContaining("agent cmo") } } };
  expect(await it.post("/agent/poll", { waitMs: 0 }, cmo.session)).toMatchObject(refused);
  expect(await it.post("/agent/heartbeat", { doing: null, progress: 0 }, cmo.session)).toMatchObject(refused);
  expect((await it.post("/v1/messages", ask(cmo.model), cmo.session)).status).toBe(423);
  expect((await it.mcp(cmo.session, "tools/call", { name: "save_state", arguments: { key: "k", value: 1 } })).status).toBe(423);
  expect(it.model.seen).toEqual([]);
  expect(await it.rows("receipts")).toEqual([]);
  expect((await it.post("/v1/messages", ask(cto.model), cto.session)).status).toBe(200);
  await press({});
  expect((await it.post("/v1/messages", ask(cto.model), cto.session)).status).toBe(423);
  expect((await it.post("/agent/hello", waiting)).status).toBe(423);
});

test("S14 a call that waits for an answer is refused with the switch, and one that is only about to begin never goes up", async () => {
  const cmo = await it.enter("cmo");
  it.model.answers = [() => undefined];
  const pending = it.post("/v1/messages", ask(cmo.model), cmo.session);
  await until(
    () => it.model.seen.length,
    (count) => count === 1,
  );
  await press({ scope: "agent", target: "cmo" });
  expect(await pending).toMatchObject({ status: 423, body: { error: { message: expect.stringContaining("kill switch") } } });
  expect(it.model.seen).toHaveLength(1);
});

test("S13 a stopped task ends the run that is about it and is claimed by nobody until it is resumed; other work goes on", async () => {
  const cmo = await it.enter("cmo");
  const task = await createTask(it.deps, "operator", { title: "Stop me", assignTo: "cmo" });
  const first = await it.post("/agent/poll", { waitMs: 0 }, cmo.session);
  expect(first.body["run"].reasons).toContainEqual(expect.objectContaining({ kind: "task", ref: task.id }));
  const on = await press({ scope: "task", target: task.id });
  expect((await it.post("/v1/messages", ask(cmo.model), cmo.session)).status).toBe(423);
  const { ok, body } = await it.callTool(cmo.session, "save_state", { key: "k", value: 1 });
  expect([ok, body["code"]]).toEqual([false, "AITO_STOPPED"]);
  // Asking for the next run ends the stopped one; what else it had waits again and comes.
  const other = await createTask(it.deps, "operator", { title: "Go on", assignTo: "cmo" });
  const second = await it.post("/agent/poll", { waitMs: 0 }, cmo.session);
  const refs = second.body["run"].reasons.map((reason: { ref: string | null }) => reason.ref);
  expect(refs).toContain(other.id);
  expect(refs).not.toContain(task.id);
  expect((await it.callTool(cmo.session, "save_state", { key: "k", value: 2 })).ok).toBe(true);
  await resumeSwitch(it.deps, { id: on.id, reason: "checked", confirm: on.label }, who);
  const third = await it.post("/agent/poll", { waitMs: 0 }, cmo.session);
  expect(third.body["run"].reasons.map((reason: { ref: string | null }) => reason.ref)).toContain(task.id);
  it.model.answers = [jsonAnswer];
  expect((await it.post("/v1/messages", ask(cmo.model), cmo.session)).status).toBe(200);
});

test("S13 a stopped task is shown to no run and nothing is done for it in any; a run that was shown it ends, whatever woke it", async () => {
  const { session } = await it.enter("coo");
  const task = await createTask(it.deps, "operator", { title: "Stop me, too", assignTo: "coo" });
  const write = async () =>
    await sendMessage(it.deps, "operator", { type: "direct", to: "coo", payload: { text: "Are you there?" } });
  const nextRun = async () => {
    const { id, reasons } = (await it.post("/agent/poll", { waitMs: 0 }, session)).body["run"];
    const { tasks } = (await it.post("/agent/context", { run: id }, session)).body;
    const refs = reasons.map(({ ref }: { ref: string | null }) => ref);
    return { id, isFor: refs.includes(task.id), shows: tasks.map((shown: { id: string }) => shown.id) };
  };
  const reports = async (run: string, more: object = {}) => {
    const report = { run, outcome: "done", summary: "Not done yet.", error: null, modelCalls: 1, acknowledged: [], ...more };
    return (await it.post("/agent/report", report, session)).status;
  };
  const call = async (name: string, args: object) => {
    const { ok, body } = await it.callTool(session, name, args);
    return ok ? "done" : body["code"];
  };
  expect(await nextRun()).toMatchObject({ isFor: true, shows: [task.id] });
  const on = await press({ scope: "task", target: task.id });
  await write();
  const second = await nextRun();
  expect(second).toMatchObject({ isFor: false, shows: [] });
  expect(await call("save_work", { task_id: task.id, text: "The work." })).toBe("AITO_STOPPED");
  expect(await call("complete_task", { task_id: task.id, summary: "Done." })).toBe("AITO_STOPPED");
  expect(await call("create_task", { title: "A part of it", under_task: task.id })).toBe("AITO_STOPPED");
  expect([await call("show_task", { task_id: task.id }), await call("save_state", { key: "k", value: 1 })]).toEqual([
    "done",
    "done",
  ]);

  const result = { summary: "Done all the same.", text: null, receipts: [] };
  expect(await reports(second.id, { task: { id: task.id, status: "failed", result } })).toBe(200);
  expect((await taskView(it.deps, task.id)).status).toBe("running");

  await resumeSwitch(it.deps, { id: on.id, reason: "checked", confirm: on.label }, who);
  const { id: run } = await nextRun();
  expect(await reports(run)).toBe(200);
  await write();
  const shown = await nextRun();
  expect(shown).toMatchObject({ isFor: false, shows: [task.id] });
  expect(await call("save_state", { key: "k", value: 2 })).toBe("done");
  await press({ scope: "task", target: task.id });
  expect(await call("save_state", { key: "k", value: 3 })).toBe("AITO_STOPPED");
  // Its report is taken for its end, and for nothing else: what it had waits again, and it failed at nothing.
  expect(await reports(shown.id, { state: { k: 4 } })).toBe(200);
  expect((await it.rows("agent_state")).map((row) => row["state_value"])).not.toContain(4);
  expect((await it.rows("runs")).find(({ id }) => id === shown.id)).toMatchObject({ status: "lost" });
  expect((await it.rows("agents")).find(({ name }) => name === "coo")).toMatchObject({ failed_runs: 0 });
  expect((await nextRun()).shows).toEqual([]);
});

test("S13 a switch is ended only by its exact name, once, and both acts are on record with who and from where", async () => {
  const on = await press({ scope: "department", target: "MARKETING" });
  expect(on).toMatchObject({ label: "department Marketing", agents: expect.arrayContaining(["cmo"]) });
  expect((await press({ scope: "department", target: "marketing" })).id).toBe(on.id);
  const resume = (confirm: string) =>
    resumeSwitch(it.deps, { id: on.id, reason: "fine again", confirm }, { by: "ann", from: "192.0.2.9" });
  await expect(resume("department marketing")).rejects.toMatchObject({ code: "AITO_SWITCH_CONFIRM" });
  expect(await resume("department Marketing")).toMatchObject({ resumedBy: "ann", agents: [] });
  await expect(resume("department Marketing")).rejects.toMatchObject({ code: "AITO_SWITCH_RESUMED" });
  const events = await listEvents(it.deps, { limit: 2, types: ["switch.pressed", "switch.resumed"] });
  expect(events.map((event) => [event.type, event.source, event.payload["from"]])).toEqual([
    ["switch.resumed", "ann", "192.0.2.9"],
    ["switch.pressed", "operator", "a test"],
  ]);
  for (const [scope, target] of [
    ["agent", "nobody"],
    ["client", "nobody"],
    ["department", "nowhere"],
    ["task", "0190b0a0-0000-7000-8000-000000000000"],
    ["task", "x"],
    ["company", "aito"],
  ] as const) {
    await expect(press({ scope, target })).rejects.toMatchObject({ code: expect.stringMatching(/UNKNOWN|TARGET/) });
  }
});

// The last one of the file that needs the bus: it ends it.
test.each(["with its bell", "with the bus down"])("S14 a model call in flight is cut off upstream, %s", async (how) => {
  const cmo = await it.enter("cmo");
  it.model.answers = [streamAnswer({ count: 1, endless: true })];
  const streaming = it.post("/v1/messages", ask(cmo.model, { stream: true }), cmo.session).catch((error: unknown) => error);
  await until(
    () => it.model.seen.length,
    (count) => count === 1,
  );
  if (how === "with the bus down") await it.bus.close();
  await press({ scope: "department", target: "marketing" });
  await until(
    () => it.model.cutOff,
    (count) => count === 1,
    20_000,
  );
  await streaming;
});
