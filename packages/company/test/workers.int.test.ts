import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type AgentSession,
  agentsToRun,
  answerApproval,
  beginIncarnation,
  claimRun,
  createTask,
  finishRun,
  finishTask,
  incarnationLost,
  listEvents,
  listMessages,
  listWorkers,
  pressSwitch,
  propose,
  recordReceipt,
  releaseTask,
  requireCurrent,
  reserveCalls,
  resumeSwitch,
  releaseExpired,
  runContext,
  stoppedAgents,
  stoppedNow,
  taskView,
  useGate,
} from "../src/index.ts";
import { Proposal } from "@aito/protocol";
import { openCompany, report, testFleet, type TestCompany, worked } from "./open-company.ts";

const fleet = testFleet();
fleet.file.workers = {
  "content-writer": { profile: "content-writer.md", timeLimitSeconds: 900, spawns: ["analyst"], usdMax: 50 },
  analyst: { profile: "analyst.md", timeLimitSeconds: 900, spawns: ["analyst"] },
};
fleet.profiles["analyst"] = fleet.profiles["content-writer"]!;
fleet.file.roles["cto"] = { profile: "cto.md", workers: ["analyst"] };
fleet.file.spawning = { runningMax: 3, perParentMax: 4, companyMax: 6, depthMax: 2, tasksPerHour: 8 };

let company: TestCompany;
let cmo: AgentSession;
beforeEach(async () => {
  company = await openCompany({ fleet });
  cmo = await company.enter("cmo");
});
afterEach(() => company.close());

let made = 0;
const spawn = (by: AgentSession, extra: object = {}) =>
  createTask(company.deps, by, { title: `Text ${(made += 1)}`, workerType: "content-writer", ...extra });
const result = (summary: string) => ({ summary, text: `# ${summary}`, receipts: [] });

/** The worker's container ends without having been asked to. */
const dies = async (agent: string, reason = "it ran out of memory"): Promise<void> => {
  const { epoch } = await beginIncarnation(company.deps, { agent, tokenHash: `${agent}-${(made += 1)}` });
  await incarnationLost(company.deps, { agent, epoch, reason, retryAt: null, wanted: true, failures: 1 });
};
const refused = (code: string) => expect.objectContaining({ code });

test("A13 L09 a worker's result comes to its parent with its receipts, wakes it, and nothing of the worker is left", async () => {
  const { deps } = company;
  const task = await spawn(cmo);
  const worker = await company.enter(task.workerAgent!);
  const run = await claimRun(deps, worker);
  await runContext(deps, worker, { run: run!.run.id });
  const receipt = {
    id: deps.newId(),
    tool: "save_work",
    argumentsDigest: "d",
    ok: true,
    effect: true,
    result: {},
    durationMs: 1,
  };
  await recordReceipt(deps, worker, { ...receipt, run: run!.run.id }, "key");
  await finishTask(deps, worker, { id: task.id, status: "done", result: result("Written") });
  expect(await finishRun(deps, worker, report(run!.run.id))).toEqual({ next: "exit" });
  expect((await taskView(deps, task.id)).result).toMatchObject({ text: "# Written", receipts: [receipt.id] });
  const woken = await claimRun(deps, cmo);
  expect(woken!.run.reasons).toMatchObject([{ kind: "message" }]);
  const { messages } = await runContext(deps, cmo, { run: woken!.run.id });
  expect(messages[0]).toMatchObject({
    from: task.workerAgent,
    payload: { task_id: task.id, receipts: [receipt.id], text: expect.stringContaining("# Written") },
  });
  await incarnationLost(deps, { agent: worker.agent, epoch: 1, reason: "over", retryAt: null, wanted: false, failures: 0 });
  expect((await agentsToRun(deps)).map((agent) => agent.name)).not.toContain(worker.agent);
  const live = await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    sql`select 1 from sessions where agent_id = ${worker.agentId} and revoked_at is null
      union all select 1 from work where agent_id = ${worker.agentId} and done_at is null`.execute(tx.queries),
  );
  expect(live.rows).toEqual([]);
});

test("A13 a result is kept for a parent that died meanwhile, and the worker is gone all the same", async () => {
  const { deps } = company;
  const task = await spawn(cmo);
  const worker = await company.enter(task.workerAgent!);
  const run = await claimRun(deps, worker);
  await incarnationLost(deps, { agent: "cmo", epoch: 1, reason: "crashed", retryAt: null, wanted: true, failures: 5 });
  await worked(deps, worker, task.id);
  await finishTask(deps, worker, { id: task.id, status: "done", result: result("Written") });
  expect(await finishRun(deps, worker, report(run!.run.id))).toEqual({ next: "exit" });
  expect(await listWorkers(deps)).toMatchObject([{ state: "ending" }]);
  const again = await company.enter("cmo");
  const woken = await claimRun(deps, again);
  expect((await runContext(deps, again, { run: woken!.run.id })).messages[0]!.payload).toMatchObject({ task_id: task.id });
});

