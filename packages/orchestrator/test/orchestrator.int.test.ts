import { fileURLToPath } from "node:url";
import { AitoError, silentLogger } from "@aito/base";
import { addCommand, listEvents, listMessages, loadPack, pressSwitch, restartAgent, resumeSwitch, whyAgent } from "@aito/company";
import { afterEach, expect, test } from "vitest";
import { type OpenFleet, openFleet, quick } from "./open-fleet.ts";

const soon = { timeout: 60_000, interval: 50 };
/** For whom the machine may stop for longer than a usual lease, and who still leads until it gives its term back. */
const neverLostMs = 600_000;
const open: OpenFleet[] = [];
const fleetOf = async (options: Parameters<typeof openFleet>[0] = {}): Promise<OpenFleet> => {
  const fleet = await openFleet(options);
  open.push(fleet);
  return fleet;
};
afterEach(async () => {
  for (const fleet of open.splice(0)) await fleet.close();
});

const activeCount = async (fleet: OpenFleet): Promise<number> =>
  [...(await fleet.agents()).values()].filter((agent) => agent.status === "active" && agent.containerId !== null).length;

test("O01 O02 every role gets one container, and the opening goal is sent once all are active", async () => {
  const fleet = await fleetOf();
  await fleet.start();
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  const containers = await fleet.engine.list("aito");
  expect(containers.map((container) => container.agent).toSorted()).toEqual(["cco", "ceo", "cfo", "cmo", "coo", "cto", "dao"]);
  const goals = async (): Promise<number> =>
    (await listMessages(fleet.deps, { limit: 100 })).filter((message) => message.payload["goal"] === true && message.to === "ceo")
      .length;
  await expect.poll(goals, soon).toBe(1);
});

test("O04 O06 a killed agent is replaced with the next epoch", async () => {
  const fleet = await fleetOf();
  await fleet.start();
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  const before = (await fleet.agents()).get("ceo")!;
  await fleet.engine.kill(before.containerId!);
  await expect
    .poll(async () => (await fleet.agents()).get("ceo"), soon)
    .toMatchObject({ epoch: before.epoch + 1, status: "active" });
  expect((await fleet.engine.list("aito")).filter((container) => container.agent === "ceo")).toHaveLength(1);
});

test("O04 O06 an agent whose start takes long keeps no other one waiting, and an end waits for the step that is under way", async () => {
  const fleet = await fleetOf();
  const gate = Promise.withResolvers<void>();
  const { start } = fleet.engine;
  const slow: typeof start = async (spec, ...rest) => {
    if (spec.agent === "ceo") await gate.promise;
    return await start(spec, ...rest);
  };
  const orchestrator = await fleet.start({ engine: { ...fleet.engine, start: slow } });
  await expect.poll(() => activeCount(fleet), soon).toBe(6);
  const before = (await fleet.agents()).get("cto")!;
  await fleet.engine.kill(before.containerId!);
  await expect
    .poll(async () => (await fleet.agents()).get("cto"), soon)
    .toMatchObject({ epoch: before.epoch + 1, status: "active" });
  expect((await fleet.agents()).get("ceo")).toMatchObject({ epoch: 1, containerId: null });
  const closing = orchestrator.close();
  gate.resolve();
  await closing;
  const [container] = (await fleet.engine.list("aito")).filter(({ agent }) => agent === "ceo");
  expect((await fleet.agents()).get("ceo")).toMatchObject({ epoch: 1, containerId: container!.id });
});

test("O05 a new orchestrator adopts what runs: same containers, same epochs", async () => {
  const fleet = await fleetOf();
  const first = await fleet.start();
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  const before = await fleet.engine.list("aito");
  await first.close();
  expect(await fleet.engine.list("aito")).toHaveLength(7);
  const second = await fleet.start();
  await expect
    .poll(() => second.health().lastPass.actions.filter((action) => action.why === "runs and was heard").length, soon)
    .toBe(7);
  const ids = (list: typeof before): string[] => list.map((container) => `${container.id} ${container.epoch}`).toSorted();
  expect(ids(await fleet.engine.list("aito"))).toEqual(ids(before));
});

test("one leads: a second orchestrator waits and takes over when the first gives its term back", async () => {
  const fleet = await fleetOf();
  const first = await fleet.start({ leaseMs: neverLostMs });
  await expect.poll(() => first.health().leads, soon).toBe(true);
  const second = await fleet.start();
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  expect(second.health()).toMatchObject({ leads: false, lastPass: { at: null } });
  await first.close();
  await expect.poll(() => second.health().leads, soon).toBe(true);
  const elected = await listEvents(fleet.deps, { limit: 100, types: ["leader.elected"] });
  expect(elected.map((event) => String(event.payload["term"])).toSorted()).toEqual(["1", "2"]);
});

test("F03 one that waits registers nothing; its fleet file counts once it leads", async () => {
  const fleet = await fleetOf();
  const first = await fleet.start({ leaseMs: neverLostMs });
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  const pack = await loadPack(fileURLToPath(new URL("../../../profiles/aito/fleet.yaml", import.meta.url)));
  pack.file.name = "Under the second's file";
  const waits: string[] = [];
  const log = { ...silentLogger, info: (_: unknown, message: string) => void waits.push(message) };
  const second = await fleet.start({ fleet: pack, registersFleet: true, log });
  await expect.poll(() => waits.some((said) => said.startsWith("another orchestrator leads")), soon).toBe(true);
  const registered = async (): Promise<number> =>
    (await listEvents(fleet.deps, { limit: 100, types: ["fleet.registered"] })).length;
  expect(await registered()).toBe(1);
  await first.close();
  await expect.poll(() => second.health().leads, soon).toBe(true);
  expect(await registered()).toBe(2);
});

