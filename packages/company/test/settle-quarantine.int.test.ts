import { afterEach, beforeEach, expect, test } from "vitest";
import type { SettleTask, TaskView } from "@aito/protocol";
import {
  type AgentSession,
  beginIncarnation,
  createTask,
  fleetStatus,
  incarnationLost,
  listEvents,
  moveTask,
  settleQuarantine,
  taskView,
} from "../src/index.ts";
import { openCompany, testFleet, type TestCompany } from "./open-company.ts";

const fleet = testFleet();
fleet.file.workers = { "content-writer": { profile: "content-writer.md", timeLimitSeconds: 900 } };
fleet.file.workers["analyst"] = fleet.file.workers["content-writer"]!;
fleet.profiles["analyst"] = fleet.profiles["content-writer"]!;

let company: TestCompany;
let cmo: AgentSession;
beforeEach(async () => {
  company = await openCompany({ fleet });
  cmo = await company.enter("cmo");
});
afterEach(() => company.close());

const by = "@ada";
const text = { title: "Poison", description: "Ends whoever reads it", workerType: "content-writer" };
const refused = (code: string) => expect.objectContaining({ code });
const settle = (task: TaskView, how: SettleTask) => settleQuarantine(company.deps, { task: task.id, settle: how, by });
const alerts = async () => (await fleetStatus(company.deps)).alerts!.map(({ subject }) => subject);

/** Ends every container of its worker until nobody starts another. */
async function poisoned(task: TaskView): Promise<TaskView> {
  const { deps } = company;
  for (let container = 1; container <= 3; container += 1) {
    const agent = task.workerAgent!;
    const { epoch } = await beginIncarnation(deps, { agent, tokenHash: `${agent}-${container}` });
    const reason = "it ran out of memory";
    await incarnationLost(deps, { agent, epoch, reason, retryAt: null, wanted: true, failures: 1 });
  }
  return await taskView(deps, task.id);
}

test("F19 a quarantined task waits for a human with its reason, and is tried again as a new task with containers of its own", async () => {
  const { deps } = company;
  const task = await poisoned(await createTask(deps, cmo, text));
  expect(task).toMatchObject({
    status: "failed",
    quarantine: { why: "it ended 3 containers of its worker; the last: it ran out of memory" },
  });
  expect(await alerts()).toEqual([`task ${task.id}`]);
  const again = await settle(task, { how: "retry" });
  expect(again).toMatchObject({ title: "Poison", assignedTo: "cmo", workerType: "content-writer", status: "pending" });
  expect([again.id, again.workerAgent]).not.toContain(task.id);
  expect(await taskView(deps, task.id)).toMatchObject({ status: "failed", quarantine: null });
  expect(await alerts()).toEqual([]);
  expect(await listEvents(deps, { types: ["task.settled"], limit: 5 })).toMatchObject([
    { source: by, payload: { task: task.id, how: "retry", as: again.id } },
  ]);
  // The new one is judged by its own containers.
  expect((await poisoned(again)).quarantine).not.toBeNull();
  expect(await alerts()).toEqual([`task ${again.id}`]);
});

test("F19 given up it stays failed, agents may still not start the same, and nobody is asked again", async () => {
  const { deps } = company;
  const task = await poisoned(await createTask(deps, cmo, text));
  expect(await settle(task, { how: "give_up" })).toMatchObject({ id: task.id, status: "failed" });
  expect(await taskView(deps, task.id)).toMatchObject({ status: "failed", quarantine: null });
  expect(await alerts()).toEqual([]);
  await expect(createTask(deps, cmo, text)).rejects.toEqual(refused("AITO_TASK_QUARANTINED"));
  for (const how of [{ how: "retry" }, { how: "give_up" }] as const)
    await expect(settle(task, how)).rejects.toEqual(refused("AITO_TASK_SETTLED"));
});

test("F19 another agent, another kind of worker or nobody's worker gets the same text; what nobody may do changes nothing", async () => {
  const { deps } = company;
  const task = await poisoned(await createTask(deps, cmo, text));
  const hand = (assignTo: string, workerType: string | null) => settle(task, { how: "hand_over", assignTo, workerType });
  await expect(hand("cmo", "content-writer")).rejects.toEqual(refused("AITO_TASK_INVALID"));
  await expect(hand("nobody", "analyst")).rejects.toEqual(refused("AITO_AGENT_UNKNOWN"));
  await expect(hand("cmo", "plumber")).rejects.toEqual(refused("AITO_WORKER_TYPE"));
  expect((await taskView(deps, task.id)).quarantine).not.toBeNull();
  expect(await hand("cto", null)).toMatchObject({
    title: "Poison",
    description: text.description,
    assignedTo: "cto",
    workerType: null,
    workerAgent: null,
  });
  await expect(createTask(deps, cmo, text)).rejects.toEqual(refused("AITO_TASK_QUARANTINED"));
  const second = await poisoned(await createTask(deps, cmo, { ...text, title: "Second" }));
  const other = { how: "hand_over", assignTo: "cmo", workerType: "analyst" } as const;
  expect((await settle(second, other)).workerAgent).toMatch(/^analyst-/);
});

test("F19 of two who settle it at once one is heard, and the board's move settles it, too", async () => {
  const { deps } = company;
  const task = await poisoned(await createTask(deps, cmo, text));
  const both = await Promise.allSettled([settle(task, { how: "retry" }), settle(task, { how: "give_up" })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const moved = await poisoned(await createTask(deps, cmo, { ...text, title: "Moved" }));
  await moveTask(deps, { task: moved.id, to: "pending", by });
  expect(await alerts()).toEqual([]);
  await expect(settle(moved, { how: "give_up" })).rejects.toEqual(refused("AITO_TASK_SETTLED"));
});
