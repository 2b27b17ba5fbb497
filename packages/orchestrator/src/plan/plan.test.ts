import { describe, expect, test } from "vitest";
import type { Action } from "./action.ts";
import { plan } from "./plan.ts";
import { steadyWatch } from "./silence.ts";
import { type PlanAgent, type PlanContainer, planSettings } from "./snapshot.ts";

const now = new Date("2026-11-20T12:00:00Z");
const ago = (ms: number): Date => new Date(now.getTime() - ms);

const agent = (change: Partial<PlanAgent> = {}): PlanAgent => ({
  name: "ceo",
  kind: "agent",
  desired: "running",
  status: "active",
  epoch: 3,
  containerId: "c3",
  failures: 0,
  retryAt: null,
  lastHeartbeat: ago(5_000),
  startedAt: ago(600_000),
  ...change,
});
const container = (change: Partial<PlanContainer> = {}): PlanContainer => ({
  id: "c3",
  agent: "ceo",
  epoch: 3,
  state: "running",
  exitCode: null,
  oomKilled: false,
  ...change,
});
const planOf = (agents: PlanAgent[], containers: PlanContainer[]): Action[] => plan(agents, containers, now, planSettings);
const only = (agents: PlanAgent[], containers: PlanContainer[]): Action => {
  const actions = planOf(agents, containers);
  expect(actions).toHaveLength(1);
  return actions[0]!;
};

describe("starting", () => {
  test("O01 an agent that never ran is started", () => {
    expect(only([agent({ status: "inactive", epoch: 0, containerId: null, startedAt: null })], [])).toMatchObject({
      do: "start",
      why: "first start",
    });
  });

  test("O06 an agent whose time to retry has come is started, one whose time has not come waits", () => {
    const lost = agent({ status: "error", containerId: null, failures: 1 });
    expect(only([{ ...lost, retryAt: ago(1) }], []).do).toBe("start");
    expect(only([{ ...lost, retryAt: new Date(now.getTime() + 1) }], []).do).toBe("wait");
  });

  test("a quarantined agent waits until an operator clears its failures", () => {
    const lost = agent({ status: "error", containerId: null, failures: 5, retryAt: null });
    expect(only([lost], [])).toMatchObject({ do: "wait", why: expect.stringContaining("quarantined") });
    expect(only([{ ...lost, failures: 0 }], []).do).toBe("start");
  });

  test("a kill switch leaves a quarantine as it is, so that its end starts nobody; an operator's own stop ends it", () => {
    const lost = agent({ status: "error", containerId: null, failures: 5, retryAt: null, desired: "stopped" });
    const stoppedBy = "stopped by the kill switch";
    expect(only([{ ...lost, stoppedBy }], [])).toMatchObject({
      do: "wait",
      why: expect.stringMatching(/kill switch.*quarantined/),
    });
    expect(only([{ ...lost, stoppedBy }], [container()]).do).toBe("remove");
    expect(only([lost], []).do).toBe("retire");
    expect(only([{ ...lost, stoppedBy, failures: 4, retryAt: now }], []).do).toBe("retire");
    expect(only([{ ...lost, stoppedBy, desired: "gone" }], []).do).toBe("retire");
  });

  test("nothing is started while any container of the agent is left", () => {
    const actions = planOf([agent({ status: "error", containerId: null, retryAt: ago(1) })], [container({ state: "exited" })]);
    expect(actions.map((action) => action.do)).toEqual(["remove"]);
  });

  test("a token that was stored without a container being made is given up for the next epoch", () => {
    expect(only([agent({ status: "starting", containerId: null })], []).do).toBe("start");
  });
});

