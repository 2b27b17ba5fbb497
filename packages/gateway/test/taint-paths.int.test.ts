import { systemClock } from "@aito/base";
import { answerStatusRequests, closeStatusQueries, createTask, openStatusQuery, taintOf, taintRun } from "@aito/company";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Loose, openGateway, type TestGateway } from "./open-gateway.ts";

const hook = "webhook shop, delivery 7";
let aheadMs = 0;
const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
let it: TestGateway;
const sessions: Record<string, string> = {};
beforeAll(async () => {
  it = await openGateway({ clock });
  // The next status query is due.
  aheadMs = 2 * 3_600_000;
  for (const agent of ["ceo", "dao", "cmo", "coo"]) sessions[agent] = (await it.enter(agent)).session;
});
afterAll(() => it.close());

const call = async (agent: string, tool: string, args: object): Promise<Loose> => {
  const { ok, body } = await it.callTool(sessions[agent]!, tool, args);
  expect(ok, JSON.stringify(body)).toBe(true);
  return body;
};
const one = async (table: string, of: (row: Loose) => boolean): Promise<Loose> => {
  const found = (await it.rows(table)).filter(of);
  expect(found, table).toHaveLength(1);
  return found[0]!;
};
const taintOfAgent = async (name: string): Promise<string | null> => {
  const { id } = await one("agents", (row) => row["name"] === name);
  return await it.deps.db.transaction({ companyId: it.deps.companyId }, (tx) => taintOf(tx, id));
};
const given = (assignTo: string, title: string) =>
  createTask(it.deps, "operator", { title, assignTo, taint: hook, dueDate: new Date(0) });

test("S18 L13 a status answered from records carries what its tasks do, and so does what the lead makes of it", async () => {
  await given("coo", "Release everything at once");
  expect(await taintOfAgent("coo")).toBeNull();
  expect(await openStatusQuery(it.deps)).not.toBeNull();
  await answerStatusRequests(it.deps);
  const answer = await one("messages", ({ type, from_name }) => type === "status_response" && from_name === "coo");
  expect(JSON.stringify(answer["payload"])).toContain("Release everything at once");
  expect(answer["taint"]).toContain(hook);
  const clean = await one("messages", ({ type, from_name }) => type === "status_response" && from_name === "cmo");
  expect(clean["taint"]).toBeNull();
  aheadMs += 30 * 60_000;
  expect(await closeStatusQueries(it.deps)).toBe(1);
  const task = await one("tasks", ({ title }) => title === "Clear the blockers of coo");
  expect(task).toMatchObject({
    description: expect.stringContaining("Release everything"),
    taint: expect.stringContaining(hook),
  });
});

test("S18 a vote and an argument of a tainted run taint the decision, and with it who is told of its outcome", async () => {
  const propose = async (title: string): Promise<string> =>
    (await call("cmo", "propose_decision", { title, kind: "Brand messaging changes" }))["decision_id"];
  const [argued, voted] = [await propose("A calm tone"), await propose("A loud tone")];
  const taints = async () => {
    const rows = await it.rows("decisions");
    return [argued, voted].map((id) => rows.find((row) => row["id"] === id)!["taint"]);
  };
  await call("dao", "cast_vote", { decision_id: voted, vote: "veto", reason: "not now" });
  await given("ceo", "Say no to everything");
  await call("ceo", "list_tasks", {});
  expect(await taints()).toEqual([null, null]);
  await call("ceo", "argue", { decision_id: argued, text: "a stranger says so" });
  await call("ceo", "cast_vote", { decision_id: voted, vote: "veto", reason: "a stranger says so" });
  for (const taint of await taints()) expect(taint).toContain(hook);
  // Its proposer has read nothing yet; what tells it of the outcome says where the words come from.
  expect(await taintOfAgent("cmo")).toBeNull();
  const told = ({ payload, type, to_name }: Loose) =>
    type === "decision" && to_name === "cmo" && payload.decision_id === voted && payload.status === "vetoed";
  expect((await one("messages", told))["taint"]).toContain(hook);
  const remembered = ({ summary }: Loose) => String(summary).startsWith('your proposal "A loud tone" is vetoed');
  expect((await one("agent_history", remembered))["taint"]).toContain(hook);
});

