import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type AgentSession,
  beginIncarnation,
  claimRun,
  createTask,
  finishRun,
  listEvents,
  listMessages,
  returnOverdue,
  runContext,
  saveState,
  saveWork,
  sendMessage,
  stopAll,
} from "../src/index.ts";
import { openCompany, report, testFleet, type TestCompany } from "./open-company.ts";

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.close());

const tell = (from: AgentSession, to: string, extra: object = {}) =>
  sendMessage(company.deps, from, { type: "direct", to, payload: { text: "What do you think?" }, ...extra });
const ask = (from: AgentSession, to: string) => tell(from, to, { requiresResponse: true });

/** The agent's next run reads what woke it; `act` is what it does in it. */
async function inRun<T>(session: AgentSession, act: () => Promise<T>): Promise<T> {
  const claimed = await claimRun(company.deps, session);
  const context = await runContext(company.deps, session, { run: claimed!.run.id });
  const done = await act();
  const acknowledged = context.messages.map((message) => message.id);
  await finishRun(company.deps, session, report(claimed!.run.id, { acknowledged }));
  return done;
}

test("Y13 a question that closes a circle of waiting is refused with the circle named; an answer opens it again", async () => {
  const [cmo, cto, cfo] = [await company.enter("cmo"), await company.enter("cto"), await company.enter("cfo")];
  const first = await ask(cmo, "cto");
  await ask(cto, "cfo");
  await expect(ask(cfo, "cmo")).rejects.toMatchObject({
    code: "AITO_MESSAGE_CYCLE",
    message: "these agents would wait for each other: cfo for cmo, cmo for cto, cto for cfo",
  });
  await tell(cfo, "cmo");
  await tell(cto, "cmo", { inReplyTo: first.id });
  expect(await ask(cfo, "cmo")).toMatchObject({ requires_response: true });
  await expect(ask(cmo, "cto")).rejects.toMatchObject({ code: "AITO_MESSAGE_CYCLE" });
});

test("Y13 a wait ends at its deadline, with no circle left behind it, and without one named it lasts an hour", async () => {
  const [cmo, cto] = [await company.enter("cmo"), await company.enter("cto")];
  const asked = await ask(cmo, "cto");
  expect(new Date(asked.response_deadline!).getTime() - company.clock.now().getTime()).toBe(3_600_000);
  await expect(ask(cto, "cmo")).rejects.toMatchObject({ code: "AITO_MESSAGE_CYCLE" });
  company.clock.advance(3_600_001);
  await ask(cto, "cmo");
  await expect(ask(cmo, "cto")).rejects.toMatchObject({ code: "AITO_MESSAGE_CYCLE" });
});

test("M04 a missed deadline comes back once as an answer of its own, and the real answer after it is delivered as late", async () => {
  const { deps, clock } = company;
  const [cmo, cto, cfo] = [await company.enter("cmo"), await company.enter("cto"), await company.enter("cfo")];
  const asked = await ask(cmo, "cto");
  clock.advance(3_600_001);
  // Two that look at once (an orchestrator that was replaced, one that was restarted) report it once.
  const [first, second] = await Promise.all([returnOverdue(deps), returnOverdue(deps)]);
  expect(first + second).toBe(1);
  expect(await returnOverdue(deps)).toBe(0);
  const [none] = await listMessages(deps, { limit: 1 });
  expect(none).toMatchObject({
    type: "direct",
    from: "system",
    to: "cmo",
    in_reply_to: asked.id,
    payload: { no_answer: { message_id: asked.id, from: "cto", deadline: asked.response_deadline } },
  });
  await expect(tell(cfo, "cmo", { inReplyTo: asked.id })).rejects.toMatchObject({ code: "AITO_MESSAGE_INVALID" });
  expect(await tell(cto, "cmo", { inReplyTo: asked.id })).toMatchObject({ late: true });
  const run = await claimRun(deps, cmo);
  const { messages } = await runContext(deps, cmo, { run: run!.run.id });
  expect(messages.map(({ from, late }) => [from, late])).toEqual([
    ["system", undefined],
    ["cto", true],
  ]);
  const inTime = await ask(cfo, "cto");
  expect(await tell(cto, "cfo", { inReplyTo: inTime.id })).not.toHaveProperty("late");
});

test("Y13 two who write in turns and change nothing are stopped, both and the operator are told once; progress ends it", async () => {
  const { deps, clock } = company;
  const [cmo, cto] = [await company.enter("cmo"), await company.enter("cto")];
  const turn = (index: number) => (index % 2 === 0 ? tell(cmo, "cto") : tell(cto, "cmo"));
  for (let index = 0; index < 12; index += 1) {
    await turn(index);
    clock.advance(5_000);
  }
  for (const index of [12, 13, 14]) await expect(turn(index)).rejects.toMatchObject({ code: "AITO_MESSAGE_NO_PROGRESS" });
  const told = (await listMessages(deps, { limit: 50 })).filter((message) => message.from === "system");
  expect(told.map((message) => message.to).toSorted()).toEqual(["cmo", "cto"]);
  expect(told[0]!.payload["text"]).toBe(
    "cmo and cto have written to each other 12 times in turns, and neither has changed anything since",
  );
  expect(await listEvents(deps, { types: ["conversation.stopped"], limit: 5 })).toHaveLength(1);
  // Others go on, and so do these two when one of them has done something, or has slept on it.
  await tell(cmo, "cfo");
  await saveState(deps, cto, { key: "plan", value: { agreed: true } });
  await turn(14);
  for (let index = 15; index < 40; index += 1) await turn(index).catch(() => clock.advance(5_000));
  await expect(turn(40)).rejects.toMatchObject({ code: "AITO_MESSAGE_NO_PROGRESS" });
  clock.advance(3_600_001);
  await turn(40);
});

