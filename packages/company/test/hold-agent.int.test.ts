import { afterEach, beforeEach, expect, test } from "vitest";
import {
  addCommand,
  agentsToRun,
  claimRun,
  listAgents,
  listEvents,
  registerFleet,
  sendMessage,
  startAll,
  stopAll,
  takeCommands,
  whoHasWork,
  whyAgent,
} from "../src/index.ts";
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
