import { afterEach, beforeEach, expect, test } from "vitest";
import {
  addCommand,
  agentsToRun,
  assignUrgent,
  claimRun,
  fleetStatus,
  heartbeat,
  keepLead,
  listAgents,
  listEvents,
  pressSwitch,
  registerFleet,
  resumeSwitch,
  sendMessage,
  startAll,
  stopAll,
  takeCommands,
  transact,
  unassignedWork,
  whoHasWork,
  whyAgent,
} from "../src/index.ts";
import { addWork } from "../src/work/add-work.ts";
import { openCompany, testFleet, type TestCompany } from "./open-company.ts";

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.close());

const order = async (verb: "pause" | "stop" | "start", agent = "cmo"): Promise<void> => {
  await addCommand(company.deps, { kind: `agent.${verb}`, arguments: { agent }, by: "@ada" });
  await takeCommands(company.deps);
};
const cmoOf = async () => (await listAgents(company.deps)).find(({ name }) => name === "cmo")!;

test("C10 a paused agent is given no run until it is started again, and loses nothing that waits for it", async () => {
  const { deps } = company;
  const [cmo, cto] = [await company.enter("cmo"), await company.enter("cto")];
  await order("pause");
  await sendMessage(deps, cto, { type: "direct", to: "cmo", payload: { text: "Are you there?" } });
  expect([await claimRun(deps, cmo), await whoHasWork(deps, [cmo.agentId])]).toEqual([null, []]);
  expect(await cmoOf()).toMatchObject({ held: { as: "paused", by: "@ada" }, wanted: "running" });
  expect((await whyAgent(deps, "cmo")).agent.held).toMatchObject({ as: "paused" });
  // A restart, a deploy and "start the fleet" leave the pause alone.
  await company.enter("cmo");
  await registerFleet(deps, testFleet());
  await startAll(deps, "@ada");
  expect(await cmoOf()).toMatchObject({ held: { as: "paused" } });
  await order("start");
  const again = await company.enter("cmo");
  expect(await claimRun(deps, again)).not.toBeNull();
  expect((await cmoOf()).held).toBeNull();
});

test("C10 a stopped agent is not wanted, also after the fleet is deployed anew, until it or the fleet is started", async () => {
  const { deps } = company;
  await company.enter("cmo");
  await order("stop");
  const wanted = async () => (await agentsToRun(deps)).find(({ name }) => name === "cmo")!.desired;
  expect(await wanted()).toBe("stopped");
  const fleet = testFleet();
  fleet.file.name = "Acme and sons";
  await registerFleet(deps, fleet);
  expect(await wanted()).toBe("stopped");
  await order("start");
  expect(await wanted()).toBe("running");
  await order("stop");
  await stopAll(deps, "@ada");
  await startAll(deps, "@ada");
  expect([await wanted(), (await cmoOf()).held]).toEqual(["running", null]);
  const told = await listEvents(deps, { limit: 50, types: ["agent.stop_asked", "agent.start_asked", "agent.paused"] });
  expect(told.map(({ type, source, target }) => `${source} ${type} ${target}`)).toEqual([
    "@ada agent.stop_asked cmo",
    "@ada agent.start_asked cmo",
    "@ada agent.stop_asked cmo",
  ]);
});

test("C10 an agent of a stopped fleet that is paused is started with the fleet, and is paused then", async () => {
  const { deps } = company;
  await stopAll(deps, "@ada");
  await order("pause");
  const seen = async () => {
    const row = (await agentsToRun(deps)).find(({ name }) => name === "cmo")!;
    return [row.desired, (await cmoOf()).held?.as];
  };
  expect(await seen()).toEqual(["stopped", "paused"]);
  await startAll(deps, "@ada");
  expect(await seen()).toEqual(["running", "paused"]);
  await order("stop");
  await order("pause");
  expect(await seen()).toEqual(["running", "paused"]);
});

test("O18 a lead that is paused is given no urgent work, and its deputy acts after the grace time", async () => {
  const { deps, clock } = company;
  const heads = [await company.enter("ceo"), await company.enter("dao")];
  const live = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 5) {
      clock.advance(5_000);
      for (const head of heads) await heartbeat(deps, head, { doing: null, progress: 0 });
      await keepLead(deps);
    }
    return (await fleetStatus(deps)).lead!;
  };
  expect(await live(5)).toMatchObject({ name: "ceo", acting: false });
  await order("pause", "ceo");
  await transact(deps, (unit) =>
    addWork(unit, { agent: null, kind: "wake", ref: null, reason: "the site is down", priority: 9 }),
  );
  const [urgent] = await unassignedWork(deps);
  const dao = { scope: "agent", target: "dao", reason: "too loud" } as const;
  const on = await pressSwitch(deps, dao, { by: "@ada", from: "a test" });
  expect(await assignUrgent(deps, urgent!)).toBeNull();
  await resumeSwitch(deps, { id: on.id, reason: "calm", confirm: on.label }, { by: "@ada", from: "a test" });
  expect(await assignUrgent(deps, urgent!)).toBe("dao");
  expect(await live(90)).toMatchObject({ name: "dao", acting: true });
  await order("start", "ceo");
  expect(await live(90)).toMatchObject({ name: "ceo", acting: false });
});
