import { decisionView, listPublications, loadPack, overrideDecision, registerFleet } from "@aito/company";
import { type AutonomyMode, DangerousTool } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dangerousTools } from "../src/mcp/dangerous-tools.ts";
import { type Loose, openGateway, type TestGateway, until } from "./open-gateway.ts";

const pack = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;

let it: TestGateway;
const sessions: Record<string, string> = {};
beforeAll(async () => {
  it = await openGateway();
  for (const agent of ["ceo", "dao", "cmo", "coo"]) sessions[agent] = (await it.enter(agent)).session;
});
afterAll(() => it.close());

/** The operator changes the fleet file: what all roles may do, and what the CMO may. */
async function operate(
  autonomy: AutonomyMode | undefined,
  cmo: { autonomy?: AutonomyMode; releases?: DangerousTool[] } = {},
): Promise<void> {
  const fleet = await loadPack(pack);
  fleet.file.autonomy = autonomy;
  fleet.file.roles["cmo"] = { ...fleet.file.roles["cmo"]!, ...cmo };
  await registerFleet(it.deps, fleet);
}
const call = (agent: string, tool: string, args: object): Promise<{ ok: boolean; body: Loose }> =>
  it.callTool(sessions[agent]!, tool, args);
const text = { title: "We are 1,000", text: "Thank you all." };
const published = async (): Promise<string[]> => (await listPublications(it.deps, { limit: 50 })).map(({ title }) => title);
const events = async (type: string): Promise<Loose[]> =>
  (await it.rows("events")).filter((event) => event["event_type"] === type);

/** An approved decision with this action. */
async function approved(title: string, action: object, usd = 0): Promise<string> {
  const { body } = await call("cmo", "propose_decision", { title, kind: "Influencer partnerships", usd, action });
  for (const head of ["ceo", "dao"])
    await call(head, "cast_vote", { decision_id: body["decision_id"], vote: "approve", reason: "good" });
  expect((await decisionView(it.deps, body["decision_id"])).status).toBe("approved");
  return body["decision_id"];
}

test("S21 the gateway's dangerous tools are the protocol's", () => {
  expect(dangerousTools.map(({ name }) => name).toSorted()).toEqual(DangerousTool.options.toSorted());
});

test("S21 supervised, which is the default: refused, and a human's approval is asked for", async () => {
  const { ok, body } = await call("cmo", "publish_text", text);
  expect([ok, body["code"]]).toEqual([false, "AITO_APPROVAL_NEEDED"]);
  expect(await published()).toEqual([]);
  expect(await events("approval.needed")).toMatchObject([
    { source_name: "cmo", payload: { tool: "publish_text", summary: 'publish "We are 1,000"', rule: "mode.supervised" } },
  ]);
  // An approved decision changes nothing about it.
  const decision = await approved("An article for members", { tool: "publish_text" });
  expect((await call("cmo", "publish_text", { ...text, decision_id: decision })).body["code"]).toBe("AITO_APPROVAL_NEEDED");
});

test("S21 shadow: recorded, nothing is done", async () => {
  await operate("shadow");
  const { ok, body } = await call("cmo", "publish_text", text);
  expect([ok, body]).toEqual([true, { shadow: true, would_have: 'publish "We are 1,000"', receipt: expect.any(String) }]);
  expect(await published()).toEqual([]);
  expect(await events("tool.shadowed")).toHaveLength(1);
});

test("S21 autonomous for one role: only a listed tool, only with an approved decision of its own that releases it", async () => {
  await operate("supervised", { autonomy: "autonomous" });
  const decision = await approved("A partner's article", { tool: "publish_text" });
  const publish = async (changes: object, agent = "cmo"): Promise<unknown> =>
    (await call(agent, "publish_text", { ...text, ...changes })).body["code"];
  expect(await publish({ decision_id: decision })).toBe("AITO_TOOL_NOT_RELEASED");
  await operate("supervised", { autonomy: "autonomous", releases: ["publish_text"] });
  expect(await publish({})).toBe("AITO_TOOL_NOT_RELEASED");
  expect(await publish({ decision_id: decision }, "coo")).toBe("AITO_APPROVAL_NEEDED");
  const { body: open } = await call("cmo", "propose_decision", {
    title: "Not yet",
    kind: "Brand messaging changes",
    action: { tool: "publish_text" },
  });
  expect(await publish({ decision_id: open["decision_id"] })).toBe("AITO_TOOL_NOT_RELEASED");
  const without = await call("cmo", "propose_decision", { title: "No action", kind: "Content scheduling" });
  expect(await publish({ decision_id: without.body["decision_id"] })).toBe("AITO_TOOL_NOT_RELEASED");
  expect(await published()).toEqual([]);
  expect(await call("cmo", "publish_text", { ...text, decision_id: decision })).toMatchObject({
    ok: true,
    body: { published: true },
  });
  expect(await published()).toEqual(["We are 1,000"]);
  expect(await publish({ decision_id: decision })).toBe("AITO_TOOL_NOT_RELEASED");
});