describe("adopting", () => {
  test("O05 a running container of the current epoch that the record does not name is adopted", () => {
    expect(only([agent({ status: "starting", containerId: null })], [container()])).toMatchObject({
      do: "adopt",
      containerId: "c3",
      epoch: 3,
    });
  });

  test("a container that was made but never started is removed, because its token may not have been sent", () => {
    expect(only([agent({ status: "starting", containerId: null })], [container({ state: "created" })]).do).toBe("remove");
  });

  test("a running, known, heard agent is left alone, with the reason", () => {
    expect(only([agent()], [container()])).toMatchObject({ do: "wait", why: "runs and was heard" });
  });
});

describe("removing", () => {
  test("containers of unknown agents and of earlier epochs are removed", () => {
    const actions = planOf(
      [agent()],
      [container(), container({ id: "c2", epoch: 2 }), container({ id: "x", agent: "stranger" })],
    );
    expect(
      actions
        .filter((action) => action.do === "remove")
        .map((action) => action.containerId)
        .toSorted(),
    ).toEqual(["c2", "x"]);
  });

  test("a second container of the same epoch is removed and the attached one stays", () => {
    const actions = planOf([agent()], [container({ id: "twin" }), container()]);
    expect(actions).toMatchObject([{ do: "remove", containerId: "twin" }, { do: "wait" }]);
  });

  test("A13 a worker whose task is over loses its container first and its record is settled after", () => {
    const worker = agent({ name: "w-1", kind: "worker", desired: "gone", status: "stopping" });
    expect(only([worker], [container({ agent: "w-1" })]).do).toBe("remove");
    expect(only([worker], [])).toMatchObject({ do: "retire", gone: true });
    expect(only([{ ...worker, status: "inactive", containerId: null }], []).do).toBe("wait");
  });

  test("an agent that is wanted stopped loses its container and then becomes inactive", () => {
    expect(only([agent({ desired: "stopped" })], [container()]).do).toBe("remove");
    expect(only([agent({ desired: "stopped" })], [])).toMatchObject({ do: "retire", gone: false });
  });
});

