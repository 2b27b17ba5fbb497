import { describe, expect, test } from "vitest";
import type { Action } from "./action.ts";
import { plan } from "./plan.ts";
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

  test("a kill from outside is repaired at once, one after another ever slower, and none quarantines", () => {
    const killed = (failures: number): Action =>
      only([agent({ ...young, failures })], [container({ state: "exited", exitCode: 137 })]);
    expect(killed(4)).toMatchObject({ do: "lose", failures: 4, why: expect.stringContaining("it was killed from outside") });
    expect([0, 1, 2, 3, 4, 9].map((failures) => delay(killed(failures)))).toEqual([0, 500, 1_000, 2_000, 2_000, 2_000]);
  });

  test("F17 an engine that ends its containers, a starter that died half way and a gateway that is away quarantine nobody", () => {
    for (const exitCode of [143, 75, 69]) {
      const ended = only([agent({ ...young, failures: 9 })], [container({ state: "exited", exitCode })]);
      expect(ended).toMatchObject({ do: "lose", outside: true, failures: 4, retryAt: expect.any(Date) });
    }
    for (const exitCode of [0, 1, 77]) {
      const ended = only([agent({ ...young, failures: 4 })], [container({ state: "exited", exitCode })]);
      expect(ended).toMatchObject({ do: "lose", outside: false, retryAt: null });
    }
    const exhausted = only([agent({ ...young, failures: 0 })], [container({ state: "exited", exitCode: 137, oomKilled: true })]);
    expect(exhausted).toMatchObject({ do: "lose", outside: false });
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

  test("the next waits until the one before has come up and was heard; a quarantined one is not waited for", () => {
    const starting = { status: "starting", containerId: null, startedAt: ago(1_000), lastHeartbeat: null } as const;
    expect(planOf(fleet({}, starting), made(["old"])).map((action) => action.do)).not.toContain("replace");
    const given = { status: "error", containerId: null, failures: 5, retryAt: null } as const;
    expect(planOf(fleet({}, given), made(["old"])).map((action) => action.do)).toContain("replace");
  });

  test("workers end with their task and are not replaced", () => {
    expect(planOf(fleet({ kind: "worker" }), made(["old"])).map((action) => action.do)).toEqual(["wait"]);
  });
});