test("Y13 work that is kept for a task is progress, though the task is not done yet", async () => {
  const { deps, clock } = company;
  const [cmo, cto] = [await company.enter("cmo"), await company.enter("cto")];
  const task = await createTask(deps, "operator", { title: "Draft", assignTo: "cto" });
  const turn = (index: number) => (index % 2 === 0 ? tell(cmo, "cto") : tell(cto, "cmo"));
  for (let index = 0; index < 12; index += 1) {
    await turn(index);
    clock.advance(5_000);
  }
  await expect(turn(12)).rejects.toMatchObject({ code: "AITO_MESSAGE_NO_PROGRESS" });
  await saveWork(deps, cto, { task: task.id, text: "the first half of the draft" });
  await turn(13);
});

test("Y13 a message that goes round and round ends after 20 hops, though no two of its agents write in turns", async () => {
  const ring = ["cmo", "cto", "cfo", "coo"];
  const sessions = new Map<string, AgentSession>();
  for (const name of ring) sessions.set(name, await company.enter(name));
  let sent = 0;
  await tell(sessions.get("cmo")!, "cto");
  for (let hop = 1; hop < 40; hop += 1) {
    const session = sessions.get(ring[hop % 4]!)!;
    const outcome = await inRun(session, () => tell(session, ring[(hop + 1) % 4]!).catch((error: unknown) => error));
    company.clock.advance(5_000);
    if (outcome instanceof Error) {
      expect(outcome).toMatchObject({ code: "AITO_MESSAGE_HOPS" });
      break;
    }
    sent += 1;
  }
  expect(sent).toBe(20);
  // Who does something about it may go on, as from the start.
  const cto = sessions.get(ring[21 % 4]!)!;
  await tell(sessions.get("coo")!, cto.agent);
  await inRun(cto, async () => {
    await saveState(company.deps, cto, { key: "done", value: 1 });
    await tell(cto, "cfo");
  });
});

test("F20 a flood is refused at its sender after 30 in a minute, the operator is told once, and others write on", async () => {
  const { deps, clock } = company;
  const [cmo, cto] = [await company.enter("cmo"), await company.enter("cto")];
  const outcomes = [];
  for (let index = 0; index < 50; index += 1)
    outcomes.push(await tell(cmo, "cto").catch((error: { code: string }) => error.code));
  expect(outcomes.filter((outcome) => outcome === "AITO_MESSAGE_RATE")).toHaveLength(20);
  expect(await listEvents(deps, { types: ["agent.throttled"], limit: 50 })).toHaveLength(1);
  await tell(cto, "cfo");
  clock.advance(60_001);
  await tell(cmo, "cto");
});

test("Y13 a message to who is unknown, gone, stopped, oneself or a group that should answer has a clear end", async () => {
  const { deps } = company;
  const cmo = await company.enter("cmo");
  await expect(tell(cmo, "cxo")).rejects.toMatchObject({ code: "AITO_AGENT_UNKNOWN" });
  await expect(tell(cmo, "cmo")).rejects.toMatchObject({ code: "AITO_MESSAGE_INVALID" });
  await expect(ask(cmo, "clevel")).rejects.toMatchObject({ code: "AITO_MESSAGE_INVALID" });
  expect((await tell(cmo, "cto")).readLater).toBe("cto does not run now: inactive; it reads this when it runs again");
  await company.enter("cto");
  expect((await tell(cmo, "cto")).readLater).toBeNull();
  await stopAll(deps, "operator");
  expect((await tell(cmo, "cto")).readLater).toContain("it was stopped");
  await beginIncarnation(deps, { agent: "cmo", tokenHash: "x" });
  await expect(tell(cmo, "cto")).rejects.toMatchObject({ code: "AITO_AGENT_STALE" });
});

test("Y13 the fleet file sets the limits, and a message over the size is refused before anything is stored", async () => {
  const fleet = testFleet();
  fleet.file.messages = { perMinute: 2, hopsMax: 3, turnsMax: 2, answerSeconds: 60 };
  const small = await openCompany({ fleet });
  try {
    const cmo = await small.enter("cmo");
    const say = (text: string) => sendMessage(small.deps, cmo, { type: "direct", to: "cto", payload: { text } });
    await expect(say("x".repeat(20_001))).rejects.toMatchObject({ code: "AITO_MESSAGE_INVALID" });
    await say("one");
    await say("two");
    await expect(say("three")).rejects.toMatchObject({ code: "AITO_MESSAGE_RATE" });
    expect(await listMessages(small.deps)).toHaveLength(2);
  } finally {
    await small.close();
  }
});