describe("losing", () => {
  const delay = (action: Action): number =>
    action.do === "lose" && action.retryAt ? action.retryAt.getTime() - now.getTime() : -1;
  const young = { startedAt: ago(10_000) };

  test("a kill from outside is repaired at once; after a short life it rests; none counts towards quarantine", () => {
    const killed = (failures: number, livedMs = 10_000): Action =>
      only([agent({ startedAt: ago(livedMs), failures })], [container({ state: "exited", exitCode: 137 })]);
    expect(killed(4)).toMatchObject({ do: "lose", failures: 4, why: expect.stringContaining("it was killed from outside") });
    expect(killed(4, 120_000)).toMatchObject({ failures: 0 });
    expect([0, 4].map((failures) => delay(killed(failures)))).toEqual([0, 0]);
    expect([0, 4].map((failures) => delay(killed(failures, 9_999)))).toEqual([2_000, 2_000]);
  });

  test("O04 who heard no gateway or got no token rests longer each time, however long it tried, until a life was a good one", () => {
    const ended = (exitCode: number, change: Partial<PlanAgent>): Action =>
      only([agent({ failures: 4, ...change })], [container({ state: "exited", exitCode })]);
    const rests = (exitCode: number, livedMs: number): number[] => {
      let unbegun = 0;
      return Array.from({ length: 9 }, () => {
        const lost = ended(exitCode, { startedAt: ago(livedMs), unbegun });
        expect(lost).toMatchObject({ do: "lose", outside: true, failures: 4, unbegun: unbegun + 1 });
        unbegun = lost.do === "lose" ? lost.unbegun : -1;
        return delay(lost);
      });
    };
    // 30 s is what an agent tries its hello for.
    for (const livedMs of [1_000, 30_000])
      expect(rests(69, livedMs)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
    for (const livedMs of [1_000, 10_000])
      expect(rests(75, livedMs)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(ended(69, { startedAt: ago(120_000), unbegun: 7 })).toMatchObject({ unbegun: 1 });
    for (const exitCode of [1, 137]) {
      expect(ended(exitCode, { startedAt: ago(20_000), unbegun: 7 })).toMatchObject({ unbegun: 7 });
      expect(ended(exitCode, { startedAt: ago(120_000), unbegun: 7 })).toMatchObject({ unbegun: 0 });
    }
  });

  test("F17 an engine that ends or loses its containers, a starter that died half way and a gateway that is away quarantine nobody", () => {
    for (const exitCode of [143, 255, 75, 69]) {
      const ended = only([agent({ ...young, failures: 4 })], [container({ state: "exited", exitCode })]);
      expect(ended).toMatchObject({ do: "lose", outside: true, failures: 4, retryAt: expect.any(Date) });
    }
    for (const exitCode of [0, 1, 77]) {
      const ended = only([agent({ ...young, failures: 4 })], [container({ state: "exited", exitCode })]);
      expect(ended).toMatchObject({ do: "lose", outside: false, retryAt: null });
    }
    const exhausted = only([agent({ ...young, failures: 0 })], [container({ state: "exited", exitCode: 137, oomKilled: true })]);
    expect(exhausted).toMatchObject({ do: "lose", outside: false });
  });

  test("a crash after four kills from outside is the first failure, not the fifth", () => {
    let failures = 0;
    for (let kills = 0; kills < 4; kills += 1) {
      const lost = only([agent({ ...young, failures })], [container({ state: "exited", exitCode: 137 })]);
      failures = lost.do === "lose" ? lost.failures : -1;
    }
    const crashed = only([agent({ ...young, failures })], [container({ state: "exited", exitCode: 1 })]);
    expect(crashed).toMatchObject({ do: "lose", failures: 1, retryAt: expect.any(Date) });
  });

  test("O04 the delay doubles from half a second with the failures in a row", () => {
    const delays = [0, 1, 2, 3].map((failures) =>
      delay(only([agent({ ...young, failures })], [container({ state: "exited", exitCode: 1 })])),
    );
    expect(delays).toEqual([500, 1_000, 2_000, 4_000]);
  });

  test("the fifth failure in a row quarantines", () => {
    const lost = only([agent({ ...young, failures: 4 })], [container({ state: "exited", exitCode: 1 })]);
    expect(lost).toMatchObject({ do: "lose", retryAt: null, failures: 5, why: expect.stringContaining("quarantined") });
  });

  test("a life of two minutes resets the count", () => {
    const lost = only([agent({ failures: 4, startedAt: ago(120_000) })], [container({ state: "exited", exitCode: 1 })]);
    expect(lost).toMatchObject({ failures: 1 });
  });

  test("memory exhaustion is read from the flag, whatever the exit code says", () => {
    for (const exitCode of [0, 137]) {
      const lost = only([agent(young)], [container({ state: "exited", exitCode, oomKilled: true })]);
      expect(lost).toMatchObject({ do: "lose", failures: 1, why: expect.stringContaining("out of memory") });
    }
  });

  test("a container that vanished counts as no failure", () => {
    expect(only([agent()], [])).toMatchObject({ do: "lose", containerId: null, failures: 0, why: "its container is gone" });
  });

  test("an agent that was not heard for 45 s hangs and is lost", () => {
    const quiet = agent({ lastHeartbeat: ago(45_001) });
    const fine = agent({ name: "dao", containerId: "d" });
    const actions = planOf([quiet, fine], [container(), container({ id: "d", agent: "dao" })]);
    expect(actions.find((action) => action.agent === "ceo")).toMatchObject({ do: "lose", why: expect.stringContaining("hangs") });
  });

  test("a new incarnation may be silent for its start grace, however old the last heartbeat is", () => {
    const fresh = agent({ status: "starting", lastHeartbeat: ago(500_000), startedAt: ago(20_000) });
    expect(only([fresh], [container()]).do).toBe("wait");
  });

  test("when everyone is silent at once nobody is killed: the agents are not what is broken", () => {
    const quiet = { lastHeartbeat: ago(60_000) };
    const actions = planOf(
      [agent(quiet), agent({ ...quiet, name: "dao", containerId: "d" })],
      [container(), container({ id: "d", agent: "dao" })],
    );
    expect(actions.map((action) => action.do)).toEqual(["wait", "wait"]);
    expect(actions[0]!.why).toContain("everyone");
  });

  test("O06 while nobody is heard, one that has just started and may be silent saves the others", () => {
    const actions = planOf(
      [
        agent({ lastHeartbeat: ago(60_000) }),
        agent({ name: "dao", containerId: "d", startedAt: ago(1_000), lastHeartbeat: null }),
      ],
      [container(), container({ id: "d", agent: "dao" })],
    );
    expect(actions.map((action) => action.do)).toEqual(["wait", "wait"]);
  });

  describe("everyone is silent for long", () => {
    const long = { lastHeartbeat: ago(planSettings.busyTimeoutMs + 1) };
    const ceo = agent(long);
    const dao = agent({ ...long, name: "dao", containerId: "d", startedAt: ago(500_000) });
    const both = [container(), container({ id: "d", agent: "dao" })];
    const steps = (agents: PlanAgent[], containers = both): string[] =>
      planOf(agents, containers)
        .filter((action) => action.do !== "wait")
        .map((action) => `${action.do} ${action.agent}`);

    test("O06 one is made anew to see whether they hang, the youngest, and it is not held against it", () => {
      expect(steps([ceo, dao])).toEqual(["lose dao"]);
      expect(planOf([ceo, dao], both)[1]).toMatchObject({
        outside: true,
        failures: 0,
        retryAt: now,
        why: expect.stringContaining("everyone"),
      });
      expect(steps([ceo, { ...dao, lastHeartbeat: ago(planSettings.busyTimeoutMs) }])).toEqual([]);
    });

    test("O06 while it is on its way nobody else is tried; when it was heard the others are lost", () => {
      const coming = { containerId: "e", epoch: 4, startedAt: ago(1_000), lastHeartbeat: null } as const;
      const came = [container(), container({ id: "e", agent: "dao", epoch: 4 })];
      expect(steps([ceo, { ...dao, status: "error", containerId: null, retryAt: now }], [container()])).toEqual(["start dao"]);
      expect(steps([ceo, { ...dao, ...coming, containerId: null, status: "starting" }], [container()])).toEqual(["start dao"]);
      expect(steps([ceo, { ...dao, ...coming }], came)).toEqual([]);
      expect(steps([ceo, { ...dao, ...coming, lastHeartbeat: now }], came)).toEqual(["lose ceo"]);
    });

    test("O06 while nobody can be heard it is the same one that is tried again, no sooner than it was before", () => {
      const silentAgain = (ms: number): PlanAgent => ({ ...dao, startedAt: ago(ms), lastHeartbeat: ago(900_000) });
      expect(steps([ceo, silentAgain(planSettings.startGraceMs + 1)])).toEqual([]);
      expect(steps([ceo, silentAgain(planSettings.busyTimeoutMs + 1)])).toEqual(["lose dao"]);
    });

    test("O06 not right after a pause of whoever watches, and not while its run has a lease", () => {
      const watch = (ms: number): string[] =>
        plan([ceo, dao], both, now, planSettings, new Set(), { ...steadyWatch, since: ago(ms) })
          .filter((action) => action.do !== "wait")
          .map((action) => `${action.do} ${action.agent}`);
      expect(watch(planSettings.busyTimeoutMs)).toEqual([]);
      expect(watch(planSettings.busyTimeoutMs + 1)).toEqual(["lose dao"]);
      expect(steps([ceo, { ...dao, leaseUntil: new Date(now.getTime() + 1) }])).toEqual(["lose ceo"]);
    });

    test("a standing agent is tried before a worker, and a quarantined one is not waited for", () => {
      const worker = agent({ ...long, name: "w", kind: "worker", containerId: "w", startedAt: ago(300_000) });
      const given = agent({ name: "cmo", status: "error", containerId: null, failures: 5, retryAt: null });
      expect(steps([ceo, dao, worker, given], [...both, container({ id: "w", agent: "w" })])).toEqual(["lose dao"]);
    });
  });
});

test("more workers than there are places wait for one; standing agents do not", () => {
  const settings = { ...planSettings, workersMax: 2 };
  const fresh = { status: "inactive", epoch: 0, containerId: null, startedAt: null } as const;
  const worker = (n: number): PlanAgent => agent({ ...fresh, name: `writer-${n}`, kind: "worker" });
  const running = agent({ name: "writer-0", kind: "worker" });
  const actions = plan(
    [running, worker(1), worker(2), worker(3), agent(fresh)],
    [container({ agent: "writer-0" })],
    now,
    settings,
  );
  expect(actions.map((action) => [action.agent, action.do])).toEqual([
    ["writer-0", "wait"],
    ["writer-1", "start"],
    ["writer-2", "wait"],
    ["writer-3", "wait"],
    ["ceo", "start"],
  ]);
  expect(actions[2]!.why).toContain("at most 2 workers");
});

describe("busy, dead or hung", () => {
  const silent = { lastHeartbeat: ago(60_000) };
  const other = [agent({ name: "dao", containerId: "c9" }), container({ id: "c9", agent: "dao" })] as const;
  const one = (change: Partial<PlanAgent>): Action =>
    planOf([agent(change), other[0]], [container(), other[1]]).find((action) => action.agent === "ceo")!;

  test("O06 a silent agent without a run is lost; one whose run has a lease is busy, but not for ever", () => {
    expect(one(silent)).toMatchObject({ do: "lose", cause: "hung" });
    const leaseUntil = new Date(now.getTime() + 200_000);
    expect(one({ ...silent, leaseUntil })).toMatchObject({ do: "wait", why: expect.stringContaining("busy") });
    expect(one({ lastHeartbeat: ago(planSettings.busyTimeoutMs + 1), leaseUntil })).toMatchObject({ do: "lose", cause: "hung" });
    expect(one({ ...silent, leaseUntil: ago(1) })).toMatchObject({ do: "lose" });
  });

  test("O06 an agent that beats but whose run made no progress past its lease has lost its session, and is replaced at once", () => {
    expect(one({ hasSession: false, lastHeartbeat: ago(1_000) })).toMatchObject({ do: "lose", cause: "hung" });
    expect(one({ hasSession: true, lastHeartbeat: ago(1_000) })).toMatchObject({ do: "wait" });
  });
});

describe("F16 memory", () => {
  test.each([
    ["its first process was killed", 137],
    ["a child was killed and the program went on to its end", 0],
    ["a child was killed and the program failed", 1],
  ])("the flag decides, not the exit code: %s", (_what, exitCode) => {
    const ended = container({ state: "exited", exitCode, oomKilled: true });
    expect(only([agent()], [ended])).toMatchObject({
      do: "lose",
      cause: "oom",
      failures: 1,
      why: expect.stringContaining("out of memory"),
    });
  });
});

describe("changed configuration", () => {
  const fleet = (...changes: Partial<PlanAgent>[]): PlanAgent[] =>
    changes.map((change, at) => agent({ name: `a${at}`, containerId: `c${at}`, digest: "new", ...change }));
  const made = (digests: string[]): PlanContainer[] =>
    digests.map((digest, at) => container({ id: `c${at}`, agent: `a${at}`, digest }));

  test("one agent is replaced at a time; the others say for whom they wait", () => {
    const actions = planOf(fleet({}, {}, {}), made(["old", "new", "old"]));
    expect(actions.map((action) => action.do)).toEqual(["replace", "wait", "wait"]);
    expect(actions[2]!.why).toContain("after a0 is well");
  });

  const starting = { status: "starting", containerId: null, startedAt: ago(1_000), lastHeartbeat: null } as const;
  const given = { status: "error", containerId: null, failures: 5, retryAt: null } as const;
  const stepOf = (agents: PlanAgent[], containers: PlanContainer[], name: string): Action =>
    planOf(agents, containers).find((action) => action.agent === name)!;

  test("the next waits until the one before has come up and was heard", () => {
    expect(planOf(fleet({}, starting), made(["old"])).map((action) => action.do)).not.toContain("replace");
  });

  test("O06 a change that an agent did not survive goes no further, and the others say so", () => {
    const broken = { ...given, changeDigest: "new" };
    expect(stepOf(fleet({}, broken), made(["old"]), "a0")).toMatchObject({
      do: "wait",
      why: expect.stringContaining("the rollout stopped: a1 did not survive this change"),
    });
    // Who was waiting for its run to end works on.
    expect(stepOf(fleet({ replacing: true }, broken), made(["old"]), "a0")).toMatchObject({ do: "keep" });
    // Something else is configured, it is restarted, or it is held stopped: the rollout goes on.
    for (const over of [{ changeDigest: "older" }, { changeDigest: null }, { digest: "newest" }, { desired: "stopped" as const }])
      expect(stepOf(fleet({}, { ...broken, ...over }), made(["old"]), "a0")).toMatchObject({ do: "replace", digest: "new" });
    expect(planOf(fleet({}, { ...broken, failures: 0 }), made(["old"])).map((action) => action.do)).toEqual(["wait", "start"]);
  });

  test("O06 an agent that ended once since it was replaced holds the rollout up until it has lived well", () => {
    const tried = (change: Partial<PlanAgent>): Action =>
      stepOf(fleet({}, { changeDigest: "new", failures: 1, ...change }), made(["old", "new"]), "a0");
    expect(tried({ startedAt: ago(60_000) })).toMatchObject({ do: "wait", why: expect.stringContaining("after a1 is well") });
    expect(tried({ startedAt: ago(planSettings.goodLifeMs) })).toMatchObject({ do: "replace" });
    expect(tried({ startedAt: ago(60_000), failures: 0 })).toMatchObject({ do: "replace" });
    expect(tried({ startedAt: ago(60_000), changeDigest: null })).toMatchObject({ do: "replace" });
  });

  test("an end after a good life is not the change's doing, whatever ended it", () => {
    for (const state of ["exited", "gone"]) {
      const ended = (startedAt: Date): Action =>
        only([agent({ startedAt })], state === "gone" ? [] : [container({ state, exitCode: 1 })]);
      expect(ended(ago(planSettings.goodLifeMs))).toMatchObject({ do: "lose", livedWell: true });
      expect(ended(ago(planSettings.goodLifeMs - 1))).toMatchObject({ do: "lose", livedWell: false });
    }
  });

  test("O06 who was to be replaced and runs what is wanted again, or of whom it is unknown, is kept and takes runs again", () => {
    expect(planOf(fleet({ replacing: true }), made(["new"]))).toMatchObject([{ do: "keep", agent: "a0", epoch: 3 }]);
    expect(planOf(fleet({ replacing: true, digest: null }), made(["old"]))).toMatchObject([{ do: "keep" }]);
    expect(planOf(fleet({ replacing: true }), made(["old"]))).toMatchObject([{ do: "replace" }]);
    const waits = planOf(fleet({ replacing: true }, starting), made(["old"]));
    expect(waits[0]).toMatchObject({ do: "keep", why: expect.stringContaining("after a1 is well") });
  });

  test("workers end with their task and are not replaced", () => {
    expect(planOf(fleet({ kind: "worker" }), made(["old"])).map((action) => action.do)).toEqual(["wait"]);
  });
});
