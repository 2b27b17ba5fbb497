import type { TaskView } from "@aito/protocol";
import { afterEach, expect, test } from "vitest";
import { aito, fakeConsole, folderFor } from "./testing/fake-console.ts";
import { ids, task } from "./testing/samples.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const path = `/api/v1/tasks/${ids.task}`;
const quarantined: TaskView = {
  ...task,
  status: "failed",
  quarantine: { since: "2026-11-20T12:00:00.000Z", why: "it ended 3 containers of its worker" },
};

async function company() {
  const console_ = await fakeConsole({ [`GET ${path}`]: quarantined, [`POST ${path}/settle`]: { ...task, id: ids.event } });
  open.push(console_);
  const folder = folderFor(console_.url);
  return { ...console_, run: (...args: string[]) => aito([...args, "--folder", folder]) };
}

test("F19 a quarantined task is shown with its reason and the way to settle it", async () => {
  const { run } = await company();
  const { out } = await run("tasks", "show", ids.task);
  expect(out).toContain("it ended 3 containers of its worker");
  expect(out).toContain(`aito tasks settle ${ids.task}`);
});

test.each([
  [["--retry"], { how: "retry" }],
  [["--give-up"], { how: "give_up" }],
  [["--to", "cto"], { how: "hand_over", assignTo: "cto", workerType: "content-writer" }],
  [["--worker", "analyst"], { how: "hand_over", assignTo: "cmo", workerType: "analyst" }],
  [["--to", "cto", "--no-worker"], { how: "hand_over", assignTo: "cto", workerType: null }],
])("F19 tasks settle %j says exactly that", async (options, body) => {
  const { run, seen } = await company();
  const ran = await run("tasks", "settle", ids.task, ...options, "--json");
  expect(ran).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(ran.out)).toEqual({ id: ids.event, status: "done", assignedTo: "cmo", workerType: "content-writer" });
  expect(seen.filter(({ method }) => method === "POST").map(({ body: sent }) => sent)).toEqual([body]);
});

test.each([[[]], [["--retry", "--give-up"]], [["--retry", "--no-worker"]]])("F19 tasks settle %j is refused", async (options) => {
  const { run, seen } = await company();
  expect((await run("tasks", "settle", ids.task, ...options)).code).toBe(2);
  expect(seen.filter(({ method }) => method === "POST")).toEqual([]);
});
