import fc from "fast-check";
import { expect, test } from "vitest";
import type { Action } from "./action.ts";
import { plan } from "./plan.ts";
import { type Watch, watchOn } from "./silence.ts";
import { type PlanAgent, type PlanContainer, planSettings } from "./snapshot.ts";

const start = new Date("2026-11-20T12:00:00Z").getTime();
const names = ["ceo", "dao", "cmo", "writer-1"];
const time = fc.option(
  fc.integer({ min: -300_000, max: 60_000 }).map((ms) => new Date(start + ms)),
  { nil: null },
);

const agents = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 }).chain((chosen) =>
  fc.tuple(
    ...chosen.map((name) =>
      fc.record<PlanAgent>({
        name: fc.constant(name),
        kind: fc.constantFrom("agent" as const, "worker" as const),
        desired: fc.constantFrom("running" as const, "stopped" as const, "gone" as const),
        status: fc.constantFrom(
          "inactive" as const,
          "starting" as const,
          "active" as const,
          "stopping" as const,
          "error" as const,
        ),
        epoch: fc.integer({ min: 0, max: 3 }),
        containerId: fc.option(fc.constantFrom("a", "b", "c", "d"), { nil: null }),
        failures: fc.integer({ min: 0, max: 6 }),
        unbegun: fc.integer({ min: 0, max: 9 }),
        retryAt: time,
        lastHeartbeat: time,
        startedAt: time,
        leaseUntil: time,
        hasSession: fc.boolean(),
        replacing: fc.boolean(),
        digest: fc.constantFrom("new", "old", null),
        changeDigest: fc.constantFrom("new", "old", null),
      }),
    ),
  ),
) as fc.Arbitrary<PlanAgent[]>;

const containers = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 5 }).chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc.record<PlanContainer>({
        id: fc.constant(id),
        agent: fc.constantFrom(...names, "stranger"),
        epoch: fc.integer({ min: 0, max: 4 }),
        state: fc.constantFrom("created", "running", "paused", "exited", "dead"),
        exitCode: fc.option(fc.constantFrom(0, 1, 69, 75, 137), { nil: null }),
        oomKilled: fc.boolean(),
        digest: fc.constantFrom("new", "old", ""),
      }),
    ),
  ),
) as fc.Arbitrary<PlanContainer[]>;

interface Cluster {
  agents: PlanAgent[];
  containers: PlanContainer[];
  now: number;
  made: number;
}

/** The company and the engine as the actions change them. `fails` makes a step be lost in a crash before it had its effect. */
function act(cluster: Cluster, action: Action, fails: boolean): void {
  if (fails) return;
  const agent = cluster.agents.find((one) => one.name === action.agent);
  switch (action.do) {
    case "wait":
      return;
    case "remove":
      cluster.containers = cluster.containers.filter((one) => one.id !== action.containerId);
      return;
    case "adopt":
      agent!.containerId = action.containerId;
      return;
    case "lose":
      Object.assign(agent!, {
        status: "error",
        containerId: null,
        failures: action.failures,
        unbegun: action.unbegun,
        retryAt: action.retryAt,
      });
      if (action.livedWell) agent!.changeDigest = null;
      return;
    case "replace":
      // Its run goes on to its end; then it is over.
      agent!.replacing = true;
      if (agent!.leaseUntil && agent!.leaseUntil.getTime() > cluster.now) return;
      Object.assign(agent!, {
        status: "inactive",
        containerId: null,
        retryAt: null,
        failures: 0,
        changeDigest: action.digest,
      });
      cluster.containers = cluster.containers.filter((one) => one.id !== action.containerId);
      return;
    case "keep":
      agent!.replacing = false;
      return;
    case "retire":
      Object.assign(agent!, { status: "inactive", containerId: null, failures: 0, retryAt: null });
      return;
    case "start": {
      const id = `made-${(cluster.made += 1)}`;
      agent!.epoch += 1;
      cluster.containers.push({
        id,
        agent: agent!.name,
        epoch: agent!.epoch,
        state: "running",
        exitCode: null,
        oomKilled: false,
        digest: agent!.digest ?? "",
      });
      Object.assign(agent!, {
        hasSession: true,
        replacing: false,
        leaseUntil: null,
        status: "active",
        containerId: id,
        startedAt: new Date(cluster.now),
        lastHeartbeat: new Date(cluster.now),
      });
      return;
    }
    default:
      action satisfies never;
  }
}

