import { CompiledQuery } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  agentsToRun,
  claimRun,
  closeStatusQueries,
  createTask,
  finishRun,
  fleetStatus,
  incarnationLost,
  listEvents,
  listMessages,
  listSwitches,
  openStatusQuery,
  pressSwitch,
  registerFleet,
  resumeSwitch,
  runContext,
  stoppedAgents,
  taskView,
  wakeDue,
} from "../src/index.ts";
import { endIncarnations } from "../src/backup/queries.ts";
import { openCompany, report, testFleet, type TestCompany } from "./open-company.ts";

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.close());

const openAlerts = async () => (await fleetStatus(company.deps)).alerts!.map(({ kind, subject }) => `${kind} ${subject}`);

test("O06 a quarantine that an operator's stop ends is told no longer, and the next one is told anew", async () => {
  const { deps } = company;
  const crash = async () => {
    const { agent, epoch } = await company.enter("cmo");
    const end = { agent, epoch, reason: "it crashed", retryAt: null, wanted: true, failures: 5 };
    await incarnationLost(deps, end);
    return end;
  };
  const first = await crash();
  expect(await openAlerts()).toEqual(["quarantine cmo"]);
  await incarnationLost(deps, { ...first, reason: "it is wanted stopped", wanted: false, failures: 0 });
  expect(await openAlerts()).toEqual([]);
  await crash();
  expect(await openAlerts()).toEqual(["quarantine cmo"]);
  expect(await listEvents(deps, { types: ["alert.opened"] })).toHaveLength(2);
});

test("A13 what who leaves the fleet was to do fails and its giver is told; its workers end; nothing new is given to it", async () => {
  const { deps } = company;
  const ceo = await company.enter("ceo");
  const given = await createTask(deps, ceo, { title: "Answer the press", assignTo: "cmo" });
  const made = await createTask(deps, await company.enter("cmo"), { title: "Write a post", workerType: "content-writer" });
  const [task, worker] = [made.id, made.workerAgent!];
  await company.enter(worker);
  const fleet = testFleet();
  fleet.file.council = fleet.file.council.filter((name) => name !== "cmo");
  delete fleet.file.roles["cmo"];
  await registerFleet(deps, fleet);

  const why = "cmo has left the fleet: give it to somebody else";
  for (const id of [given.id, task])
    expect(await taskView(deps, id)).toMatchObject({ status: "failed", result: { summary: why } });
  const rows = await agentsToRun(deps);
  expect(rows.find(({ name }) => name === worker)).toMatchObject({ desired: "gone" });
  const told = (await listMessages(deps, { with: "ceo" })).map(({ from, to, payload }) => [from, to, payload["task_id"]]);
  expect(told).toContainEqual(["system", "ceo", given.id]);
  await expect(createTask(deps, ceo, { title: "One more", assignTo: "cmo" })).rejects.toMatchObject({ code: "AITO_AGENT_GONE" });
});

test("a task that five runs in a row failed at is told to a human until a run of its agent ends well; it is in the next run again", async () => {
  const { deps, clock } = company;
  const ceo = await company.enter("ceo");
  const cmo = await company.enter("cmo");
  const task = await createTask(deps, ceo, { title: "Answer the press", assignTo: "cmo" });
  for (let tries = 1; tries <= 5; tries += 1) {
    expect(await openAlerts()).toEqual([]);
    const claimed = await claimRun(deps, cmo);
    await finishRun(deps, cmo, report(claimed!.run.id, { outcome: "failed", error: "the model is away" }));
    clock.advance(20 * 60_000);
  }
  expect(await listEvents(deps, { types: ["work.given_up"] })).toHaveLength(1);
  expect(await openAlerts()).toEqual(["work cmo"]);
  const [told] = (await fleetStatus(deps)).alerts!;
  expect(told!.detail).toMatch(new RegExp(`5 runs.*Answer the press.*the model is away.*aito tasks show ${task.id}`));

  clock.advance(3_600_000);
  await wakeDue(deps);
  const next = await claimRun(deps, cmo);
  const { askModel, tasks } = await runContext(deps, cmo, { run: next!.run.id });
  expect({ askModel, tasks: tasks.map(({ id }) => id) }).toEqual({ askModel: true, tasks: [task.id] });
  await finishRun(deps, cmo, report(next!.run.id));
  expect(await openAlerts()).toEqual([]);
});

test("D01 who was quarantined is so after a restore, as its alert says; who waited for its next try is started", async () => {
  const { deps, clock } = company;
  const lose = async (name: string, retryAt: Date | null) => {
    const { agent, epoch } = await company.enter(name);
    await incarnationLost(deps, { agent, epoch, reason: "it crashed", retryAt, wanted: true, failures: retryAt ? 2 : 5 });
  };
  await lose("cmo", null);
  await lose("cto", new Date(clock.now().getTime() + 60_000));
  await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const query = async <T>(text: string, values: unknown[] = []) =>
      await tx.queries.executeQuery<T>(CompiledQuery.raw(text, values));
    await endIncarnations({ query }, deps.companyId, 100_000, clock.now());
  });
  const rows = await agentsToRun(deps);
  const seen = (name: string) => rows.find((row) => row.name === name);
  expect(seen("cmo")).toMatchObject({ status: "error", statusReason: "it crashed", retryAt: null, failures: 5, epoch: 100_001 });
  expect(seen("cto")).toMatchObject({ status: "inactive", statusReason: null, retryAt: null, epoch: 100_001 });
  expect(await openAlerts()).toEqual(["quarantine cmo"]);
});

test("S13 a department's kill switch holds who a changed fleet file moves out of it, by one of their own that is resumed by itself", async () => {
  const { deps } = company;
  const presser = { by: "@ada", from: "a test" };
  const on = await pressSwitch(deps, { scope: "department", target: "CMO", reason: "too loud" }, presser);
  const stopped = async () => [...(await stoppedAgents(deps)).keys()];
  const fleet = testFleet();
  const { profile } = fleet.profiles["cmo"]!;
  fleet.profiles["cmo"] = { ...fleet.profiles["cmo"]!, profile: { ...profile, department: "Growth" } };
  for (let times = 1; times <= 2; times += 1) {
    await registerFleet(deps, fleet);
    expect(await stopped()).toEqual(["cmo"]);
  }
  const own = (await listSwitches(deps)).find(({ label }) => label === "agent cmo")!;
  expect(own).toMatchObject({ pressedBy: "system", reason: expect.stringMatching(/department CMO.*too loud/) });
  await resumeSwitch(deps, { id: on.id, reason: "calm", confirm: on.label }, presser);
  expect(await stopped()).toEqual(["cmo"]);
  await resumeSwitch(deps, { id: own.id, reason: "calm", confirm: own.label }, presser);
  await registerFleet(deps, testFleet());
  expect(await stopped()).toEqual([]);
});

test("L14 who left the fleet while a status query was open is no finding of it", async () => {
  const { deps, clock } = company;
  clock.advance(3_600_000);
  expect(await openStatusQuery(deps)).not.toBeNull();
  const fleet = testFleet();
  fleet.file.council = fleet.file.council.filter((name) => name !== "cmo");
  delete fleet.file.roles["cmo"];
  await registerFleet(deps, fleet);
  clock.advance(3_600_000);
  expect(await closeStatusQueries(deps)).toBe(1);
  const about = (await listEvents(deps, { types: ["task.created"] })).map(({ payload }) => String(payload["title"]));
  expect(about.some((title) => title.includes("cto"))).toBe(true);
  expect(about.filter((title) => title.includes("cmo"))).toEqual([]);
});