test("A13 a worker of a type that may starts workers of its own, waits for them, and hands in after their results", async () => {
  const { deps } = company;
  const task = await spawn(cmo);
  const writer = await company.enter(task.workerAgent!);
  const first = await claimRun(deps, writer);
  expect((await runContext(deps, writer, { run: first!.run.id })).workerTypes).toEqual(["analyst"]);
  const figures = await createTask(deps, writer, { title: "Figures", workerType: "analyst" });
  expect(figures).toMatchObject({ assignedTo: writer.agent, parentTaskId: task.id });
  const unfinished = { id: task.id, status: "done" as const, result: result("too early"), atRunEnd: true };
  expect((await finishTask(deps, writer, unfinished)).status).toBe("running");
  expect(await finishRun(deps, writer, report(first!.run.id))).toEqual({ next: "sleep" });
  const analyst = await company.enter(figures.workerAgent!);
  await expect(createTask(deps, analyst, { title: "Deeper", workerType: "analyst" })).rejects.toEqual(
    refused("AITO_WORKER_DEPTH"),
  );
  await worked(deps, analyst, figures.id);
  await finishTask(deps, analyst, { id: figures.id, status: "done", result: result("42") });
  const second = await claimRun(deps, writer);
  expect((await runContext(deps, writer, { run: second!.run.id })).messages[0]!.payload).toMatchObject({ task_id: figures.id });
  await worked(deps, writer, task.id);
  await finishTask(deps, writer, { ...unfinished, result: result("whole") });
  expect((await taskView(deps, task.id)).status).toBe("done");
});

test("A13 S09 a worker whose call waits for a human is there when the answer comes, and hands in after it", async () => {
  const { deps } = company;
  const task = await spawn(cmo);
  const writer = await company.enter(task.workerAgent!);
  const first = await claimRun(deps, writer);
  await worked(deps, writer, task.id);
  const gated = await useGate(
    deps,
    writer,
    {
      tool: "publish_text",
      schemaVersion: "v1",
      arguments: { title: "A text" },
      files: [],
      contents: [],
      inputSchema: {},
      argumentsDigest: "d".repeat(64),
      amountMicroUsd: 0n,
      summary: "publish it",
      receiptId: null,
      runId: first!.run.id,
      risk: "dangerous",
      dataClass: "public",
      decisionId: null,
      outsideLeaseMs: null,
    },
    null,
  );
  if (gated.did !== "asked") throw new Error(`it was ${gated.did}`);
  const atEnd = { id: task.id, status: "done" as const, result: result("written"), atRunEnd: true };
  expect((await finishTask(deps, writer, atEnd)).status).toBe("pending");
  expect(await finishRun(deps, writer, report(first!.run.id))).toEqual({ next: "sleep" });
  // A human's time is not its own: its type's time begins anew with the answer.
  company.clock.advance(3 * 3_600_000);
  await releaseExpired(deps);
  expect((await taskView(deps, task.id)).status).toBe("pending");
  const { id, digest } = gated.approval;
  await answerApproval(deps, { id, by: "operator", answer: { answer: "deny", digest, comment: "not yet" } });
  company.clock.advance(60_000);
  await releaseExpired(deps);
  expect((await taskView(deps, task.id)).status).toBe("pending");
  const second = await claimRun(deps, writer);
  expect((await runContext(deps, writer, { run: second!.run.id })).messages.map(({ payload }) => payload["text"])).toEqual([
    expect.stringContaining("was denied by a human: not yet"),
  ]);
  expect((await finishTask(deps, writer, atEnd)).status).toBe("done");
  expect(await finishRun(deps, writer, report(second!.run.id))).toEqual({ next: "exit" });
});

test("A13 when a worker's task ends, the workers that it had started end with it", async () => {
  const { deps } = company;
  const task = await spawn(cmo);
  const writer = await company.enter(task.workerAgent!);
  const figures = await createTask(deps, writer, { title: "Figures", workerType: "analyst" });
  await finishTask(deps, writer, { id: task.id, status: "failed", result: result("no") });
  expect((await taskView(deps, figures.id)).status).toBe("cancelled");
  expect((await agentsToRun(deps)).find((agent) => agent.name === figures.workerAgent)).toBeUndefined();
});

