import { systemClock } from "@aito/base";
import { showReceipt } from "@aito/company";
import { afterAll, beforeAll, expect, test } from "vitest";
import { windowMs } from "../src/mcp/refuse-too-fast.ts";
import { type Loose, openGateway, type TestGateway, until } from "./open-gateway.ts";

let it: TestGateway;
/** What happens when the ten seconds are over: the test says when. */
const over: (() => void)[] = [];
const capacity = 3;

beforeAll(async () => {
  it = await openGateway({
    clock: {
      ...systemClock,
      after: (ms, run) => {
        if (ms !== windowMs) return systemClock.after(ms, run);
        over.push(run);
        return () => undefined;
      },
    },
    toolRate: { capacity, perSecond: 1e-9 },
  });
});
afterAll(() => it.close());

const refused = async (): Promise<Loose[]> =>
  (await it.rows("receipts")).filter(({ result }) => result.code === "AITO_TOOL_RATE");
const verdict = async (id: string): Promise<string> => (await showReceipt(it.deps, id)).check.verdict;

test("S06 every call that comes too fast is in a signed receipt, which its answer names; a flood writes two", async () => {
  const { session } = await it.enter("cmo");
  for (let at = 0; at < capacity; at += 1) expect((await it.callTool(session, "list_tasks", {})).ok).toBe(true);
  const flood = await Promise.all(Array.from({ length: 24 }, () => it.callTool(session, "list_tasks", {})));
  // A tool that is not granted comes too fast, too.
  await it.mcp(session, "tools/call", { name: "no_such_tool", arguments: {} });
  const named = [...new Set(flood.map(({ body }) => body["receipt"] as string))];
  expect(flood.map(({ body }) => body["code"])).toEqual(flood.map(() => "AITO_TOOL_RATE"));
  expect(named).toHaveLength(2);
  const [first, ...more] = await refused();
  expect(more).toEqual([]);
  expect(first).toMatchObject({ tool: "list_tasks", status: "refused", ok: false });
  expect(named).toContain(first!["id"]);

  for (const end of over.splice(0)) end();
  const both = await until(refused, (rows) => rows.length === 2, 30_000);
  const counted = both.find(({ id }) => id !== first!["id"])!;
  expect(named).toContain(counted["id"]);
  expect(counted).toMatchObject({ tool: "(several tools)", status: "refused", ok: false, agent_id: first!["agent_id"] });
  expect(counted["result"]).toMatchObject({ calls: 24, tools: { list_tasks: 23, no_such_tool: 1 } });
  for (const { id } of both) expect(await verdict(id)).toBe("valid");
});

test("S06 what was counted is written when the gateway closes", async () => {
  const { session } = await it.enter("coo");
  for (let at = 0; at < capacity + 3; at += 1) await it.callTool(session, "list_tasks", {});
  const before = (await refused()).length;
  await it.gateway.close();
  const rows = await refused();
  expect(rows).toHaveLength(before + 1);
  expect(rows.map(({ result }) => result.calls)).toContain(2);
});
