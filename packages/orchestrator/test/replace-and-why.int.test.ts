import { fileURLToPath } from "node:url";
import {
  type AgentSession,
  claimRun,
  fleetStatus,
  listEvents,
  listMessages,
  loadPack,
  registerFleet,
  restartAgent,
  sendMessage,
  whyAgent,
} from "@aito/company";
import { afterEach, expect, test } from "vitest";
import { livingAgent, type OpenFleet, openFleet } from "./open-fleet.ts";

const soon = { timeout: 40_000, interval: 50 };
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
const events = async (fleet: OpenFleet, type: string) => await listEvents(fleet.deps, { types: [type], limit: 50 });

test("O06 a changed profile replaces its agents one at a time, without a failure, and the others go on", async () => {
  const fleet = await fleetOf();
  await fleet.start();
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  const before = await fleet.agents();
  const pack = await loadPack(fileURLToPath(new URL("../../../profiles/aito/fleet.yaml", import.meta.url)));
  for (const role of ["cmo", "cto", "cfo"]) pack.profiles[role]!.markdown += "\n\nA changed line.\n";
  let together = 0;
  await registerFleet(fleet.deps, pack);
  await expect
    .poll(async () => {
      const agents = [...(await fleet.agents()).values()];
      together = Math.max(together, agents.filter((agent) => agent.status !== "active").length);
      return agents.filter((agent) => agent.epoch > before.get(agent.name)!.epoch && agent.status === "active").length;
    }, soon)
    .toBe(3);
  expect(together).toBeLessThanOrEqual(1);
  const after = await fleet.agents();
  for (const name of ["cmo", "cto", "cfo"]) expect(after.get(name)).toMatchObject({ failures: 0, replacing: false });
  for (const name of ["ceo", "dao", "coo", "cco"]) expect(after.get(name)!.epoch).toBe(before.get(name)!.epoch);
  expect(new Set((await events(fleet, "agent.replaced")).map((event) => event.target))).toEqual(new Set(["cfo", "cmo", "cto"]));
  expect(await events(fleet, "agent.lost")).toEqual([]);
});

test("O06 a change that breaks agents stops at the first, the operator is told, and what mends it is rolled out to the others", async () => {
  // The file of a profile does not reach the program here: the test's programs fail from the change on, until it is mended.
  let broken = false;
  const fleet = await fleetOf({
    program: (deps) => {
      const lives = livingAgent(deps);
      return async (spec, line, signal) => (broken ? 1 : await lives(spec, line, signal));
    },
  });
  await fleet.start();
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  const before = await fleet.agents();
  const change = async (line: string): Promise<void> => {
    const pack = await loadPack(fileURLToPath(new URL("../../../profiles/aito/fleet.yaml", import.meta.url)));
    for (const role of ["cmo", "cto", "cfo"]) pack.profiles[role]!.markdown += `\n\n${line}\n`;
    await registerFleet(fleet.deps, pack);
  };
  broken = true;
  await change("A line that breaks them.");
  await expect
    .poll(async () => (await fleetStatus(fleet.deps)).alerts, soon)
    .toMatchObject([{ kind: "quarantine", detail: expect.stringContaining("did not survive the change") }]);
  const [first] = (await events(fleet, "agent.quarantined")).map((event) => event.target!);
  const others = ["cmo", "cto", "cfo"].filter((name) => name !== first);
  for (const name of others) {
    await expect
      .poll(async () => (await whyAgent(fleet.deps, name)).plan, soon)
      .toMatchObject({ do: "wait", why: expect.stringContaining(`${first} did not survive this change`) });
    expect(await whyAgent(fleet.deps, name)).toMatchObject({ replacing: false });
    expect((await fleet.agents()).get(name)!.epoch).toBe(before.get(name)!.epoch);
  }
  broken = false;
  await change("A line that mends them.");
  await expect
    .poll(async () => {
      const agents = await fleet.agents();
      return others.filter((name) => agents.get(name)!.epoch > before.get(name)!.epoch && agents.get(name)!.status === "active");
    }, soon)
    .toEqual(others);
  expect((await events(fleet, "agent.quarantined")).map((event) => event.target)).toEqual([first]);
});

