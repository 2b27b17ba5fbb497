import { isAitoError } from "@aito/base";
import { type DecisionView, Proposal, type Vote } from "@aito/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AgentSession,
  answerEscalation,
  argue,
  argumentTurnsMax,
  budgetLeft,
  castVote,
  createTask,
  decisionView,
  finishTask,
  kindsOf,
  listEscalations,
  listEvents,
  listMessages,
  listTasks,
  openDecisionsFor,
  overrideDecision,
  propose,
  taskView,
  transact,
  withdraw,
} from "../src/index.ts";
import { openCompany, type TestCompany, worked } from "./open-company.ts";

let company: TestCompany;
const sessions = new Map<string, AgentSession>();
beforeAll(async () => {
  company = await openCompany();
  for (const agent of ["ceo", "dao", "cmo", "cto", "cfo", "coo", "cco"]) sessions.set(agent, await company.enter(agent));
});
afterAll(() => company.close());

const as = (name: string): AgentSession => sessions.get(name)!;
const put = (by: string, changes: object): Promise<DecisionView> =>
  propose(company.deps, as(by), Proposal.parse({ title: "A proposal", kind: "Daily posts", ...changes }));
const vote = (decisionId: string, voter: string, said: Vote): Promise<DecisionView> =>
  castVote(company.deps, as(voter), { decisionId, vote: said, reason: `${voter}: ${said}` });
const bothHeads = async (id: string, said: Vote): Promise<DecisionView> => {
  await vote(id, "ceo", said);
  return await vote(id, "dao", said);
};
const codeOf = async (run: Promise<unknown>): Promise<string> =>
  await run.then(
    () => "none",
    (error: unknown) => (isAitoError(error) ? error.code : String(error)),
  );
const hours = (count: number): void => company.clock.advance(count * 3_600_000);

describe("kind and money", () => {
  test("V02 an agent's proposal carries a kind of its profile; an unlisted or missing one is major", async () => {
    expect(await put("coo", { title: "Posts of the day" })).toMatchObject({
      type: "minor",
      status: "approved",
      kind: "Daily posts",
    });
    expect(await put("coo", { title: "Something else", kind: "Buying a yacht" })).toMatchObject({
      type: "major",
      status: "pending",
    });
    expect(await put("coo", { title: "Nothing named", kind: null })).toMatchObject({
      type: "major",
      typeReason: "raised to major: no kind of the proposer's Decision Authority was named",
    });
    expect(await put("coo", { title: "A new face", kind: "Rebrand" })).toMatchObject({ type: "critical" });
    expect(await kindsOf(company.deps, as("coo"))).toMatchObject({
      minor: ["Daily posts"],
      major: ["New campaigns"],
      critical: ["Rebrand"],
      workerTypes: ["content-writer"],
    });
  });

  test("V02 what is attached costs at most what is decided", async () => {
    const task = { title: "Buy the booth", usd: 500.000001 };
    expect(await codeOf(put("cmo", { title: "A booth", usd: 500, task }))).toBe("AITO_DECISION_AMOUNT");
    const action = { tool: "publish_text", usd: 501 };
    expect(await codeOf(put("cmo", { title: "An advertisement", usd: 500, action }))).toBe("AITO_DECISION_AMOUNT");
  });
});

describe("the approved amount caps its task", () => {
  let taskId: string;
  test("V02 the task's budget is the approved amount, and only its holder can spend it", async () => {
    const decision = await put("cmo", { title: "A campaign", kind: "New campaigns", usd: 400, task: { title: "Run it" } });
    await bothHeads(decision.id, "approve");
    taskId = decision.taskId!;
    expect(await taskView(company.deps, taskId)).toMatchObject({ status: "pending", budgetMicroUsd: "400000000" });
    expect(await codeOf(put("cto", { title: "Free riding", usd: 10, underTask: taskId }))).toBe("AITO_TASK_NOT_YOURS");
  });

  test("V02 proposals and tasks below it are paid from it, and refused beyond it", async () => {
    const { leftMicroUsd: before } = await transact(company.deps, (unit) => budgetLeft(unit));
    expect(await put("cmo", { title: "Banners", usd: 90, underTask: taskId })).toMatchObject({ status: "approved" });
    const child = await createTask(company.deps, as("cmo"), {
      title: "Printing",
      assignTo: "coo",
      parentTaskId: taskId,
      budgetMicroUsd: 200_000_000n,
    });
    expect(child).toMatchObject({ budgetMicroUsd: "200000000", parentTaskId: taskId });
    const tooMuch = put("cmo", { title: "Speakers", usd: 110.01, kind: "New campaigns", underTask: taskId });
    await expect(tooMuch).rejects.toMatchObject({
      code: "AITO_TASK_BUDGET",
      message: expect.stringContaining("$110.00 left of the $400.00"),
    });
    const spare = { title: "More", parentTaskId: taskId, budgetMicroUsd: 110_010_000n };
    expect(await codeOf(createTask(company.deps, as("cmo"), spare))).toBe("AITO_TASK_BUDGET");
    // The child's own holder is held to the child's share, not to the whole.
    expect(await codeOf(put("coo", { title: "Paper", usd: 201, kind: "New campaigns", underTask: child.id }))).toBe(
      "AITO_TASK_BUDGET",
    );
    const { leftMicroUsd: after } = await transact(company.deps, (unit) => budgetLeft(unit));
    expect(after).toBe(before);
  });

  test("V02 a task cannot be given money that nobody approved", async () => {
    const task = { title: "Spend", budgetMicroUsd: 5_000_000n };
    expect(await codeOf(createTask(company.deps, as("cmo"), task))).toBe("AITO_TASK_BUDGET");
  });

  test("V02 two spenders at once cannot pass the cap together", async () => {
    const spenders = Array.from({ length: 8 }, (_, index) =>
      codeOf(createTask(company.deps, as("cmo"), { title: `Share ${index}`, parentTaskId: taskId, budgetMicroUsd: 50_000_000n })),
    );
    const codes = await Promise.all(spenders);
    expect(codes.filter((code) => code === "none")).toHaveLength(2);
  });
});

