import { makeNewId } from "@aito/base";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  acquireTerm,
  addCommand,
  type AgentSession,
  appendRunLog,
  authenticate,
  beginIncarnation,
  claimRun,
  createTask,
  finishRun,
  finishTask,
  heartbeat,
  incarnationLost,
  agentsToRun,
  listAgents,
  listEvents,
  listMessages,
  openWork,
  liveRedisUsers,
  registerFleet,
  relayOutbox,
  releaseExpired,
  ringUnacknowledged,
  runContext,
  sendMessage,
  stopAll,
  startAll,
  takeCommands,
  taskView,
  transact,
  wakeDue,
  wakeNow,
} from "../src/index.ts";
import { selectAgents } from "../src/agents/queries.ts";
import { interruptionsMax } from "../src/runs/end-open-runs.ts";
import { openCompany, report, testFleet, type TestCompany, worked } from "./open-company.ts";

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.close());

const failed = (run: string) => report(run, { outcome: "failed", error: "the model is away" });
const lose = (session: AgentSession, reason = "it ended by itself", outside = false) =>
  incarnationLost(company.deps, {
    agent: session.agent,
    epoch: session.epoch,
    reason,
    retryAt: company.clock.now(),
    wanted: true,
    failures: 0,
    outside,
  });
const rowOf = async (name: string) => (await agentsToRun(company.deps)).find((agent) => agent.name === name);
const givenUp = async () => await listEvents(company.deps, { types: ["work.given_up"] });

async function workerFor(title: string): Promise<{ task: string; worker: string }> {
  const cmo = await company.enter("cmo");
  const made = await createTask(company.deps, cmo, { title, workerType: "content-writer" });
  return { task: made.id, worker: made.workerAgent! };
}

test("F19 a task that ends its worker's containers again and again fails after three of them, and its parent is told", async () => {
  const { deps } = company;
  const { task, worker } = await workerFor("Poison");
  for (let life = 1; life <= 3; life += 1) {
    expect(await rowOf(worker)).toMatchObject({ desired: "running", epoch: life - 1 });
    const session = await company.enter(worker);
    expect(await claimRun(deps, session)).not.toBeNull();
    await lose(session);
  }
  expect(await taskView(deps, task)).toMatchObject({ status: "failed" });
  expect(await rowOf(worker)).toMatchObject({ desired: "gone" });
  const told = (await listMessages(deps)).filter((message) => message.to === "cmo" && message.type === "direct");
  expect(told).toHaveLength(1);
});

test("a container that dies before it takes up its task counts, one that was never made does not", async () => {
  const { deps } = company;
  const { task, worker } = await workerFor("Never taken up");
  for (let start = 0; start < 5; start += 1) {
    const session = await company.enter(worker);
    await incarnationLost(deps, {
      agent: worker,
      epoch: session.epoch,
      reason: "no engine",
      retryAt: null,
      wanted: true,
      failures: 0,
      lived: false,
    });
  }
  expect(await taskView(deps, task)).toMatchObject({ status: "pending" });
  for (let life = 1; life <= 3; life += 1) await lose(await company.enter(worker), "it exited by itself (exit 1)");
  expect(await taskView(deps, task)).toMatchObject({
    status: "failed",
    result: { summary: expect.stringContaining("3 containers") },
  });
});

test("F11 a run that the gateway's absence broke off waits again at once and counts no failure, within a bound", async () => {
  const { deps } = company;
  const session = await company.enter("cfo");
  const { id } = await createTask(deps, "operator", { title: "Innocent", assignTo: "cfo" });
  const brokenOff = (run: string) => report(run, { outcome: "failed", error: "ECONNRESET", interrupted: true });
  for (let time = 1; time < interruptionsMax; time += 1) {
    const claimed = await claimRun(deps, session);
    expect(claimed).not.toBeNull();
    await finishRun(deps, session, brokenOff(claimed!.run.id));
  }
  expect(await taskView(deps, id)).toMatchObject({ status: "pending" });
  expect(await givenUp()).toEqual([]);
  // Its own failure makes it rest.
  const own = await claimRun(deps, session);
  await finishRun(deps, session, failed(own!.run.id));
  expect(await claimRun(deps, session)).toBeNull();
  company.clock.advance(15_000);
  const last = await claimRun(deps, session);
  await finishRun(deps, session, brokenOff(last!.run.id));
  expect(await taskView(deps, id)).toMatchObject({ status: "failed" });
});

