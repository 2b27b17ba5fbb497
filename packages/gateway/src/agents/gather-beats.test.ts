import { type Clock, silentLogger } from "@aito/base";
import type { AgentSession, Beat, CompanyDeps } from "@aito/company";
import { expect, test } from "vitest";
import type { GatewayContext } from "../gateway-context.ts";
import { gatherBeats } from "./gather-beats.ts";

/** A clock that is moved by hand, and a database that writes down what it is asked. */
function world(answer: (beats: { agent: string }[]) => Promise<unknown>) {
  let now = 0;
  const timers = new Set<{ at: number; run: () => void }>();
  const asked: string[][] = [];
  const clock = {
    now: () => new Date(now),
    after: (ms: number, run: () => void) => {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  } as Clock;
  const db = {
    kind: "postgres",
    call: async (_company: string, _name: string, beats: { agent: string }[]) => {
      asked.push(beats.map(({ agent }) => agent));
      return await answer(beats);
    },
  };
  const closing = new AbortController();
  const deps = { db, clock, companyId: "c" } as unknown as CompanyDeps;
  const context = { deps, clock, log: silentLogger, signal: closing.signal, sessionLife: { lifeMs: 1, overlapMs: 1 } };
  const go = (ms: number): void => {
    now += ms;
    for (const timer of [...timers].filter(({ at }) => at <= now)) {
      timers.delete(timer);
      timer.run();
    }
  };
  return { context: context as unknown as GatewayContext, asked, go, closing };
}

const beat = (agent: string, more: Partial<Beat> & { isHead?: boolean } = {}): Beat => ({
  session: { agentId: agent, epoch: 1, isHead: more.isHead ?? false } as AgentSession,
  sessionHash: agent,
  doing: more.doing ?? null,
  progress: 0,
});
const running = (beats: unknown[]) => Promise.resolve(beats.map(() => ({ desired: "running" })));

test("Y15 heartbeats of those who rest are written together, a head's within a second", async () => {
  const { context, asked, go } = world(running);
  const written: string[][] = [];
  const beats = gatherBeats(context, (sessions) => void written.push(sessions.map(({ agentId }) => agentId)));
  const first = [beats(beat("coo")), beats(beat("cto"))];
  go(2_000);
  expect(asked).toEqual([]);
  const head = beats(beat("ceo", { isHead: true }));
  go(999);
  expect(asked).toEqual([]);
  go(1);
  expect(asked).toEqual([["coo", "cto", "ceo"]]);
  expect(await Promise.all([...first, head])).toEqual([{ stop: false }, { stop: false }, { stop: false }]);
  go(60_000);
  expect(asked).toHaveLength(1);
  expect(written).toEqual([["coo", "cto", "ceo"]]);
});

test("Y15 who works is written at once, and takes along all that waits", async () => {
  const { context, asked } = world(running);
  const beats = gatherBeats(context);
  const answers = [beats(beat("coo")), beats(beat("cto", { doing: "thinks" }))];
  expect(await Promise.all(answers)).toEqual([{ stop: false }, { stop: false }]);
  expect(asked).toEqual([["coo", "cto"]]);
});

test("Y15 each whose beat was not taken asks the long way, also when nothing could be written", async () => {
  const some = world(() => Promise.resolve([{ desired: "stopped" }, null]));
  const written: string[][] = [];
  const gathered = gatherBeats(some.context, (sessions) => void written.push(sessions.map(({ agentId }) => agentId)));
  const [stopped, refused] = [beat("coo"), beat("cto", { doing: "thinks" })].map(gathered);
  expect([await stopped, await refused]).toEqual([{ stop: true }, null]);
  expect(written).toEqual([["coo"]]);
  const none = world(() => Promise.reject(new Error("the database is away")));
  expect(await gatherBeats(none.context)(beat("coo", { doing: "thinks" }))).toBeNull();
});

test("Y15 a gateway that closes keeps nobody waiting", async () => {
  const { context, asked, closing } = world(running);
  const waits = gatherBeats(context)(beat("coo"));
  closing.abort();
  expect(await waits).toEqual({ stop: false });
  expect(asked).toEqual([["coo"]]);
});