const living = (cluster: Cluster, name: string): PlanContainer[] =>
  cluster.containers.filter((one) => one.agent === name && one.state !== "exited" && one.state !== "dead");

const isQuarantined = (agent: PlanAgent): boolean =>
  agent.status === "error" && agent.retryAt === null && agent.failures >= planSettings.failuresMax;
const isOfChange = (agent: PlanAgent): boolean => agent.digest != null && agent.changeDigest === agent.digest;
/** It did not survive what was rolled out to it. */
const stopsRollout = (agent: PlanAgent): boolean =>
  agent.kind === "agent" && agent.desired === "running" && isQuarantined(agent) && isOfChange(agent);

/** Passes until nothing is planned; a second passes between two (more where nothing was to be done), and running agents beat. */
function settle(cluster: Cluster, crash: (step: number) => boolean, settings = planSettings): number {
  const later = (at: Date | null | undefined): boolean => at != null && at.getTime() > cluster.now;
  // A silent one is left alone for as long as its run has a lease, and everyone for a while.
  const isStill = ({ containerId }: PlanAgent): boolean =>
    cluster.containers.some((one) => one.id === containerId && one.state === "paused");
  // It ended since it was replaced, and has not lived well yet.
  const isOnTrial = (one: PlanAgent): boolean =>
    isOfChange(one) && one.failures > 0 && (one.startedAt?.getTime() ?? 0) > cluster.now - settings.goodLifeMs;
  let watch: Watch | null = null;
  let step = 0;
  for (let pass = 1; pass <= 200; pass += 1) {
    watch = watchOn(watch, cluster, new Date(cluster.now), settings);
    const actions = plan(cluster.agents, cluster.containers, new Date(cluster.now), settings, new Set(), watch);
    const steps = actions.filter((action) => action.do !== "wait");
    expect(steps.length).toBeLessThanOrEqual(settings.stepsMax);
    expect(steps.filter((action) => action.do === "replace").length).toBeLessThanOrEqual(1);
    for (const action of actions) {
      if (action.do === "start") expect(cluster.containers.filter((one) => one.agent === action.agent)).toEqual([]);
      act(cluster, action, crash((step += 1)));
      for (const name of names) {
        expect(living(cluster, name).filter((one) => one.id.startsWith("made-")).length).toBeLessThanOrEqual(1);
      }
    }
    const isCalm = actions.every((action) => action.do === "wait");
    if (isCalm && !cluster.agents.some((one) => later(one.retryAt) || isStill(one) || isOnTrial(one))) return pass;
    cluster.now += isCalm ? 10_000 : 1_000;
    for (const agent of cluster.agents) {
      if (cluster.containers.some((one) => one.id === agent.containerId && one.state === "running"))
        agent.lastHeartbeat = new Date(cluster.now);
    }
  }
  throw new Error("did not settle within 200 passes");
}

const clusters = fc
  .tuple(agents, containers)
  .map(([a, c]): Cluster => ({ agents: structuredClone(a), containers: structuredClone(c), now: start, made: 0 }));