test("A13 workers have limits of type, number per parent and company, budget, and tasks within an hour", async () => {
  const { deps, clock } = company;
  const cto = await company.enter("cto");
  await expect(spawn(cto)).rejects.toEqual(refused("AITO_WORKER_TYPE"));
  await expect(spawn(cmo, { workerType: "astronaut" })).rejects.toEqual(refused("AITO_WORKER_TYPE"));
  await expect(spawn(cmo, { budgetMicroUsd: 51_000_000n })).rejects.toEqual(refused("AITO_WORKER_BUDGET"));
  await expect(spawn(cmo, { budgetMicroUsd: 10_000_000n })).rejects.toEqual(refused("AITO_TASK_BUDGET"));
  for (let index = 0; index < 4; index += 1) await spawn(cmo);
  await expect(spawn(cmo)).rejects.toEqual(refused("AITO_WORKER_LIMIT"));
  const approval = Proposal.parse({ title: "A text", kind: "Daily posts", type: "minor", validUntil: null });
  const attached = { ...approval, task: { title: "A text", description: "", workerType: "content-writer" } };
  await expect(propose(deps, cmo, attached)).rejects.toEqual(refused("AITO_WORKER_LIMIT"));
  for (let index = 0; index < 2; index += 1) await spawn(cto, { workerType: "analyst" });
  await expect(spawn(cto, { workerType: "analyst" })).rejects.toMatchObject({
    message: expect.stringContaining("the company has 6"),
  });
  for (let index = 0; index < 4; index += 1) await createTask(deps, cmo, { title: `Plan ${index}` });
  await expect(createTask(deps, cmo, { title: "One more" })).rejects.toEqual(refused("AITO_TASK_RATE"));
  clock.advance(3_600_001);
  await createTask(deps, cmo, { title: "One more" });
});

test("A13 workers whose ids end alike have names of their own", async () => {
  const newId = (): string => `${company.deps.newId().slice(0, -6)}0af00d`;
  const names = [];
  for (const title of ["One", "Two"]) {
    names.push((await createTask({ ...company.deps, newId }, cmo, { title, workerType: "content-writer" })).workerAgent);
  }
  expect(new Set(names).size).toBe(2);
});

test("A13 a worker's budget is taken from what is left of its parent's task", async () => {
  const { deps } = company;
  const task = await createTask(deps, "operator", { title: "Campaign", assignTo: "cmo" });
  await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    sql`update tasks set budget_micro_usd = 60000000 where id = ${task.id}`.execute(tx.queries),
  );
  const under = { parentTaskId: task.id };
  await spawn(cmo, { ...under, budgetMicroUsd: 40_000_000n });
  await expect(spawn(cmo, { ...under, budgetMicroUsd: 21_000_000n })).rejects.toEqual(refused("AITO_TASK_BUDGET"));
  const second = await spawn(cmo, { ...under, budgetMicroUsd: 20_000_000n });
  const writer = await company.enter(second.workerAgent!);
  const child = { title: "Figures", workerType: "analyst" };
  await expect(createTask(deps, writer, { ...child, budgetMicroUsd: 20_000_001n })).rejects.toEqual(refused("AITO_TASK_BUDGET"));
  expect(await createTask(deps, writer, { ...child, budgetMicroUsd: 20_000_000n })).toMatchObject({ budgetMicroUsd: "20000000" });
});

test("A13 the model calls of a worker that was given nothing cost no more than its type's most, with those of its own workers", async () => {
  const { deps } = company;
  const text = await spawn(cmo);
  const writer = await company.enter(text.workerAgent!);
  const figures = await createTask(deps, writer, { title: "Figures", workerType: "analyst" });
  const analyst = await company.enter(figures.workerAgent!);
  const ask = async ({ agentId, epoch, taskId }: AgentSession, amountMicroUsd: bigint): Promise<string> => {
    const of = { session: null, key: null, run: null, action: null, model: "claude-sonnet-5-5", upstream: "anthropic" };
    const call = { ...of, id: deps.newId(), agent: agentId, epoch, task: taskId, amountMicroUsd };
    const [answer] = await reserveCalls(deps, "g1", [call]);
    return answer!.ok ? "granted" : answer!.why === "budget" ? answer!.budget.scope : answer!.why;
  };
  expect(await ask(writer, 50_000_001n)).toBe("task");
  expect(await ask(analyst, 30_000_000n)).toBe("granted");
  expect(await ask(writer, 20_000_001n)).toBe("task");
  expect(await ask(writer, 20_000_000n)).toBe("granted");
  expect(await ask(cmo, 60_000_000n)).toBe("granted");
});

