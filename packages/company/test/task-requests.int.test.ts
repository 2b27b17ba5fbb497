import { afterEach, beforeEach, expect, test } from "vitest";
import { isAitoError } from "@aito/base";
import { TaskRequest } from "@aito/protocol";
import { claimRun, createTask, listEvents, listMessages, listTasks, requestTasks, taskDesk } from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.close());

const by = "@ada";
const origin = { operator: by, address: "192.0.2.1" };
const ask = (title: string, more: Partial<TaskRequest> = {}) => ({
  request: TaskRequest.parse({ title, assignTo: "cmo", ...more }),
  by,
  origin,
});
const eventsOf = async (type: string) => await listEvents(company.deps, { types: [type], limit: 200 });
const codes = (answers: unknown[]): unknown[] => answers.map((answer) => (isAitoError(answer) ? answer.code : "made"));

test("S13 what operators ask for together is each a whole task: told, on the desk, in the audit with who and from where", async () => {
  const { deps } = company;
  const single = await createTask(deps, "operator", {
    title: "By itself",
    description: "Two lines",
    assignTo: "cmo",
    priority: 8,
  });
  const [together] = await requestTasks(deps, [ask("Together", { description: "Two lines", priority: 8 }), ask("Another")]);
  if (!together || isAitoError(together)) throw new Error("it was refused");
  const { id, title, createdAt: _made, ...rest } = together.task;
  const { id: _id, title: _title, createdAt: _createdAt, ...alone } = single;
  expect([title, rest]).toEqual(["Together", alone]);
  expect((await listTasks(deps)).find((task) => task.id === id)).toEqual(together.task);
  const ofCmo = await listTasks(deps, { agent: "cmo", status: ["pending"], limit: 2 });
  const older = await listTasks(deps, { agent: "cmo", before: ofCmo.at(-1)!.id });
  expect([...ofCmo, ...older].map((task) => task.title).toSorted()).toEqual(["Another", "By itself", "Together"]);
  expect(await listTasks(deps, { agent: "cto" })).toEqual([]);
  const both = await listEvents(deps, { types: ["message.sent", "task.created", "task.created"], limit: 50 });
  expect(both.map(({ type }) => type).toSorted()).toEqual([...Array(3).fill("message.sent"), ...Array(3).fill("task.created")]);
  const payloads = (await eventsOf("task.created")).map((event) => ({ source: event.source, ...event.payload }));
  expect(payloads).toContainEqual(expect.objectContaining({ task: id, title: "Together", source: by, origin }));
  const letters = (await listMessages(deps)).filter(({ type }) => type === "task");
  expect(
    letters
      .map(({ from, to, payload }) => `${from} to ${to}: ${String(payload["title"])}, ${String(payload["priority"])}`)
      .toSorted(),
  ).toEqual(["operator to cmo: Another, normal", "operator to cmo: By itself, high", "operator to cmo: Together, high"]);
  const cmo = await company.enter("cmo");
  const run = await claimRun(deps, cmo);
  expect(run?.run.reasons.map(({ ref }) => ref)).toContain(id);
});

test("S13 one that is refused takes nothing from those beside it, and leaves nothing", async () => {
  const { deps } = company;
  const answers = await requestTasks(deps, [
    ask("Good"),
    ask("For nobody", { assignTo: "nobody-there" }),
    ask("For no client", { client: "no-such-client" }),
    ask("Good, too"),
  ]);
  expect(codes(answers)).toEqual(["made", "AITO_AGENT_UNKNOWN", "AITO_CLIENT_UNKNOWN", "made"]);
  expect((await listTasks(deps)).map(({ title }) => title).toSorted()).toEqual(["Good", "Good, too"]);
  expect((await eventsOf("task.created")).length).toBe(2);
  expect((await eventsOf("message.sent")).length).toBe(2);
});

test("S13 a request that comes again with its key is the same task, however it comes; with another text it is refused", async () => {
  const { deps } = company;
  const twice = await requestTasks(deps, [ask("Once", { key: "k1" }), ask("Once", { key: "k1" }), ask("Other", { key: "k1" })]);
  expect(codes(twice)).toEqual(["made", "made", "AITO_TASK_KEY_USED"]);
  const desk = taskDesk(deps);
  const request = TaskRequest.parse({ title: "Once", assignTo: "cmo", key: "k1" });
  // As by several consoles at once, and by one that was restarted.
  const others = Array.from({ length: 4 }, () => taskDesk(deps)({ ...request, key: "k2" }, by));
  const made = await Promise.all([desk(request, by), desk(request, by), ...others]);
  expect(new Set(made.slice(2).map(({ task }) => task.id)).size).toBe(1);
  expect(made.slice(2).filter((each) => each.made).length).toBe(1);
  expect(made.slice(0, 2).map((each) => each.made)).toEqual([false, false]);
  // Another operator's key is another one.
  expect((await desk(request, "@bob")).made).toBe(true);
  await expect(desk({ ...request, title: "Something else" }, by)).rejects.toMatchObject({
    code: "AITO_TASK_KEY_USED",
    status: 409,
  });
  expect((await listTasks(deps)).length).toBe(3);
});

test("S13 of many requests at once each gets its own answer, and a worker's is started once", async () => {
  const { deps } = company;
  const desk = taskDesk({ ...deps, origin: () => origin });
  const requests = Array.from({ length: 60 }, (_, at) =>
    TaskRequest.parse({ title: `Task ${at}`, assignTo: at % 7 === 3 ? "nobody-there" : "cmo" }),
  );
  const settled = await Promise.allSettled(requests.map((request) => desk(request, by)));
  for (const [at, each] of settled.entries()) {
    if (at % 7 === 3) expect(each).toMatchObject({ status: "rejected", reason: { code: "AITO_AGENT_UNKNOWN" } });
    else expect(each).toMatchObject({ status: "fulfilled", value: { made: true, task: { title: `Task ${at}` } } });
  }
  const write = TaskRequest.parse({ title: "Write it", assignTo: "cmo", workerType: "content-writer", key: "w" });
  const [first, second] = [await desk(write, by), await desk(write, by)];
  expect([first.made, second.made, second.task.id, first.task.workerType]).toEqual([
    true,
    false,
    first.task.id,
    "content-writer",
  ]);
  await expect(desk({ ...write, workerType: "no-such-type", key: null }, by)).rejects.toMatchObject({ code: "AITO_WORKER_TYPE" });
  expect((await eventsOf("worker.spawned")).length).toBe(1);
});
