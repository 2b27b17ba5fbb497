import { systemClock } from "@aito/base";
import { createTask, type DesiredAgent, listAgents, pressSwitch, resumeSwitch } from "@aito/company";
import { afterEach, expect, test } from "vitest";
import { type OpenFleet, openFleet } from "./open-fleet.ts";

const soon = { timeout: 20_000, interval: 50 };
const who = { by: "operator", from: "a test" };
let fleet: OpenFleet;
afterEach(() => fleet.close());

const names = async (): Promise<string[]> =>
  (await fleet.engine.list("aito"))
    .filter((each) => each.state === "running")
    .map((each) => each.agent)
    .toSorted();
const everyone = ["cco", "ceo", "cfo", "cmo", "coo", "cto", "dao"];
const activeCount = async (): Promise<number> =>
  [...(await fleet.agents()).values()].filter((agent) => agent.status === "active").length;

test("S13 S14 the press kills what it covers and no restart brings it back; resuming starts the next epochs, no failure counted", async () => {
  fleet = await openFleet();
  const first = await fleet.start();
  await expect.poll(activeCount, soon).toBe(7);
  const one = await pressSwitch(fleet.deps, { scope: "department", target: "Marketing", reason: "too loud" }, who);
  await expect.poll(names, soon).toEqual(everyone.filter((name) => name !== "cmo"));
  const all = await pressSwitch(fleet.deps, { scope: "company", target: "", reason: "enough" }, who);
  await expect.poll(names, soon).toEqual([]);
  await expect
    .poll(async () => [...(await fleet.agents()).values()].every((agent) => agent.status === "inactive"), soon)
    .toBe(true);
  await first.close();
  const second = await fleet.start();
  // Longer than a pass of every loop: nothing is placed, and each agent says why.
  await expect.poll(() => second.health().lastPass.actions.length, soon).toBe(7);
  await systemClock.sleep(1_500);
  expect(await names()).toEqual([]);
  expect(second.health().lastPass.actions.every((action) => action.do === "wait" && action.why.includes('"company"'))).toBe(true);
  expect((await listAgents(fleet.deps)).every((agent) => agent.statusReason?.includes("enough"))).toBe(true);
  await resumeSwitch(fleet.deps, { id: all.id, reason: "calm", confirm: "company" }, who);
  await expect.poll(names, soon).toEqual(everyone.filter((name) => name !== "cmo"));
  expect((await listAgents(fleet.deps)).find((agent) => agent.name === "cmo")?.statusReason).toContain("too loud");
  await resumeSwitch(fleet.deps, { id: one.id, reason: "calm", confirm: one.label }, who);
  await expect.poll(activeCount, soon).toBe(7);
  const after: DesiredAgent[] = [...(await fleet.agents()).values()];
  expect(after.every((agent) => agent.epoch === 2 && agent.failures === 0)).toBe(true);
});

test("S13 a client's and a task's switch stop the workers that work for them, and not their colleagues", async () => {
  fleet = await openFleet({
    change: (pack) => {
      pack.file.clients = { acme: { name: "Acme Corp." } };
    },
  });
  await fleet.start();
  const write = async (title: string, client?: string) => {
    const task = await createTask(fleet.deps, "operator", { title, assignTo: "cmo", workerType: "content-writer", client });
    return { id: task.id, worker: task.workerAgent! };
  };
  const forAcme = await write("For Acme", "acme");
  const own = await write("For us");
  const below = await createTask(fleet.deps, "operator", {
    title: "Below",
    assignTo: "cmo",
    workerType: "content-writer",
    parentTaskId: own.id,
  });
  const workers = async (): Promise<string[]> => (await names()).filter((name) => name.startsWith("content-writer"));
  await expect.poll(workers, soon).toEqual([forAcme.worker, own.worker, below.workerAgent!].toSorted());
  await pressSwitch(fleet.deps, { scope: "client", target: "acme", reason: "unpaid" }, who);
  await expect.poll(workers, soon).toEqual([own.worker, below.workerAgent!].toSorted());
  await pressSwitch(fleet.deps, { scope: "task", target: own.id, reason: "wrong brief" }, who);
  await expect.poll(workers, soon).toEqual([]);
  expect((await names()).includes("cmo")).toBe(true);
});
