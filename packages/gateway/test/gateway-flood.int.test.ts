import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { underWayMax } from "../src/agents/lanes.ts";
import { defineTool } from "../src/mcp/tool.ts";
import { openGateway, type TestGateway, until } from "./open-gateway.ts";

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
