import { afterEach, beforeEach, expect, test } from "vitest";
import { TaskStatus } from "@aito/protocol";
import {
  type AgentSession,
  claimRun,
  createTask,
  finishTask,
  listAgents,
  listEvents,
  listTasks,
  moveTask,
  setTaskPriority,
  taskFamily,
  taskView,
} from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

let company: TestCompany;
let cmo: AgentSession;
beforeEach(async () => {
  company = await openCompany();
  cmo = await company.enter("cmo");
});
afterEach(() => company.close());

const by = "@ada";
const events = async (type: string) =>
  (await listEvents(company.deps, { types: [type], limit: 50 })).map((event) => event.payload);

test("C03 a cancelled task stops its worker, and tried again it is a new task; the old one stays as it is", async () => {
  const { deps } = company;
  const task = await createTask(deps, cmo, {
    title: "Write it",
    description: "Two lines",
    workerType: "content-writer",
    priority: 8,
  });
  const cancelled = await moveTask(deps, { task: task.id, to: "cancelled", by });
  expect(cancelled).toMatchObject({ id: task.id, status: "cancelled" });
  expect((await listAgents(deps)).find(({ name }) => name === task.workerAgent)).toBeUndefined();
  const again = await moveTask(deps, { task: task.id, to: "pending", by });
  expect(again).toMatchObject({ title: "Write it", description: "Two lines", priority: 8, assignedTo: "cmo", status: "pending" });
  expect(again.id).not.toBe(task.id);
  // A second press is not a second worker.
  await expect(moveTask(deps, { task: task.id, to: "pending", by })).rejects.toMatchObject({
    code: "AITO_TASK_DUPLICATE",
    status: 409,
    message: expect.stringContaining(again.id),
  });
  expect(again.workerAgent).not.toBe(task.workerAgent);
  expect(await taskView(deps, task.id)).toMatchObject({ status: "cancelled" });
  expect(await events("task.tried_again")).toEqual([expect.objectContaining({ of: task.id, task: again.id })]);
});

test("C03 no move but the allowed ones changes anything, and each refusal says why", async () => {
  const { deps } = company;
  const task = await createTask(deps, "operator", { title: "Look at it", assignTo: "cmo" });
  for (const to of TaskStatus.options.filter((each) => each !== "cancelled")) {
    await expect(moveTask(deps, { task: task.id, to, by })).rejects.toMatchObject({
      code: "AITO_TASK_MOVE",
      hint: expect.stringMatching(/^[A-Z]/) as string,
    });
  }
  expect(await taskView(deps, task.id)).toMatchObject({ status: "pending", completedAt: null });
});

test("C03 of two who move a task at once one does it, and the other is told", async () => {
  const { deps } = company;
  const task = await createTask(deps, "operator", { title: "Look at it", assignTo: "cmo" });
  const both = await Promise.allSettled([1, 2].map(() => moveTask(deps, { task: task.id, to: "cancelled", by })));
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
});

test("C03 the priority moves what waits on the agent's desk, and not what has ended", async () => {
  const { deps } = company;
  const first = await createTask(deps, "operator", { title: "First", assignTo: "cmo", priority: 5 });
  const second = await createTask(deps, "operator", { title: "Second", assignTo: "cmo", priority: 4 });
  await setTaskPriority(deps, { task: second.id, priority: 9, by });
  const run = await claimRun(deps, cmo);
  const order = run!.run.reasons.filter(({ kind }) => kind === "task").map(({ ref }) => ref);
  expect(order).toEqual([second.id, first.id]);
  await finishTask(deps, cmo, { id: first.id, status: "failed", result: { summary: "No", text: null, receipts: [] } });
  await expect(setTaskPriority(deps, { task: first.id, priority: 1, by })).rejects.toMatchObject({ code: "AITO_TASK_CLOSED" });
  expect(await events("task.priority_changed")).toEqual([expect.objectContaining({ task: second.id, from: 4, to: 9 })]);
});

test("C03 the tree of a task is the same from each of its tasks, parents before children", async () => {
  const { deps } = company;
  const top = await createTask(deps, cmo, { title: "Top" });
  const left = await createTask(deps, cmo, { title: "Left", parentTaskId: top.id });
  const right = await createTask(deps, cmo, { title: "Right", parentTaskId: top.id });
  const leaf = await createTask(deps, cmo, { title: "Leaf", parentTaskId: left.id });
  const seen = (await taskFamily(deps, leaf.id)).map(({ title, depth }) => `${depth} ${title}`);
  expect(seen).toEqual(["0 Top", "1 Left", "2 Leaf", "1 Right"]);
  expect((await taskFamily(deps, right.id)).map(({ id }) => id)).toEqual((await taskFamily(deps, top.id)).map(({ id }) => id));
  expect((await listTasks(deps, { agent: "cmo" })).length).toBe(4);
  expect(await listTasks(deps, { agent: "cto" })).toEqual([]);
});