test("F01 a task is not given up for kills from outside, of its agent or its worker, within a bound", async () => {
  const { deps } = company;
  const { task, worker } = await workerFor("Innocent");
  const own = await createTask(deps, "operator", { title: "Innocent, too", assignTo: "cfo" });
  for (let life = 1; life < interruptionsMax; life += 1) {
    for (const name of [worker, "cfo"]) {
      const session = await company.enter(name);
      expect(await claimRun(deps, session)).not.toBeNull();
      await lose(session, "it was killed from outside", true);
    }
  }
  for (const id of [task, own.id]) expect(await taskView(deps, id)).toMatchObject({ status: "pending" });
  expect(await rowOf(worker)).toMatchObject({ desired: "running" });
  const last = await company.enter("cfo");
  await claimRun(deps, last);
  await lose(last, "it was killed from outside", true);
  expect(await taskView(deps, own.id)).toMatchObject({ status: "failed" });
});

test.each(["lost", "failed"])("work for a task that was handed in before its run was %s wakes nobody again", async (how) => {
  const { deps } = company;
  const task = await createTask(deps, "operator", { title: "Handed in", assignTo: "cfo" });
  const session = await company.enter("cfo");
  const claimed = await claimRun(deps, session);
  await worked(deps, session, task.id);
  await finishTask(deps, session, { id: task.id, status: "done", result: { summary: "ok", text: "x", receipts: [] } });
  if (how === "failed") await finishRun(deps, session, failed(claimed!.run.id));
  else await lose(session, "it was killed from outside", true);
  expect((await openWork(deps)).filter(({ agent }) => agent === "cfo")).toEqual([]);
});

test("a worker that has handed in its task and is then killed from outside is not started again", async () => {
  const { deps } = company;
  const { task, worker } = await workerFor("Handed in, then killed");
  const session = await company.enter(worker);
  await claimRun(deps, session);
  await worked(deps, session, task);
  await finishTask(deps, session, { id: task, status: "done", result: { summary: "ok", text: "x", receipts: [] } });
  await lose(session, "it was killed from outside", true);
  expect(await rowOf(worker)).toMatchObject({ desired: "gone" });
});

test("a worker that has handed in its task and then dies is not started again", async () => {
  const { deps } = company;
  const { task, worker } = await workerFor("Handed in");
  const session = await company.enter(worker);
  await claimRun(deps, session);
  await worked(deps, session, task);
  await finishTask(deps, session, { id: task, status: "done", result: { summary: "ok", text: "x", receipts: [] } });
  await lose(session);
  expect(await rowOf(worker)).toMatchObject({ desired: "gone" });
  expect(await taskView(deps, task)).toMatchObject({ status: "done" });
});

test("a worker whose runs fail ends with its task failed, also when containers were lost in between", async () => {
  const { deps, clock } = company;
  const { task, worker } = await workerFor("Model away");
  let session = await company.enter(worker);
  await claimRun(deps, session);
  await lose(session);
  session = await company.enter(worker);
  let next = "sleep";
  for (let tries = 0; tries < 10 && next === "sleep"; tries += 1) {
    clock.advance(3_600_000);
    const claimed = await claimRun(deps, session);
    expect(claimed).not.toBeNull();
    ({ next } = await finishRun(deps, session, failed(claimed!.run.id)));
  }
  expect(next).toBe("exit");
  expect(await taskView(deps, task)).toMatchObject({ status: "failed" });
});

test("a worker that goes on past its time limit is ended by the platform, whatever it says", async () => {
  const { deps, clock } = company;
  const { task, worker } = await workerFor("Endless");
  const session = await company.enter(worker);
  const claimed = await claimRun(deps, session);
  for (let minute = 1; minute <= 17; minute += 1) {
    clock.advance(60_000);
    if ((await rowOf(worker))!.desired === "gone") break;
    await heartbeat(deps, session, { doing: "still busy", progress: minute });
    await appendRunLog(deps, session, { run: claimed!.run.id, lines: ["busy"] }).catch(() => undefined);
    await releaseExpired(deps);
  }
  expect(await rowOf(worker)).toMatchObject({ desired: "gone" });
  expect(await taskView(deps, task)).toMatchObject({
    status: "failed",
    result: { summary: expect.stringContaining("time limit") },
  });
});

