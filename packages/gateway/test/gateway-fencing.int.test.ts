import { newToken, sha256 } from "@aito/base";
import { beginIncarnation, sendMessage } from "@aito/company";
import type { Database } from "@aito/db";
import { agentTools } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fleetTools } from "../src/mcp/routes.ts";
import { type Answer, type Loose, openGateway, type TestGateway } from "./open-gateway.ts";

/**
 * Y06: between the check of a request's session and its write, a newer incarnation begins. What can be asked is read from the code
 * (the server's routes, the list of tools), so that a new one without a sample here fails the test.
 */
const id = "0190a0a0-0000-7000-8000-000000000001";
type Sample = (run: string) => unknown;

const routeSamples: Record<string, { body: Sample; reads?: true }> = {
  "POST /agent/renew": { body: () => ({}) },
  "POST /agent/heartbeat": { body: () => ({ doing: "thinking", progress: 7 }) },
  "POST /agent/poll": { body: () => ({ waitMs: 0 }) },
  "POST /agent/context": { body: (run) => ({ run }) },
  "POST /agent/report": { body: (run) => ({ run, outcome: "done", summary: "Done.", error: null, modelCalls: 0 }) },
  "POST /agent/log": { body: (run) => ({ run, lines: ["a line"] }) },
  "POST /agent/workspace": { body: () => ({}), reads: true },
  "POST /v1/messages": { body: () => ({ model: "claude-sonnet-5-5", max_tokens: 10, messages: [] }) },
  "POST /v1/messages/count_tokens": { body: () => ({ model: "claude-sonnet-5-5", messages: [] }), reads: true },
};
/** Hello spends a token of its own epoch; the list of models says what the session says; each tool behind /mcp has its sample below. */
const elsewhere = [
  "POST /operator/ask",
  "POST /operator/channels",
  "POST /operator/channels/test",
  "POST /operator/memories",
  "POST /operator/signers",
  "POST /operator/tools",
  "POST /agent/hello",
  "GET /v1/models",
  "GET /v1/models/:id",
  "HEAD /",
  // What is not served: refused in the API's words.
  "GET|POST|PUT|PATCH|DELETE /v1/*",
];
const isMcp = (route: string): boolean => route.endsWith(" /mcp");

const toolSamples: Record<string, unknown> = {
  send_message: { to: "cmo", type: "direct", text: "Hello." },
  save_state: { key: "a", value: 1 },
  create_task: { title: "A task" },
  spawn_worker: { title: "A text", worker_type: "content-writer" },
  complete_task: { task_id: id, summary: "Done." },
  save_work: { task_id: id, text: "The work." },
  report: { text: "What I found." },
  read_figures: {},
  list_tasks: {},
  show_task: { task_id: id },
  propose_decision: { title: "A tool for $20", usd: 20 },
  cast_vote: { decision_id: id, vote: "approve", reason: "It is good." },
  argue: { decision_id: id, text: "Consider this." },
  withdraw_decision: { decision_id: id },
  list_decisions: {},
  propose_idea: { title: "A newsletter" },
  record_metric: { name: "visits", value: 12, unit: "visits" },
  publish_text: { title: "News", text: "Text." },
};

let it: TestGateway;
/** Called once, when the next request's session has been checked. */
let between: (() => Promise<void>) | null = null;

beforeAll(async () => {
  it = await openGateway({
    wrapDatabase: (db): Database => ({
      ...db,
      call: async <T>(companyId: string, name: string, argument: unknown): Promise<T> => {
        const result = await db.call<T>(companyId, name, argument);
        const act = name === "aito_session" && result !== null ? between : null;
        if (act) {
          between = null;
          await act();
        }
        return result;
      },
    }),
  });
});
afterAll(() => it.close());

