import { answerToolPin, listBudgets, listCosts, listToolPins, loadPack, registerFleet } from "@aito/company";
import type { BudgetView } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openGateway, type TestGateway, until } from "./open-gateway.ts";
import { outsideServer, type OutsideServer } from "./outside-server.ts";

const pack = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
const boundMs = 50_000;

let it: TestGateway;
let world: OutsideServer;
let session: string;
let other: string;
let asked = 0;
const answer = () => {
  asked += 1;
  return { content: [{ type: "text" as const, text: "here it is" }] };
};

beforeAll(async () => {
  world = await outsideServer();
  world.tools = {
    lookup: { description: "Looks something up.", run: answer },
    priced: {
      description: "Costs what is asked for.",
      input: { type: "object", properties: { usd: { type: "number" } } },
      run: answer,
    },
    note: { description: "Keeps a note.", run: answer },
    failing: { description: "Says no.", run: () => ({ ...answer(), isError: true }) },
  };
  it = await openGateway({ toolRate: { capacity: 10_000, perSecond: 1_000 } });
  ({ session } = await it.enter("cmo"));
  ({ session: other } = await it.enter("coo"));
  await allow(1);
  for (const tool of Object.keys(world.tools)) {
    const [pin] = await until(
      async () => (await listToolPins(it.deps)).filter((each) => each.tool === `town__${tool}` && each.status === "waiting"),
      (pins) => pins.length === 1,
      boundMs,
    );
    await answerToolPin(it.deps, { tool: pin!.tool, hash: pin!.hash, answer: "approve", by: "operator" });
  }
  await until(
    async () => JSON.stringify((await it.mcp(session, "tools/list")).body),
    (text) => Object.keys(world.tools).every((tool) => text.includes(`town__${tool}`)),
    boundMs,
  );
});
afterAll(async () => {
  await it.close();
  await world.close();
});

/** What each of the two may spend in all. */
async function allow(total: number): Promise<void> {
  const fleet = await loadPack(pack);
  const tool = { risk: "read", dataClass: "internal", usd: 0.4, seconds: 30 } as const;
  fleet.file.budgets = { ...fleet.file.budgets, agents: { cmo: { total }, coo: { total: total / 4 } } };
  fleet.file.toolServers = {
    town: {
      url: world.url,
      tools: {
        lookup: tool,
        failing: tool,
        priced: { ...tool, usd: 0, usdArgument: "usd" },
        note: { ...tool, risk: "write", usd: 0.3 },
      },
    },
  };
  await registerFleet(it.deps, fleet);
}

const call = (tool: string, args: object = {}, by = session) => it.callTool(by, `town__${tool}`, args);
const budget = async (agent: string): Promise<BudgetView> =>
  (await listBudgets(it.deps)).find(({ scope, target }) => scope === "agent" && target === agent)!;
/** What is spent once nothing is set aside any more. */
const spent = async (agent = "cmo"): Promise<string> =>
  (
    await until(
      () => budget(agent),
      ({ reservedMicroUsd }) => reservedMicroUsd === "0",
      boundMs,
    )
  ).spentMicroUsd;
const costs = async () =>
  (await listCosts(it.deps, { by: "model" })).map(({ name, calls, costMicroUsd, unknownCalls }) => [
    name,
    calls,
    costMicroUsd,
    unknownCalls,
  ]);

test("B01 a paid read is taken from the budgets around its caller and shown among the costs, by agent and by tool", async () => {
  for (const _ of [1, 2]) expect((await call("lookup")).ok).toBe(true);
  expect(await spent()).toBe("800000");
  expect(await costs()).toEqual([["tool:town__lookup", 2, "800000", 0]]);
  const [row] = await listCosts(it.deps, { by: "agent" });
  expect(row).toMatchObject({ name: "cmo", calls: 2, costMicroUsd: "800000" });
});

test("B01 a paid read or an unasked write that a budget has too little left for is refused, says which, and reaches nobody", async () => {
  const before = asked;
  const refused = await call("lookup");
  expect(refused.body).toMatchObject({
    code: "AITO_BUDGET_SPENT",
    message: expect.stringMatching(
      /may cost \$0\.40, and the budget of agent cmo \(in all, \$1\.00\) has too little left: \$0\.80 spent/,
    ),
  });
  expect((await call("note", {}, other)).body).toMatchObject({ code: "AITO_BUDGET_SPENT" });
  expect((await call("priced", { usd: 0.21 })).body).toMatchObject({ code: "AITO_BUDGET_SPENT" });
  expect(asked).toBe(before);
  const receipt = (await it.rows("receipts")).find(({ id }) => id === refused.body["receipt"]);
  expect(receipt).toMatchObject({ status: "refused", tool: "town__lookup" });
  // What still fits is not held up, to the micro-dollar, and a call that costs nothing needs no budget.
  expect((await call("priced", { usd: 0.2 })).ok).toBe(true);
  expect((await call("priced", { usd: 0 })).ok).toBe(true);
  expect(await spent()).toBe("1000000");
});

test("B01 a write that nobody is asked about is paid for once, and many calls at once never take more than there is", async () => {
  await allow(3);
  expect((await call("note", {}, other)).body).toMatchObject({ text: "here it is" });
  expect(await spent("coo")).toBe("300000");
  // Its run has read what came back: the next one is a human's to answer, and is paid for as what that permits.
  expect((await call("note", {}, other)).body).toMatchObject({ code: "AITO_APPROVAL_NEEDED" });
  expect(await spent("coo")).toBe("300000");
  const before = asked;
  const all = await Promise.all(Array.from({ length: 20 }, () => call("lookup")));
  const ran = all.filter(({ ok }) => ok).length;
  expect(new Set(all.filter(({ ok }) => !ok).map(({ body }) => body["code"]))).toEqual(new Set(["AITO_BUDGET_SPENT"]));
  expect([ran, asked - before]).toEqual([5, 5]);
  expect(await spent()).toBe("3000000");
});

test("B01 a call that was not sent costs nothing; of one whose end nobody knows the cost is unknown and charged in full", async () => {
  await allow(10);
  const cut = (act: (response: Parameters<NonNullable<OutsideServer["before"]>>[1]) => void): void => {
    world.before = (_request, response, body) => {
      if (!body.includes('"tools/call"')) return false;
      act(response);
      return true;
    };
  };
  cut((response) => response.writeHead(403).end());
  expect((await call("lookup")).body).toMatchObject({ code: "AITO_TOOL_FAILED" });
  expect(await spent()).toBe("3000000");
  cut((response) => response.socket?.destroy());
  expect((await call("lookup")).body).toMatchObject({ code: "AITO_TOOL_FAILED" });
  world.before = null;
  expect(await spent()).toBe("3400000");
  expect((await call("failing")).body).toMatchObject({ code: "AITO_TOOL_FAILED" });
  expect(await spent()).toBe("3800000");
  const rows = Object.fromEntries((await costs()).map(([name, ...row]) => [name, row]));
  expect(rows["tool:town__failing"]).toEqual([1, null, 1]);
  expect(rows["tool:town__lookup"]).toEqual([9, "2800000", 1]);
});