describe("emergency session and the heads' exchange", () => {
  test("V15 a head calls an emergency session with short deadlines; others cannot", async () => {
    expect(await codeOf(put("cmo", { title: "Panic", emergency: true }))).toBe("AITO_DECISION_EMERGENCY");
    const decision = await put("ceo", { title: "Answer the press", type: "minor", emergency: true });
    expect(decision).toMatchObject({ type: "major", emergency: true, status: "pending", phase: "heads" });
    expect(Date.parse(decision.deadlineAt!) - company.clock.now().getTime()).toBe(120_000);
    expect(await bothHeads(decision.id, "approve")).toMatchObject({ status: "approved" });
  });

  test("V13 heads exchange bounded arguments before round 1 closes, recorded and shown to both", async () => {
    const { id } = await put("cmo", { title: "A bold campaign", kind: "New campaigns", usd: 700 });
    const say = (by: string, text: string) => argue(company.deps, as(by), { decisionId: id, text });
    expect(await codeOf(say("cfo", "too dear"))).toBe("AITO_ARGUE_NOT_YOURS");
    for (let turn = 1; turn <= argumentTurnsMax; turn += 1) {
      await say("dao", `against ${turn}`);
      await say("ceo", `for ${turn}`);
    }
    expect(await codeOf(say("dao", "once more"))).toBe("AITO_ARGUE_LIMIT");
    const { exchange } = await decisionView(company.deps, id);
    expect(exchange!.map(({ by, turn, text }) => [by, turn, text]).slice(0, 3)).toEqual([
      ["dao", 1, "against 1"],
      ["ceo", 1, "for 1"],
      ["dao", 2, "against 2"],
    ]);
    const seen = await transact(company.deps, (unit) => openDecisionsFor(unit, "ceo"));
    expect(seen.find((each) => each.id === id)!.exchange).toHaveLength(6);
    const messages = await listMessages(company.deps, { limit: 20 });
    expect(messages.filter(({ payload }) => payload["decision_id"] === id && payload["text"])).toHaveLength(6);
    expect((await listEvents(company.deps, { types: ["decision.argued"] })).length).toBe(6);
    await vote(id, "ceo", "approve");
    await vote(id, "dao", "veto");
    expect(await codeOf(say("ceo", "late"))).toBe("AITO_ARGUE_CLOSED");
    await withdraw(company.deps, as("cmo"), id);
  });
});

test("V13 ten arguments of one head at once are three turns", async () => {
  const { id } = await put("cto", { title: "A crowded question", kind: "New campaigns" });
  const said = Array.from({ length: 10 }, (_, index) =>
    codeOf(argue(company.deps, as("ceo"), { decisionId: id, text: `turn ${index}` })),
  );
  expect((await Promise.all(said)).filter((code) => code === "none")).toHaveLength(argumentTurnsMax);
  expect((await decisionView(company.deps, id)).exchange!.map(({ turn }) => turn)).toEqual([1, 2, 3]);
});

describe("a veto stands", () => {
  const idea = { title: "Sponsor a race", description: "A banner on the finish line.", kind: "New campaigns", usd: 800 };
  test("V13 what was vetoed comes back only changed, and only after its cool-off", async () => {
    const { id } = await put("cmo", idea);
    await bothHeads(id, "veto");
    await expect(put("cmo", idea)).rejects.toMatchObject({
      code: "AITO_DECISION_UNCHANGED",
      message: expect.stringContaining(id),
    });
    await expect(put("coo", { ...idea, title: "sponsor a RACE!" })).rejects.toMatchObject({ code: "AITO_DECISION_UNCHANGED" });
    await expect(put("cmo", { ...idea, usd: 300 })).rejects.toMatchObject({
      code: "AITO_DECISION_COOL_OFF",
      message: expect.stringContaining(id),
    });
    hours(23);
    expect(await codeOf(put("cmo", { ...idea, usd: 300 }))).toBe("AITO_DECISION_COOL_OFF");
    hours(2);
    expect(await codeOf(put("cmo", idea))).toBe("AITO_DECISION_UNCHANGED");
    expect(await put("cmo", { ...idea, usd: 300 })).toMatchObject({ status: "pending" });
  });

  test("V13 a person may bring anything back, and what lapsed was not vetoed", async () => {
    expect(await propose(company.deps, "cmo", Proposal.parse({ ...idea, type: "major" }))).toMatchObject({ status: "pending" });
    const validUntil = new Date(company.clock.now().getTime() + 1_000).toISOString();
    const lapsing = { title: "An offer that ends", kind: "New campaigns", validUntil };
    const { id } = await put("cmo", lapsing);
    company.clock.advance(2_000);
    const { closeDueRounds } = await import("../src/index.ts");
    await closeDueRounds(company.deps);
    expect((await decisionView(company.deps, id)).status).toBe("vetoed");
    expect(await codeOf(put("cmo", { ...lapsing, validUntil: null }))).toBe("none");
  });
});