test("S21 exact arguments release that one call, and the approved amount is the most that it may cost", async () => {
  const exact = await approved("The founders' letter", {
    tool: "publish_text",
    arguments: { title: "A letter", text: "Dear all." },
  });
  const letter = { title: "A letter", text: "Dear all.", decision_id: exact };
  expect((await call("cmo", "publish_text", { ...letter, text: "Dear all!" })).body["code"]).toBe("AITO_TOOL_NOT_RELEASED");
  expect((await call("cmo", "publish_text", letter)).ok).toBe(true);

  const dearer = {
    title: "Cheap",
    kind: "Content scheduling",
    usd: 10,
    action: { tool: "publish_text", arguments: { ...text, usd: 11 } },
  };
  expect((await call("cmo", "propose_decision", dearer)).body["code"]).toBe("AITO_DECISION_AMOUNT");

  const paid = await approved("Placements in the magazine", { tool: "publish_text", usd: 100, times: 5 }, 100);
  const place = (usd: number, title: string) => call("cmo", "publish_text", { title, text: "Ad.", usd, decision_id: paid });
  expect((await place(60, "Page one")).ok).toBe(true);
  expect((await place(40.01, "Page two")).body["code"]).toBe("AITO_DECISION_BUDGET");
  const both = await Promise.all([place(40, "Page three"), place(40, "Page four")]);
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);

  const report = await overrideDecision(it.deps, { id: paid, operator: "operator", reason: "no more" });
  expect(report.ran).toMatchObject([
    { what: 'publish_text: publish "Page one" ($60.00)', undo: null },
    { what: expect.stringContaining("($40.00)"), undo: null },
  ]);
  expect((await place(0, "After the end")).body["code"]).toBe("AITO_TOOL_NOT_RELEASED");
});

test("S21 a worker acts with the autonomy of whom it works for, under the decision behind its task", async () => {
  const { body } = await call("cmo", "propose_decision", {
    title: "An article by a writer",
    kind: "Influencer partnerships",
    action: { tool: "publish_text" },
    task: { title: "Write and publish it", worker_type: "content-writer" },
  });
  for (const head of ["ceo", "dao"])
    await call(head, "cast_vote", { decision_id: body["decision_id"], vote: "approve", reason: "good" });
  const worker = (await it.rows("agents")).find((agent) => agent["kind"] === "worker" && agent["task_id"] === body["task_id"])!;
  sessions["writer"] = (await it.enter(worker["name"])).session;
  expect(await call("writer", "publish_text", { title: "By a writer", text: "Words." })).toMatchObject({ ok: true });
  expect((await it.rows("actions")).at(-1)).toMatchObject({ task_id: body["task_id"], tool: "publish_text" });
});

/** A writer on a task of the CMO's approved decision, and calls in its name. */
async function writerOf(title: string, money: { usd: number; taskUsd?: number; actionUsd: number }) {
  await operate("supervised", { autonomy: "autonomous", releases: ["publish_text"] });
  const { body } = await call("cmo", "propose_decision", {
    title,
    kind: "Influencer partnerships",
    usd: money.usd,
    action: { tool: "publish_text", usd: money.actionUsd, times: 9 },
    task: { title, worker_type: "content-writer", ...(money.taskUsd === undefined ? {} : { usd: money.taskUsd }) },
  });
  for (const head of ["ceo", "dao"])
    await call(head, "cast_vote", { decision_id: body["decision_id"], vote: "approve", reason: "good" });
  const worker = (await it.rows("agents")).find((agent) => agent["kind"] === "worker" && agent["task_id"] === body["task_id"])!;
  const { session, model } = await it.enter(worker["name"]);
  sessions[title] = session;
  /** The answer is as long as it may be: at $0.50 a million tokens. */
  const think = async (tokens: number): Promise<number> => {
    const usage = { input_tokens: 10, output_tokens: tokens };
    const message = { id: "m", type: "message", role: "assistant", model, content: [], stop_reason: "end_turn", usage };
    it.model.answers = [
      (response) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(message)),
    ];
    const ask = { model, max_tokens: tokens, messages: [{ role: "user", content: "write" }] };
    return (await it.post("/v1/messages", ask, session)).status;
  };
  const publish = (usd: number) => call(title, "publish_text", { title, text: "Words.", usd });
  const spent = async (): Promise<bigint> =>
    (await it.rows("usage"))
      .filter((row) => row["task_id"] === body["task_id"])
      .reduce((sum, row) => sum + row["charged_micro_usd"], 0n);
  /** Spent, and set aside for calls that have not ended. */
  const taken = async (): Promise<bigint> => {
    const rows = (await it.deps.db.transaction({ companyId: it.deps.companyId }, (tx) =>
      tx.queries.selectFrom("budget_windows").selectAll().where("budget_id", "=", body["task_id"]).execute(),
    )) as Loose[];
    return rows.reduce((sum, row) => sum + row["spent_micro_usd"] + row["reserved_micro_usd"], 0n);
  };
  return { think, publish, spent, taken };
}