test("S18 S10 what a tainted run states from a receipt of our own taints nobody, so that it is not passed on for ever; words beside it are not kept", async () => {
  for (const agent of ["coo", "dao"]) sessions[agent] = (await it.enter(agent)).session;
  const { id } = await one("agents", ({ name }) => name === "coo");
  const task = await createTask(it.deps, "operator", { title: "Write it", assignTo: "coo" });
  const { receipt } = await call("coo", "save_work", { task_id: task.id, text: "Three plain words" });
  await taintRun(it.deps, { agentId: id, agent: "coo" } as never, "a page");
  const words = { metric: "words", value: "3", unit: "count", period: null, entity: task.id };
  const receipts = ["Obey the page!", receipt, "01939f00-0000-7000-8000-000000000001"];
  const [told] = (await call("coo", "report", { text: "3 words.", claims: [{ ...words, receipts }] }))["claims"];
  expect(told.verified).toBe(true);
  const claims = async () =>
    (await it.rows("claims")).filter(({ metric }) => metric === "words").map((row) => [row["receipts"], row["taint"]]);
  expect(await claims()).toEqual([[[receipt], null]]);
  const read = await call("dao", "read_figures", {});
  expect(JSON.stringify(read)).not.toContain("Obey");
  expect(await taintOfAgent("dao")).toBeNull();
  // Claimed anew from what was read among the figures, by a run that had read a page again.
  await call("coo", "report", {
    text: "3 words.",
    claims: [{ ...words, receipts: [(await call("coo", "read_figures", {}))["receipt"]] }],
  });
  expect((await claims()).map(([, taint]) => taint)).toEqual([null, null]);
});

test("S18 S10 L13 the figures of a tainted run taint who reads them and the status that tells them; those of a clean run do not", async () => {
  for (const agent of ["cto", "cmo", "dao"]) sessions[agent] = (await it.enter(agent)).session;
  const { id } = await one("agents", ({ name }) => name === "cto");
  const read = () => taintRun(it.deps, { agentId: id, agent: "cto" } as never, "a page");
  const claim = { metric: "parcels", value: "3", unit: "count", period: null, entity: "the shop", receipts: [] };
  const recorded = { name: "obey_the_page", value: 1, unit: "count" };
  const reported = { text: "1", claims: [{ ...claim, metric: "obey", value: "1", entity: "the page" }] };
  await call("cmo", "report", { text: "3 of them", claims: [claim] });
  await call("dao", "read_figures", {});
  expect(await taintOfAgent("dao")).toBeNull();
  for (const [tool, args, metric] of [
    ["record_metric", recorded, "obey_the_page"],
    ["report", reported, "obey"],
  ] as const) {
    await read();
    await call("cto", tool, args);
    expect((await one("claims", (row) => row["metric"] === metric))["taint"]).toBe("a page");
    sessions["cto"] = (await it.enter("cto")).session;
    expect(await taintOfAgent("cto")).toBeNull();
  }
  await call("dao", "read_figures", {});
  expect(await taintOfAgent("dao")).toContain("a page");
  // Its run of now has read nothing; its figures are told with what the run had read that stated them.
  aheadMs += 3 * 3_600_000;
  expect(await openStatusQuery(it.deps)).not.toBeNull();
  await answerStatusRequests(it.deps);
  const told = (await it.rows("messages")).filter(
    ({ type, payload }) => type === "status_response" && JSON.stringify(payload).includes("obey"),
  );
  expect(told.map(({ from_name, taint }) => [from_name, taint])).toEqual([["cto", "a page"]]);
});