test("F19 a task that ends three containers is quarantined, parent and operator are told why, and it is not started again", async () => {
  const { deps } = company;
  const poison = { title: "Poison", workerType: "content-writer" };
  const task = await createTask(deps, cmo, poison);
  const other = await spawn(cmo);
  for (let container = 1; container <= 3; container += 1) {
    expect((await taskView(deps, task.id)).status).toBe("pending");
    await dies(task.workerAgent!);
  }
  const why = "it ended 3 containers of its worker; the last: it ran out of memory";
  expect(await taskView(deps, task.id)).toMatchObject({ status: "failed", result: { summary: `quarantined: ${why}` } });
  expect(await listEvents(deps, { types: ["task.quarantined"], limit: 5 })).toMatchObject([{ target: "cmo", payload: { why } }]);
  expect(await listEvents(deps, { types: ["alert.opened"], limit: 5 })).toMatchObject([
    { payload: { kind: "quarantine", title: "The task «Poison» is quarantined" } },
  ]);
  expect((await listMessages(deps, { limit: 5 }))[0]).toMatchObject({ from: "system", to: "cmo", payload: { task_id: task.id } });
  expect((await claimRun(deps, cmo))!.run.reasons).toHaveLength(1);
  expect((await listWorkers(deps)).filter((worker) => worker.state !== "ending").map((worker) => worker.name)).toEqual([
    other.workerAgent,
  ]);
  await expect(createTask(deps, cmo, poison)).rejects.toEqual(refused("AITO_TASK_QUARANTINED"));
  await releaseTask(deps, { task: task.id, by: "operator" });
  await expect(releaseTask(deps, { task: task.id, by: "operator" })).rejects.toEqual(refused("AITO_TASK_INVALID"));
  expect((await createTask(deps, cmo, poison)).status).toBe("pending");
});

test("L09 who wants more workers than there are places sees how many are before each", async () => {
  const cto = await company.enter("cto");
  for (let index = 0; index < 4; index += 1) {
    await spawn(cmo, { priority: index === 3 ? 9 : 5 });
    company.clock.advance(10);
  }
  const late = await spawn(cto, { workerType: "analyst" });
  const seen = await listWorkers(company.deps);
  // Two places for those who may start workers, one more for the deepest.
  expect(seen.map(({ parent, priority, why }) => [parent, priority, why])).toEqual([
    ["cmo", 5, "waits for a place: it is next; at most 3 workers run at once"],
    ["cmo", 5, "waits for a place: 1 before it; at most 3 workers run at once"],
    ["cmo", 5, "waits for a place: 2 before it; at most 3 workers run at once"],
    ["cmo", 9, "it is started now"],
    ["cto", 5, "it is started now"],
  ]);
  expect(seen.at(-1)!.name).toBe(late.workerAgent);
});

test("S13 a switch on an agent stops its workers' workers, too, and nobody beside them", async () => {
  const { deps } = company;
  const first = await company.enter((await spawn(cmo)).workerAgent!);
  const second = await company.enter((await spawn(first, { workerType: "analyst" })).workerAgent!);
  const cto = await company.enter("cto");
  const others = await company.enter((await spawn(cto, { workerType: "analyst" })).workerAgent!);
  const who = { by: "operator", from: "a test" };
  for (const [target, covered] of [
    ["cmo", [cmo, first, second]],
    [first.agent, [first, second]],
    [second.agent, [second]],
  ] as const) {
    const on = await pressSwitch(deps, { scope: "agent", target, reason: "too fast" }, who);
    const names = covered.map(({ agent }) => agent).toSorted();
    expect([...(await stoppedAgents(deps)).keys()].toSorted()).toEqual(names);
    expect(on.agents.toSorted()).toEqual(names);
    const all = [cmo, first, second, cto, others];
    const runs = await stoppedNow(deps, { agents: all.map(({ agentId }) => agentId), approvals: [] });
    expect(all.filter(({ agentId }) => runs.has(agentId)).map(({ agent }) => agent)).toEqual(covered.map(({ agent }) => agent));
    for (const session of all) {
      const asked = requireCurrent(deps, session).then(
        () => null,
        (error: { code?: string }) => error.code,
      );
      expect([session.agent, await asked]).toEqual([session.agent, covered.includes(session) ? "AITO_STOPPED" : null]);
    }
    await resumeSwitch(deps, { id: on.id, reason: "next", confirm: on.label }, who);
  }
});
