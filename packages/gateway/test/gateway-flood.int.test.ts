import { sha256, systemClock } from "@aito/base";
import { showReceipt } from "@aito/company";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { ownUnderWayMax, underWayMax, waitingMax } from "../src/agents/lanes.ts";
import { defineTool } from "../src/mcp/tool.ts";
import { windowMs } from "../src/mcp/refuse-too-fast.ts";
import { type Answer, type Loose, openGateway, type TestGateway, until } from "./open-gateway.ts";

let it: TestGateway;
let begun = 0;
let release: () => void;
const released = new Promise<void>((resolve) => {
  release = resolve;
});
const slow = defineTool({
  name: "wait_for_it",
  description: "Answers when the test says so.",
  kinds: ["agent"],
  risk: "read",
  input: z.object({}),
  timeoutMs: 120_000,
  run: async () => {
    begun += 1;
    await released;
    return { done: true };
  },
});
beforeAll(async () => {
  it = await openGateway({ moreTools: [slow] });
});
afterAll(() => it.close());

test(
  "F20 one agent's calls beyond its places wait unread, its heartbeat and everybody else's calls do not, and none is lost",
  { timeout: 120_000 },
  async () => {
    const [flooder, other] = [await it.enter("cmo"), await it.enter("cto")];
    const calls = Array.from({ length: underWayMax + 5 }, () => it.callTool(flooder.session, slow.name, {}));
    await until(
      () => begun,
      (count) => count >= underWayMax,
      60_000,
    );
    expect(await it.post("/agent/heartbeat", { doing: "calling", progress: 1 }, flooder.session)).toMatchObject({ status: 200 });
    expect(await it.callTool(other.session, "list_tasks", {})).toMatchObject({ ok: true });
    // Those that wait could have begun long before the others' answers were here.
    expect(begun).toBe(underWayMax);
    release();
    expect((await Promise.all(calls)).map(({ ok }) => ok)).toEqual(calls.map(() => true));
    expect(begun).toBe(calls.length);
  },
);

test(
  "F20 what an agent's program asks for itself is answered two at a time, so that a flood of contexts and logs leaves room for others",
  { timeout: 120_000 },
  async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let flooding: string | null = null;
    let asked = 0;
    const gateway = await openGateway({
      wrapDatabase: (db) => ({
        ...db,
        call: async <T>(companyId: string, name: string, argument: unknown): Promise<T> => {
          if (name === "aito_session" && (argument as { hash: string }).hash === flooding) {
            asked += 1;
            await held;
          }
          return await db.call<T>(companyId, name, argument);
        },
      }),
    });
    try {
      const [flooder, other] = [await gateway.enter("cmo"), await gateway.enter("cto")];
      flooding = sha256(flooder.session);
      const log = { run: null, lines: ["again"] };
      const flood = Array.from({ length: 20 }, (_, at) =>
        gateway.post(
          at % 2 === 0 ? "/agent/log" : "/agent/context",
          at % 2 === 0 ? log : { run: crypto.randomUUID() },
          flooder.session,
        ),
      );
      await until(
        () => asked,
        (count) => count >= ownUnderWayMax,
        60_000,
      );
      expect(await gateway.post("/agent/heartbeat", { doing: null, progress: 0 }, other.session)).toMatchObject({ status: 200 });
      expect(asked).toBe(ownUnderWayMax);
      letGo();
      expect((await Promise.all(flood)).map(({ status }) => status)).toEqual(flood.map((_, at) => (at % 2 === 0 ? 200 : 409)));
    } finally {
      letGo();
      await gateway.close();
    }
  },
);

test(
  "F20 strangers are refused one after another, and whoever is known waits for none of them",
  { timeout: 120_000 },
  async () => {
    const known = await it.enter("coo");
    const strangers = Array.from({ length: underWayMax * 8 }, (_, at) =>
      it.post("/agent/heartbeat", { doing: null, progress: 0 }, `aito_ses_${"x".repeat(30)}${at}`),
    );
    let refused = 0;
    for (const one of strangers) void one.then(() => (refused += 1));
    expect(await it.post("/agent/heartbeat", { doing: null, progress: 0 }, known.session)).toMatchObject({ status: 200 });
    expect(refused).toBeLessThan(strangers.length);
    expect((await Promise.all(strangers)).map(({ status }) => status)).toEqual(strangers.map(() => 401));
  },
);

test(
  "S06 F20 what is refused unread is in signed receipts, which the answers name: the first its own, the others one with their count",
  { timeout: 180_000 },
  async () => {
    /** What happens when the ten seconds are over: the test says when. */
    const over: (() => void)[] = [];
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const holding = defineTool({ ...slow, name: "hold", input: z.object({}), run: async () => (await held, { done: true }) });
    const gateway = await openGateway({
      moreTools: [holding],
      toolRate: { capacity: 10_000, perSecond: 1 },
      clock: {
        ...systemClock,
        after: (ms, run) => {
          if (ms !== windowMs) return systemClock.after(ms, run);
          over.push(run);
          return () => undefined;
        },
      },
    });
    try {
      const { session } = await gateway.enter("cmo");
      expect((await gateway.callTool(session, "list_tasks", {})).ok).toBe(true);
      const extra = 20;
      const refused: Answer[] = [];
      const params = { name: holding.name, arguments: {} };
      const calls = Array.from({ length: underWayMax + waitingMax + extra }, async () => {
        const answer = await gateway.mcp(session, "tools/call", params);
        if (answer.status === 429) refused.push(answer);
      });
      await until(
        () => refused.length,
        (count) => count === extra,
        120_000,
      );
      const receipts = async (): Promise<Loose[]> =>
        (await gateway.rows("receipts")).filter(({ result }) => result.code === "AITO_AGENT_FLOOD");
      expect(await receipts()).toMatchObject([{ tool: "(unread /mcp)", status: "refused", ok: false, source: "aito" }]);
      for (const end of over.splice(0)) end();
      const both = await until(receipts, (rows) => rows.length === 2, 60_000);
      expect(both.map(({ result }) => result.calls ?? 1).toSorted((a, b) => a - b)).toEqual([1, extra - 1]);
      for (const { id } of both) expect((await showReceipt(gateway.deps, id)).check.verdict).toBe("valid");
      const told = refused.map(({ body }) => /; receipt ([0-9a-f-]{36})$/.exec(body["error"].message)?.[1]);
      expect(new Set(told)).toEqual(new Set(both.map(({ id }) => id)));
      letGo();
      await Promise.all(calls);
      expect(refused).toHaveLength(extra);
    } finally {
      letGo();
      await gateway.close();
    }
  },
);