test("L09 a worker whose change is under review outlives its time limit, but not for ever", async () => {
  const { deps, clock } = company;
  const { task, worker } = await workerFor("Reviewed");
  const session = await company.enter(worker);
  const claimed = (await claimRun(deps, session))!;
  await transact(deps, async (unit) => {
    await sql`insert into changes (id, company_id, task_id, agent_id, owner_id, repository, branch, base, title, status, number, head_sha,
        created_at, updated_at)
      select ${deps.newId()}, t.company_id, t.id, t.worker_agent_id, t.assigned_to, 'o/r', 'b', 'main', 'T', 'open', 1, 'abc', ${unit.now}, ${unit.now}
      from tasks t where t.id = ${task}`.execute(unit.queries);
  });
  await finishRun(deps, session, report(claimed.run.id));
  clock.advance(3 * 3_600_000);
  await releaseExpired(deps);
  expect((await taskView(deps, task)).completedAt).toBeNull();
  clock.advance(4 * 3_600_000);
  await releaseExpired(deps);
  expect(await taskView(deps, task)).toMatchObject({ status: "failed" });
});

test("work that an agent dies on three times is given up; a task of its own then fails", async () => {
  const { deps } = company;
  const task = await createTask(deps, "operator", { title: "Poison", assignTo: "cto" });
  await wakeNow(deps, { agent: "cto", reason: "look at this", about: "x" });
  for (let life = 0; life < 3; life += 1) {
    const session = await company.enter("cto");
    expect((await claimRun(deps, session))?.run.reasons.length).toBeGreaterThan(0);
    await lose(session);
  }
  expect(await givenUp()).toHaveLength(2);
  expect(await taskView(deps, task.id)).toMatchObject({ status: "failed" });
  expect((await claimRun(deps, await company.enter("cto")))?.run.reasons.map((reason) => reason.text) ?? []).not.toContain(
    "look at this",
  );
});

test("stopping the fleet costs no try: what was claimed waits again as if it had not been", async () => {
  const { deps } = company;
  await wakeNow(deps, { agent: "cto", reason: "look at this", about: "x" });
  for (let round = 0; round < 6; round += 1) {
    const session = await company.enter("cto");
    expect((await claimRun(deps, session))?.run.reasons).toMatchObject([{ text: "look at this" }]);
    await stopAll(deps, "operator");
    expect(await claimRun(deps, session)).toBeNull();
    await incarnationLost(deps, {
      agent: "cto",
      epoch: session.epoch,
      reason: "stop",
      retryAt: null,
      wanted: false,
      failures: 0,
    });
    await startAll(deps, "operator");
  }
  expect(await givenUp()).toEqual([]);
});

test("a stopped company that is started again runs its workers, too", async () => {
  const { deps } = company;
  const { worker } = await workerFor("Later");
  await stopAll(deps, "operator");
  await registerFleet(deps, testFleet());
  expect(await rowOf(worker)).toMatchObject({ desired: "running" });
  expect(await rowOf("ceo")).toMatchObject({ desired: "running" });
});

test("an agent whose scheduled run fails rests before the next try, longer each time", async () => {
  const { deps, clock } = company;
  const session = await company.enter("cmo");
  clock.advance(25 * 3_600_000);
  let runs = 0;
  for (let second = 0; second < 120; second += 1) {
    await wakeDue(deps);
    const claimed = await claimRun(deps, session);
    if (claimed) {
      runs += 1;
      await finishRun(deps, session, failed(claimed.run.id));
    }
    clock.advance(1_000);
  }
  // At 0, 15, 45 and 105 s.
  expect(runs).toBeLessThanOrEqual(4);
  expect(runs).toBeGreaterThanOrEqual(3);
  expect(await rowOf("cmo")).toMatchObject({ failures: 0 });
});