test("Y02 S21 a task's approved amount holds its model calls and its actions together", async () => {
  const { think, publish, spent } = await writerOf("Thirty cents", { usd: 0.3, actionUsd: 0.3 });
  expect(await think(100_000)).toBe(200);
  await until(spent, (micro) => micro >= 50_000n);
  expect((await publish(0.26)).body["code"]).toBe("AITO_DECISION_BUDGET");
  expect((await publish(0.2)).ok).toBe(true);
  expect(await think(100_000)).toBe(402);
  expect((await publish(0.1)).body["code"]).toBe("AITO_DECISION_BUDGET");
  expect(await think(1_000)).toBe(200);
});

test("Y02 S21 where the decision gives its task a part, the action takes of the rest, and the work goes on", async () => {
  const { think, publish, spent } = await writerOf("Split", { usd: 0.3, taskUsd: 0.1, actionUsd: 0.2 });
  expect(await think(100_000)).toBe(200);
  await until(spent, (micro) => micro >= 50_000n);
  expect((await publish(0.2)).ok).toBe(true);
  expect(await think(50_000)).toBe(200);
  await until(spent, (micro) => micro >= 75_000n);
  expect(await think(100_000)).toBe(402);
  expect((await publish(0.01)).body["code"]).toBe("AITO_DECISION_BUDGET");
});

test("Y02 S21 many calls and actions at once take no more than the amount, the first of them all included", async () => {
  const { think, publish, taken } = await writerOf("At once", { usd: 0.3, actionUsd: 0.3 });
  const done = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      index % 2 === 0 ? think(100_000).then(() => 0) : publish(0.07).then(({ ok }) => (ok ? 70_000 : 0)),
    ),
  );
  expect(Number(await taken()) + done.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(300_000);
  expect(done.some((micro) => micro > 0) || (await taken()) > 0n).toBe(true);
});

test("P08 V13 the tools of metrics, arguments and withdrawal work, and a metric names the receipt of its call", async () => {
  const { body } = await call("cmo", "record_metric", {
    name: "negative-sentiment",
    value: 12.5,
    unit: "percent",
    entity: "twitter",
  });
  const [metric] = await it.rows("metrics");
  expect(metric).toMatchObject({
    name: "negative_sentiment",
    value: "12.500000",
    recorded_by: "cmo",
    receipt_id: body["receipt"],
  });
  expect((await it.rows("receipts")).find((receipt) => receipt["id"] === body["receipt"])).toMatchObject({
    tool: "record_metric",
    ok: true,
  });
  const proposal = (await call("cmo", "propose_decision", { title: "A new tone", kind: "Brand messaging changes" })).body;
  expect(proposal["type"]).toBe("major");
  const id = proposal["decision_id"];
  expect(await call("dao", "argue", { decision_id: id, text: "It confuses members." })).toMatchObject({
    ok: true,
    body: { turns_left: 2 },
  });
  expect(await call("coo", "withdraw_decision", { decision_id: id })).toMatchObject({
    ok: false,
    body: { code: "AITO_DECISION_NOT_YOURS" },
  });
  expect(await call("cmo", "withdraw_decision", { decision_id: id })).toMatchObject({ ok: true, body: { status: "withdrawn" } });
  const tools: Loose[] = (await it.mcp(sessions["cmo"]!, "tools/list")).body["result"].tools;
  expect(tools.find((tool) => tool["name"] === "propose_decision")!["description"]).toContain('minor "Daily social media posts"');
});