describe("a human overrides", () => {
  test("V17 work of a decided decision is stopped with all below it, and what ran is listed with its undo", async () => {
    const decision = await put("cco", { title: "A study", kind: "New campaigns", usd: 300, task: { title: "Study it" } });
    await bothHeads(decision.id, "approve");
    const parentTaskId = decision.taskId!;
    const part = await createTask(company.deps, as("cco"), { title: "Part one", parentTaskId });
    await worked(company.deps, as("cco"), part.id);
    await finishTask(company.deps, as("cco"), {
      id: part.id,
      status: "done",
      result: { summary: "Done.", text: null, receipts: [] },
    });
    const open = await createTask(company.deps, as("cco"), { title: "Part two", assignTo: "coo", parentTaskId });
    const below = await put("cco", { title: "A survey", kind: "New campaigns", usd: 100, underTask: parentTaskId });
    const report = await overrideDecision(company.deps, { id: decision.id, operator: "operator", reason: "not this year" });
    expect(report.decision).toMatchObject({ status: "overridden", outcomeReason: "overridden by operator: not this year" });
    expect(report.stopped.map(({ task }) => task).toSorted()).toEqual([parentTaskId, open.id].toSorted());
    expect(report.ran).toMatchObject([{ what: 'the task "Part one" was done', undo: expect.any(String) }]);
    expect((await taskView(company.deps, open.id)).status).toBe("cancelled");
    expect(await decisionView(company.deps, below.id)).toMatchObject({ status: "overridden" });
    const events = await listEvents(company.deps, { types: ["decision.overridden", "decision.work_stopped"], limit: 10 });
    expect(events.filter((event) => event.payload["decision"] === decision.id).map((event) => event.source)).toEqual([
      "operator",
      "operator",
    ]);
    expect(await codeOf(overrideDecision(company.deps, { id: decision.id, operator: "operator", reason: "again" }))).toBe(
      "AITO_DECISION_CLOSED",
    );
  });

  test("V17 an open decision and one that waits for a human are overridden, and nothing of them starts", async () => {
    const task = { title: "Never started" };
    const open = await put("cto", { title: "A rewrite", kind: "New campaigns", task });
    expect((await overrideDecision(company.deps, { id: open.id, operator: "ada", reason: "no" })).stopped).toHaveLength(1);
    expect(await codeOf(vote(open.id, "ceo", "approve"))).toBe("AITO_DECISION_CLOSED");
    const silent = await put("dao", { title: "A merger", kind: "Rebrand" });
    await vote(silent.id, "ceo", "veto");
    await vote(silent.id, "dao", "approve");
    for (const voter of ["cmo", "cto", "cfo", "coo", "cco"]) await vote(silent.id, voter, "abstain");
    await vote(silent.id, "ceo", "veto");
    expect(await vote(silent.id, "dao", "approve")).toMatchObject({ status: "escalated" });
    await overrideDecision(company.deps, { id: silent.id, operator: "ada", reason: "no" });
    const links = { linkKey: "a key for links in tests, long enough", publicUrl: "https://acme.example/" };
    const escalation = (await listEscalations(company.deps, links)).find((each) => each.decisionId === silent.id)!;
    expect(escalation.status).toBe("closed");
    const answer = { decision: "approve", comment: "" } as const;
    expect((await answerEscalation(company.deps, { escalationId: escalation.id, operator: "ada", answer })).first).toBe(false);
    expect((await listTasks(company.deps)).find((each) => each.title === "Never started")).toMatchObject({ status: "cancelled" });
  });
});

// Last: what it leaves open would be closed by every tick above.
test("V02 a hundred times $90 is major at the second and critical by the twelfth, through the use case", async () => {
  const types: string[] = [];
  for (let count = 1; count <= 100; count += 1) types.push((await put("cfo", { title: `Purchase ${count}`, usd: 90 })).type);
  expect(types[0]).toBe("minor");
  expect(types.slice(1, 11)).toEqual(Array.from({ length: 10 }, () => "major"));
  expect(new Set(types.slice(11))).toEqual(new Set(["critical"]));
});