test("a run that was claimed and never reached its agent ends as soon as the agent asks again", async () => {
  const { deps } = company;
  const session = await company.enter("cto");
  await wakeNow(deps, { agent: "cto", reason: "look at this", about: "x" });
  const first = await claimRun(deps, session);
  // The gateway dies here.
  const second = await claimRun(deps, session);
  expect(second?.run.reasons).toEqual(first?.run.reasons);
  await expect(finishRun(deps, session, report(first!.run.id))).rejects.toMatchObject({ code: "AITO_RUN_UNKNOWN" });
  expect(await finishRun(deps, session, report(second!.run.id))).toEqual({ next: "sleep" });
  expect(await claimRun(deps, session)).toBeNull();
});

test("a run without progress ends with its session, and its work is not done by two", async () => {
  const { deps, clock } = company;
  const session = await company.enter("cto");
  await wakeNow(deps, { agent: "cto", reason: "look at this", about: "x" });
  const { run } = (await claimRun(deps, session))!;
  for (let minute = 0; minute < 5; minute += 1) {
    clock.advance(60_000);
    await heartbeat(deps, session, { doing: "thinking", progress: 1 });
  }
  expect(await releaseExpired(deps)).toBe(0);
  clock.advance(180_000);
  await heartbeat(deps, session, { doing: "thinking", progress: 1 });
  expect(await releaseExpired(deps)).toBe(1);
  await expect(finishRun(deps, session, report(run.id))).rejects.toMatchObject({ code: "AITO_RUN_UNKNOWN" });
  expect((await listEvents(deps, { types: ["agent.hung"] })).map((event) => event.target)).toEqual(["cto"]);
  // Its container is refused from here on, exits, and is replaced.
  expect((await liveRedisUsers(deps)).map((user) => user.agent)).not.toContain("cto");
});

test("who makes progress keeps its run up to the run's deadline and no longer", async () => {
  const { deps, clock } = company;
  const session = await company.enter("cto");
  await wakeNow(deps, { agent: "cto", reason: "look at this", about: "x" });
  await claimRun(deps, session);
  let minutes = 0;
  while ((await releaseExpired(deps)) === 0 && minutes < 60) {
    minutes += 1;
    clock.advance(60_000);
    await heartbeat(deps, session, { doing: "busy", progress: minutes });
  }
  expect(minutes).toBe(12);
});

test("an incarnation whose end is written down may not write any more", async () => {
  const { deps } = company;
  const session = await company.enter("cfo");
  await lose(session);
  const late = sendMessage(deps, session, { type: "direct", to: "ceo", payload: { text: "late" } });
  await expect(late).rejects.toMatchObject({ code: "AITO_AGENT_STALE", status: 409 });
});

test("a task that is stopped while its worker reads the context stays stopped", async () => {
  const { deps } = company;
  const { task, worker } = await workerFor("Stopped");
  const session = await company.enter(worker);
  const { run } = (await claimRun(deps, session))!;
  await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    sql`update tasks set status = 'cancelled' where id = ${task}`.execute(tx.queries),
  );
  expect((await runContext(deps, session, { run: run.id })).tasks).toEqual([]);
  expect(await taskView(deps, task)).toMatchObject({ status: "cancelled" });
});

test("a broadcast is read at the next wake before it is acknowledged", async () => {
  const { deps } = company;
  const session = await company.enter("cfo");
  await sendMessage(deps, "operator", { type: "broadcast", to: "all", payload: { text: "We move on Friday." } });
  await wakeNow(deps, { agent: "cfo", reason: "schedule", about: null });
  const { run } = (await claimRun(deps, session))!;
  expect(await runContext(deps, session, { run: run.id })).toMatchObject({
    askModel: true,
    newSinceLastRun: ["1 message(s) are unread"],
  });
});

test("an agent with more letters than one run reads is woken again for the rest", async () => {
  const { deps } = company;
  const session = await company.enter("cfo");
  for (let n = 0; n < 60; n += 1)
    await sendMessage(deps, "operator", { type: "direct", to: "cfo", payload: { text: `letter ${n}` } });
  const read: string[] = [];
  for (let runs = 0; runs < 5; runs += 1) {
    const claimed = await claimRun(deps, session);
    if (!claimed) break;
    const { messages } = await runContext(deps, session, { run: claimed.run.id });
    const acknowledged = messages.map((message) => message.id);
    read.push(...acknowledged);
    await finishRun(deps, session, report(claimed.run.id, { acknowledged }));
  }
  expect(new Set(read).size).toBe(60);
});