test("a restart by hand that the engine cannot carry out now is carried out once it can, and once", async () => {
  const fleet = await fleetOf();
  let refusals = 3;
  const kill = async (id: string): Promise<void> => {
    if ((refusals -= 1) >= 0)
      throw new AitoError("AITO_ENGINE_UNAVAILABLE", "the engine is away", { fate: "retry", status: 503 });
    await fleet.engine.kill(id);
  };
  await fleet.start({ engine: { ...fleet.engine, kill } });
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  for (const agent of ["cmo", "cto"])
    await addCommand(fleet.deps, { kind: "agent.restart", arguments: { agent }, by: "operator" });
  const epochs = async () => [...(await fleet.agents()).values()].map(({ name, epoch }) => `${name} ${epoch}`);
  await expect.poll(epochs, soon).toContain("cto 2");
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  const again = (await epochs()).filter((seen) => !seen.endsWith(" 1"));
  expect(again.toSorted()).toEqual(["cmo 2", "cto 2"]);
  expect(refusals).toBeLessThan(0);
});

test("a crash loop is quarantined with its reason, through a kill switch and its end, until an operator's restart", async () => {
  let broken = true;
  const fleet = await fleetOf({
    program: () => async (_spec, _line, signal) => {
      if (broken) return 1;
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      return 137;
    },
  });
  await fleet.start();
  await expect
    .poll(async () => (await fleet.agents()).get("cmo"), soon)
    .toMatchObject({ status: "error", failures: 5, retryAt: null });
  expect((await fleet.agents()).get("cmo")!.statusReason).toMatch(
    /quarantined after 5 failures in a row; the last: it exited by itself \(exit 1\)/,
  );
  const { epoch } = (await fleet.agents()).get("cmo")!;
  broken = false;
  const presser = { by: "operator", from: "a test" };
  const planned = async () => (await whyAgent(fleet.deps, "cmo")).plan?.why;
  const on = await pressSwitch(fleet.deps, { scope: "company", target: "", reason: "enough" }, presser);
  await expect.poll(planned, soon).toMatch(/kill switch "company".*quarantined after 5/);
  await resumeSwitch(fleet.deps, { id: on.id, reason: "calm", confirm: "company" }, presser);
  await expect.poll(planned, soon).toMatch(/^quarantined after 5/);
  expect((await fleet.agents()).get("cmo")).toMatchObject({ status: "error", failures: 5, epoch });
  await addCommand(fleet.deps, { kind: "agent.restart", arguments: { agent: "cmo" }, by: "operator" });
  await expect.poll(async () => (await fleet.agents()).get("cmo"), soon).toMatchObject({ status: "starting", epoch: epoch + 1 });
});

test("agents that hear no gateway rest longer with each life, none is quarantined, and a restart by hand ends the count", async () => {
  const fleet = await fleetOf({ program: () => () => Promise.resolve(69) });
  await fleet.start({ settings: { ...quick, outsideRestMs: 20 } });
  const cmo = async () => (await fleet.agents()).get("cmo")!;
  await expect.poll(async () => (await cmo()).unbegun, soon).toBeGreaterThan(6);
  const reasons = (await listEvents(fleet.deps, { limit: 500, types: ["agent.lost"] }))
    .filter((event) => event.target === "cmo")
    .map((event) => String(event.payload["reason"]));
  expect(reasons).toEqual(expect.arrayContaining([expect.stringMatching(/life 1 in a row .* 0\.02 s/)]));
  expect(reasons).toEqual(expect.arrayContaining([expect.stringMatching(/life 6 in a row .* 0\.2 s/)]));
  expect(await cmo()).toMatchObject({ failures: 0 });
  const { unbegun } = await cmo();
  await restartAgent(fleet.deps, { agent: "cmo", by: "operator" });
  expect((await cmo()).unbegun).toBeLessThan(unbegun);
});

test("an engine that refuses starts delays agents and quarantines none", async () => {
  const fleet = await fleetOf({ failStart: 20 });
  await fleet.start();
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
});

test("stopping the fleet leaves no container and says so of each agent", async () => {
  const fleet = await fleetOf();
  const orchestrator = await fleet.start();
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  expect(await orchestrator.stopFleet(10_000)).toBe(0);
  expect(await fleet.engine.list("aito")).toEqual([]);
  await expect
    .poll(async () => [...(await fleet.agents()).values()].every((agent) => agent.status === "inactive"), soon)
    .toBe(true);
});

test("A08 events are sealed into the chain within a second or two while the leader lives", async () => {
  const fleet = await fleetOf();
  await fleet.start();
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  await expect
    .poll(async () => (await listEvents(fleet.deps, { limit: 500 })).filter((event) => event.seq === null).length, {
      timeout: 20_000,
      interval: 50,
    })
    .toBe(0);
});