test("O06 a change that is taken back while an agent is in a run: it keeps its container and is given runs again", async () => {
  const sessions = new Map<string, AgentSession>();
  const fleet = await fleetOf({ program: (deps) => livingAgent(deps, (session) => sessions.set(session.agent, session)) });
  await fleet.start();
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  const [cmo, cto] = [sessions.get("cmo")!, sessions.get("cto")!];
  const pack = () => loadPack(fileURLToPath(new URL("../../../profiles/aito/fleet.yaml", import.meta.url)));
  const changed = await pack();
  changed.profiles["cmo"]!.markdown += "\n\nA changed line.\n";
  const say = (text: string): Promise<unknown> => sendMessage(fleet.deps, cto, { type: "direct", to: "cmo", payload: { text } });
  await say("Look at this.");
  const claimed = await claimRun(fleet.deps, cmo);
  expect(claimed).not.toBeNull();
  await registerFleet(fleet.deps, changed);
  const replacing = async (): Promise<boolean> => (await whyAgent(fleet.deps, "cmo")).replacing;
  await expect.poll(replacing, soon).toBe(true);
  expect(await claimRun(fleet.deps, cmo)).toBeNull();
  await say("And at this.");
  await registerFleet(fleet.deps, await pack());
  await expect.poll(replacing, soon).toBe(false);
  expect(await claimRun(fleet.deps, cmo)).not.toBeNull();
  expect((await fleet.agents()).get("cmo")).toMatchObject({ epoch: cmo.epoch, status: "active" });
  expect((await events(fleet, "agent.kept")).map((event) => event.target)).toEqual(["cmo"]);
  expect(await events(fleet, "agent.replaced")).toEqual([]);
});

test("a crash loop alerts the operator and the lead, why says so, and a restart by hand closes it", async () => {
  let broken = true;
  const fleet = await fleetOf({
    program: () => async (spec, _line, signal) => {
      if (broken && spec.agent === "cmo") return 1;
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      return 137;
    },
  });
  await fleet.start();
  await expect
    .poll(async () => (await fleetStatus(fleet.deps)).alerts, soon)
    .toMatchObject([{ kind: "quarantine", subject: "cmo" }]);
  expect(await events(fleet, "agent.quarantined")).toMatchObject([{ target: "cmo", payload: { failures: 5 } }]);
  const lost = await events(fleet, "agent.lost");
  expect(new Set(lost.map((event) => event.payload["class"]))).toEqual(new Set(["exited"]));
  const alerts = (await listMessages(fleet.deps, { limit: 50 })).filter((message) => message.type === "alert");
  expect(alerts).toMatchObject([{ from: "system", to: "ceo", payload: { title: "cmo is quarantined" } }]);
  await expect
    .poll(async () => (await whyAgent(fleet.deps, "cmo")).plan, soon)
    .toMatchObject({
      do: "wait",
      why: expect.stringContaining("quarantined after 5 failures"),
    });
  expect(await whyAgent(fleet.deps, "cmo")).toMatchObject({ quarantined: true, failures: 5, retryAt: null, wanted: "running" });
  broken = false;
  await restartAgent(fleet.deps, { agent: "cmo", by: "operator" });
  await expect.poll(async () => (await whyAgent(fleet.deps, "cmo")).lastAction, soon).toMatchObject({ do: "start" });
  expect((await fleetStatus(fleet.deps)).alerts).toEqual([]);
});

test("why says of a living agent what is planned for it, and an idle company writes no plan again", async () => {
  const fleet = await fleetOf();
  const orchestrator = await fleet.start();
  await expect.poll(() => activeCount(fleet), soon).toBe(7);
  const heard = async () => (await whyAgent(fleet.deps, "ceo")).plan;
  await expect.poll(heard, soon).toMatchObject({ do: "wait", why: "runs and was heard" });
  const { since } = (await heard())!;
  const seen = orchestrator.health().lastPass.at!;
  await expect.poll(() => orchestrator.health().lastPass.at!.getTime() - seen.getTime(), soon).toBeGreaterThan(1_500);
  expect((await heard())!.since).toBe(since);
  await expect(whyAgent(fleet.deps, "nobody")).rejects.toMatchObject({ code: "AITO_AGENT_UNKNOWN" });
});
