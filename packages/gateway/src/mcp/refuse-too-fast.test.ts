import { type Clock, silentLogger } from "@aito/base";
import { argumentsDigest, type AgentSession, type CompanyDeps, type NewReceipt } from "@aito/company";
import { expect, test } from "vitest";
import type { OpenRuns } from "../agents/open-runs.ts";
import { makeTooFast, windowMs } from "./refuse-too-fast.ts";

/** A clock that is moved by hand, and receipts that are kept in a list. */
function world({ fails = false } = {}) {
  let [now, ids] = [Date.parse("2026-01-01T00:00:00Z"), 0];
  const timers = new Set<{ at: number; run: () => void }>();
  const clock = {
    now: () => new Date(now),
    after: (ms: number, run: () => void) => {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  } as Clock;
  const written: (NewReceipt & { agent: string; fenced: boolean })[] = [];
  const tooFast = makeTooFast({
    deps: { newId: () => `id-${(ids += 1)}` } as unknown as CompanyDeps,
    clock,
    log: silentLogger,
    receipts: {
      write: async (deps, { agent }, receipt) => {
        if (fails) throw new Error("the session is over");
        written.push({ ...receipt, agent, fenced: deps.speaker !== undefined });
      },
    },
  });
  const openRuns = { of: () => Promise.resolve("run-1") } as unknown as OpenRuns;
  const go = (ms: number): void => {
    now += ms;
    for (const timer of [...timers].filter(({ at }) => at <= now)) {
      timers.delete(timer);
      timer.run();
    }
  };
  const refuse = (name: string, args: unknown = {}, agent = "cmo", epoch = 1) =>
    tooFast.refuse({ agent, agentId: agent, epoch } as AgentSession, { name, args }, openRuns);
  return { tooFast, written, timers, go, refuse };
}

test("S06 the first call too many leaves its own receipt, what follows within ten seconds one with their count", async () => {
  const { written, timers, go, refuse } = world();
  const first = await refuse("list_tasks", { limit: 1 });
  expect(first).toMatchObject({ ok: false, body: { code: "AITO_TOOL_RATE", receipt: written[0]!.id } });
  expect(written).toMatchObject([{ tool: "list_tasks", status: "refused", run: "run-1", fenced: true }]);
  expect(written[0]!.argumentsDigest).toBe(argumentsDigest({ limit: 1 }));
  const told = new Set<unknown>();
  for (let at = 0; at < 1_000; at += 1) {
    go(5);
    told.add((await refuse(at % 4 === 0 ? "read_figures" : "list_tasks", { at })).body["receipt"]);
  }
  expect(written).toHaveLength(1);
  go(windowMs);
  expect(written).toHaveLength(2);
  expect([...told]).toEqual([written[1]!.id]);
  expect(written[1]).toMatchObject({
    tool: "(several tools)",
    status: "refused",
    ok: false,
    run: "run-1",
    fenced: false,
    durationMs: 4_995,
    result: {
      calls: 1_000,
      tools: { read_figures: 250, list_tasks: 750 },
      from: "2026-01-01T00:00:00.005Z",
      until: "2026-01-01T00:00:05.000Z",
    },
  });
  expect(timers.size).toBe(0);
  await refuse("list_tasks");
  expect(written).toHaveLength(3);
  go(windowMs);
  // Nothing followed that one.
  expect([written.length, timers.size]).toEqual([3, 0]);
});

test("S06 each agent's count is its own, an incarnation's too, and its digest tells other arguments and another order apart", async () => {
  const digests: string[] = [];
  for (const calls of [
    ["a", "b"],
    ["b", "a"],
    ["a", "c"],
    ["a", "b"],
  ]) {
    const { written, go, refuse } = world();
    await refuse("list_tasks");
    await refuse("list_tasks", {}, "coo");
    await refuse("list_tasks", {}, "cmo", 2);
    expect(written).toHaveLength(3);
    for (const title of calls) await refuse("list_tasks", { title });
    go(windowMs);
    expect(written.slice(3)).toMatchObject([
      { agent: "cmo", tool: "list_tasks", result: { calls: 2, tools: { list_tasks: 2 } } },
    ]);
    digests.push(written[3]!.argumentsDigest);
  }
  expect(new Set(digests).size).toBe(3);
  expect(digests[3]).toBe(digests[0]);
});

test("S06 made-up names stay few and none is written as it was sent; closing writes what was counted; nothing makes it throw", async () => {
  const { tooFast, written, timers, refuse } = world();
  for (let at = 0; at < 500; at += 1) await refuse(at % 2 ? `made_up_${at}` : "not a name\u202e");
  await tooFast.close();
  expect(timers.size).toBe(0);
  expect(written.map(({ tool }) => tool)).toEqual(["(not a tool's name)", "(several tools)"]);
  const { calls, tools } = written[1]!.result as { calls: number; tools: Record<string, number> };
  expect(calls).toBe(499);
  expect(Object.keys(tools).length).toBeLessThanOrEqual(21);
  expect(Object.values(tools).reduce((sum, each) => sum + each, 0)).toBe(499);

  const broken = world({ fails: true });
  for (let at = 0; at < 3; at += 1) expect((await broken.refuse("list_tasks")).ok).toBe(false);
  await broken.tooFast.close();
});