test("O06 any state of the world settles: wanted agents have one container of their epoch, nothing else is left", () => {
  fc.assert(
    fc.property(clusters, fc.infiniteStream(fc.nat(9)), (cluster, dice) => {
      // One step in ten is lost in a crash before it had an effect, for the first 50 steps.
      settle(cluster, (step) => step <= 50 && dice.next().value === 0);
      for (const agent of cluster.agents) {
        const own = cluster.containers.filter((one) => one.agent === agent.name);
        if (agent.desired !== "running" || isQuarantined(agent)) expect(own).toEqual([]);
        else {
          expect(own).toMatchObject([{ id: agent.containerId, epoch: agent.epoch, state: "running" }]);
          // What is configured now is what runs, unless somebody did not survive it.
          if (agent.kind === "agent" && agent.digest && !cluster.agents.some(stopsRollout))
            expect(own[0]!.digest).toBe(agent.digest);
          // It would never be given a run again.
          expect(agent.replacing).toBe(false);
        }
      }
      expect(cluster.containers.filter((one) => !cluster.agents.some((agent) => agent.name === one.agent))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test("planning again at the fixed point plans nothing", () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      settle(cluster, () => false);
      const again = plan(cluster.agents, cluster.containers, new Date(cluster.now), planSettings);
      expect(again.filter((action) => action.do !== "wait")).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("stop-all places nothing, whatever the world looks like", () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      for (const agent of cluster.agents) agent.desired = "stopped";
      const actions = plan(cluster.agents, cluster.containers, new Date(cluster.now), planSettings);
      expect(actions.filter((action) => action.do === "start" || action.do === "adopt")).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("a pass is bounded: at most one step per container and one per agent", () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      const actions = plan(cluster.agents, cluster.containers, new Date(cluster.now), planSettings);
      expect(actions.length).toBeLessThanOrEqual(cluster.agents.length + cluster.containers.length);
      expect(actions.every((action) => action.why.length > 0)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("O06 a world that may take few steps a pass settles just the same", () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      settle(cluster, () => false, { ...planSettings, stepsMax: 1 });
      expect(cluster.agents.every((agent) => living(cluster, agent.name).length <= 1)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("a changed configuration replaces one agent at a time, and waits while another one that is wanted is not well", () => {
  const now = new Date(start);
  fc.assert(
    fc.property(clusters, (cluster) => {
      const planned = plan(cluster.agents, cluster.containers, now, planSettings);
      const replaced = planned.filter((action) => action.do === "replace");
      expect(replaced.length).toBeLessThanOrEqual(1);
      for (const { agent: name } of replaced) {
        for (const other of cluster.agents.filter(
          (one) => one.name !== name && one.kind === "agent" && one.desired === "running",
        )) {
          expect(stopsRollout(other)).toBe(false);
          if (!isQuarantined(other))
            expect([["inactive", "error"].includes(other.status), other.containerId === null]).toEqual([false, false]);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

/** Passes in which steps take as long as `dice` says, while the next passes go on beside them. */
function settleBeside(cluster: Cluster, dice: () => number, workersMax: number): void {
  const settings = { ...planSettings, workersMax };
  let underWay: { action: Action; passes: number }[] = [];
  for (let pass = 1; pass <= 300; pass += 1) {
    const busy = new Set(underWay.map(({ action }) => action.agent));
    const [agentsSeen, containersSeen] = [structuredClone(cluster.agents), structuredClone(cluster.containers)];
    // Between the look and the plan some steps come to their end.
    for (const step of underWay) step.passes -= 1;
    for (const { action, passes } of underWay) if (passes <= 0) act(cluster, action, false);
    underWay = underWay.filter(({ passes }) => passes > 0);
    const planned = plan(agentsSeen, containersSeen, new Date(cluster.now), settings, busy);
    expect(planned.filter((action) => busy.has(action.agent))).toEqual([]);
    const steps = planned.filter((action) => action.do !== "wait");
    const workers = new Set(agentsSeen.filter(({ kind }) => kind === "worker").map(({ name }) => name));
    const held = new Set([...containersSeen.map((one) => one.agent), ...busy].filter((name) => workers.has(name)));
    const placed = steps.filter((action) => action.do === "start" && workers.has(action.agent));
    expect(placed.length).toBeLessThanOrEqual(Math.max(0, workersMax - held.size));
    for (const action of steps) if (action.do === "lose" || action.do === "adopt") act(cluster, action, false);
    const rest = steps.filter((action) => action.do !== "lose" && action.do !== "adopt");
    underWay.push(...rest.map((action) => ({ action, passes: 1 + dice() })));
    for (const name of names) {
      expect(living(cluster, name).filter((one) => one.id.startsWith("made-")).length).toBeLessThanOrEqual(1);
    }
    const waits = cluster.agents.some((one) => one.retryAt && one.retryAt.getTime() > cluster.now);
    if (steps.length === 0 && busy.size === 0 && !waits) return;
    cluster.now += 1_000;
    for (const agent of cluster.agents) {
      if (cluster.containers.some((one) => one.id === agent.containerId && one.state === "running"))
        agent.lastHeartbeat = new Date(cluster.now);
    }
  }
  throw new Error("did not settle within 300 passes");
}

test("O06 steps that take long beside later passes: never two containers of an agent, no worker too many, and it settles", () => {
  fc.assert(
    fc.property(clusters, fc.infiniteStream(fc.nat(4)), (cluster, dice) => {
      settleBeside(cluster, () => dice.next().value, 1);
      for (const agent of cluster.agents.filter((one) => one.desired === "running" && one.kind === "agent")) {
        const own = cluster.containers.filter((one) => one.agent === agent.name);
        expect(own.map(({ id, epoch }) => ({ id, epoch }))).toEqual(
          isQuarantined(agent) ? [] : [{ id: agent.containerId, epoch: agent.epoch }],
        );
      }
    }),
    { numRuns: 1_000 },
  );
});