test("letters to those who are gone keep nobody else from being rung again", async () => {
  const { deps, clock, rung } = company;
  const newId = makeNewId(clock.now);
  const { worker } = await workerFor("Gone");
  await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    await sql`update agents set desired = 'gone' where name = ${worker}`.execute(tx.queries);
    for (let n = 0; n < 250; n += 1) {
      const id = newId();
      await sql`insert into messages (id, company_id, type, from_name, to_name, payload, priority, created_at)
        values (${id}, ${deps.companyId}, 'direct', 'operator', ${worker}, '{"text":"x"}', 'normal', ${tx.now})`.execute(
        tx.queries,
      );
      await sql`insert into deliveries (id, company_id, message_id, agent_id, rung_at, rings)
        select ${newId()}, ${deps.companyId}, ${id}, a.id, ${tx.now}, 1 from agents a where a.name = ${worker}`.execute(
        tx.queries,
      );
    }
  });
  clock.advance(1_000);
  await sendMessage(deps, "operator", { type: "direct", to: "cfo", payload: { text: "hello" } });
  clock.advance(20_000);
  rung.length = 0;
  await ringUnacknowledged(deps);
  expect(rung.map((row) => row.target)).toContain("channel:agent:cfo");
});

test("an order that cannot be carried out keeps no other from being carried out", async () => {
  const { deps } = company;
  await addCommand(deps, { kind: "agent.restart", arguments: { agent: "nobody" }, by: "operator" });
  await addCommand(deps, { kind: "fleet.stop", arguments: {}, by: "operator" });
  expect(await takeCommands(deps)).toEqual({ restart: [] });
  expect((await agentsToRun(deps)).every((agent) => agent.desired === "stopped")).toBe(true);
  expect(await listAgents(deps)).toHaveLength(7);
  expect(await authenticate(deps, "unknown").catch((error: { code: string }) => error.code)).toBe("AITO_AGENT_SESSION");
});

test("F03 a leader whose term has passed to another writes nothing more", async () => {
  const { deps, clock } = company;
  const first = (await acquireTerm(deps, "one", 10_000))!;
  const one = { ...deps, lead: () => ({ holder: "one", term: first }) };
  await stopAll(one, "operator");
  clock.advance(11_000);
  expect(await acquireTerm(deps, "two", 10_000)).toBe(first + 1n);
  await expect(startAll(one, "operator")).rejects.toMatchObject({ code: "AITO_TERM_LOST", fate: "retry" });
  await expect(beginIncarnation(one, { agent: "ceo", tokenHash: "x" })).rejects.toMatchObject({ code: "AITO_TERM_LOST" });
  expect((await agentsToRun(deps)).every((agent) => agent.desired === "stopped" && agent.epoch === 0)).toBe(true);
});

test("a row of the outbox that cannot be said keeps no other from being said", async () => {
  const said: string[] = [];
  const picky = await openCompany({
    deliver: (rows) => {
      if (rows.some((row) => row.body.includes("unsayable"))) return Promise.reject(new Error("no"));
      said.push(...rows.map((row) => row.target));
      return Promise.resolve();
    },
  });
  try {
    const text = (word: string) => sendMessage(picky.deps, "operator", { type: "direct", to: "cfo", payload: { text: word } });
    await text("unsayable");
    await text("hello");
    picky.clock.advance(2_000);
    said.length = 0;
    await expect(relayOutbox(picky.deps)).rejects.toThrow("no");
    expect(said).toContain("channel:agent:cfo");
    picky.clock.advance(25 * 3_600_000);
    await relayOutbox(picky.deps).catch(() => undefined);
    expect(await relayOutbox(picky.deps)).toBe(0);
  } finally {
    await picky.close();
  }
});

test("workers that are gone are not read again by every pass", async () => {
  const { deps } = company;
  const { worker } = await workerFor("Past");
  await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    sql`update agents set desired = 'gone' where name = ${worker}`.execute(tx.queries),
  );
  const rows = (withPast: boolean) =>
    deps.db.transaction({ companyId: deps.companyId }, async (tx) =>
      (await selectAgents(tx, { withPast })).map((row) => row.name),
    );
  expect(await rows(true)).toContain(worker);
  expect(await rows(false)).toHaveLength(7);
  expect((await listAgents(deps, { withGone: true })).map((agent) => agent.name)).toContain(worker);
});