/** Every row of the company, but for the marks of doorbells that were rung. */
async function everyRow(): Promise<Record<string, string>> {
  const { companyId, db } = it.deps;
  return await db.transaction({ companyId }, async ({ queries }) => {
    tables ??= (await queries.introspection.getTables())
      .filter((table) => table.columns.some((column) => column.name === "company_id"))
      .map((table) => table.name);
    const all: Record<string, string> = {};
    for (const name of tables) {
      const rows = (await queries.selectFrom(name).selectAll().execute()) as Loose[];
      all[name] = JSON.stringify(rows.map((row) => show({ ...row, published_at: null, attempts: 0 })).toSorted());
    }
    return all;
  });
}
const show = (row: Loose): string =>
  JSON.stringify(row, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
let tables: string[] | undefined;

/** A ceo with something to do, and a run of it unless the poll itself is asked. */
async function ready(options: { poll: boolean }): Promise<{ session: string; run: string }> {
  const { session } = await it.enter("ceo");
  await sendMessage(it.deps, "operator", { type: "direct", to: "ceo", payload: { text: "How are we?" } });
  const run = options.poll ? ((await it.post("/agent/poll", { waitMs: 0 }, session)).body["run"].id as string) : id;
  return { session, run };
}

/** Sends the request; `raced` begins a newer incarnation after its session was checked. Says what came back and what it changed. */
async function ask(
  send: (session: string, run: string) => Promise<Answer>,
  { raced, poll }: { raced: boolean; poll: boolean },
): Promise<{ answer: Answer; changed: string[] }> {
  const { session, run } = await ready({ poll });
  let before = await everyRow();
  let happened = !raced;
  between = raced
    ? async () => {
        await beginIncarnation(it.deps, { agent: "ceo", tokenHash: sha256(newToken("run")) });
        before = await everyRow();
        happened = true;
      }
    : null;
  const answer = await send(session, run);
  expect(happened, "the newer incarnation began in between").toBe(true);
  const after = await everyRow();
  return { answer, changed: Object.keys(after).filter((table) => after[table] !== before[table]) };
}

test("Y06 every route and every tool that an agent can reach has a sample here", () => {
  const served = it.gateway.routes.filter((route) => !elsewhere.includes(route) && !isMcp(route));
  expect(served.toSorted()).toEqual(Object.keys(routeSamples).toSorted());
  expect(it.gateway.routes.filter(isMcp).length).toBeGreaterThan(0);
  expect(fleetTools.map((tool) => tool.name).toSorted()).toEqual(Object.keys(toolSamples).toSorted());
});

test("what an agent is said to be granted is what it is granted", () => {
  const named = fleetTools.map(({ name, kinds, headsOnly = false }) => ({ name, kinds: kinds.toSorted(), headsOnly }));
  const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name);
  expect(agentTools.map((tool) => ({ ...tool, kinds: tool.kinds.toSorted() })).toSorted(byName)).toEqual(named.toSorted(byName));
});

test.each(Object.keys(routeSamples))(
  "Y06 %s writes nothing for an incarnation that was replaced since its session was checked",
  async (route) => {
    const sample = routeSamples[route]!;
    const path = route.split(" ")[1]!;
    const poll = path !== "/agent/poll";
    const send = (session: string, run: string): Promise<Answer> => it.post(path, sample.body(run), session);
    const asked = it.model.seen.length;
    const raced = await ask(send, { raced: true, poll });
    expect(raced.answer.status).toBe(409);
    expect(JSON.stringify(raced.answer.body)).toContain("AITO_AGENT_STALE");
    expect(raced.changed).toEqual([]);
    expect(it.model.seen.length, "no model call was made").toBe(asked);
    // The same request from the current incarnation is taken: the refusal above is the race's and nothing else's.
    const current = await ask(send, { raced: false, poll });
    expect(current.answer.status, JSON.stringify(current.answer.body)).toBe(200);
    if (!sample.reads && !path.startsWith("/v1")) expect(current.changed).not.toEqual([]);
  },
);

test.each(fleetTools.map((tool) => tool.name))(
  "Y06 the tool %s writes nothing, not even a receipt, for a replaced incarnation",
  async (name) => {
    const send = (session: string): Promise<Answer> => it.mcp(session, "tools/call", { name, arguments: toolSamples[name] });
    const raced = await ask(send, { raced: true, poll: true });
    expect(JSON.stringify(raced.answer.body)).toContain("AITO_AGENT_STALE");
    expect(raced.changed).toEqual([]);
    const current = await ask(send, { raced: false, poll: true });
    expect(JSON.stringify(current.answer.body)).not.toContain("AITO_AGENT_STALE");
    expect(current.changed).toContain("receipts");
  },
);
