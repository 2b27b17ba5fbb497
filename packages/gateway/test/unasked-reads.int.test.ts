import { newProofKey, type ProofKey, proofHeader, systemClock } from "@aito/base";
import { createTask, incarnationLost, listSwitches, pressSwitch, resumeSwitch } from "@aito/company";
import type { Database } from "@aito/db";
import { HelloResponse } from "@aito/protocol";
import { fetch } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Loose, openGateway, type TestGateway } from "./open-gateway.ts";

/**
 * What only reads our own records is let in on what was known of its session, and asked about with its receipt. Whatever became of the
 * session meanwhile: nothing is told that would not have been, and what is said is what is said to everybody else.
 */
const revision = "2026-07-28";
const meta = {
  "io.modelcontextprotocol/protocolVersion": revision,
  "io.modelcontextprotocol/clientInfo": { name: "a test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
const title = "Nobody else's business";
const minute = 60_000;
const who = { by: "operator", from: "a test" };

let it: TestGateway;
let aheadMs = 0;
/** What the gateway asked of sessions and receipts, by name. */
let asked: string[] = [];
/** Called once, before the next receipts are written: what was read is not told yet. */
let between: (() => Promise<unknown>) | null = null;
let isDown = false;

beforeAll(async () => {
  it = await openGateway({
    clock: { ...systemClock, now: () => new Date(Date.now() + aheadMs) },
    wrapDatabase: (db): Database => ({
      ...db,
      call: async <T>(companyId: string, name: string, argument: unknown): Promise<T> => {
        if (/session|receipts/.test(name)) asked.push(name);
        const act = name === "aito_receipts" ? between : null;
        if (act) between = null;
        await act?.();
        if (isDown) throw new Error("the database is away");
        return await db.call<T>(companyId, name, argument);
      },
    }),
  });
  await createTask(it.deps, "operator", { title, assignTo: "cmo" });
});
afterEach(async () => {
  [between, isDown] = [null, false];
  await resumeAll();
});
afterAll(() => it.close());

const resumeAll = async (): Promise<void> => {
  for (const on of await listSwitches(it.deps))
    await resumeSwitch(it.deps, { id: on.id, reason: "fine", confirm: on.label }, who);
};

const callAs = (session: string, name: string, args: unknown, more: Record<string, string> = {}): Promise<Answer> =>
  it.post("/mcp", { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args, _meta: meta } }, session, {
    "mcp-protocol-version": revision,
    "mcp-method": "tools/call",
    "mcp-name": name,
    ...more,
  });
const read = (session: string): Promise<Answer> => callAs(session, "list_tasks", {});
const told = ({ body }: Answer): Loose => JSON.parse(body["result"].content[0].text) as Loose;

/** An agent whose session the gateway knows. */
async function known(agent = "cmo"): Promise<{ session: string; epoch: number }> {
  const { session, epoch } = await it.enter(agent);
  const first = await read(session);
  expect([first.status, JSON.stringify(first.body).includes(title)]).toEqual([200, agent === "cmo"]);
  return { session, epoch };
}

test("S06 a read of our own records by a known session is asked about by its receipt alone; a write is asked about first", async () => {
  const { session } = await known();
  asked = [];
  expect(told(await read(session))["receipt"]).toEqual(expect.any(String));
  expect(asked).toEqual(["aito_receipts"]);
  asked = [];
  expect((await callAs(session, "save_state", { key: "a", value: 1 })).body["result"].isError).not.toBe(true);
  expect(asked[0]).toBe("aito_session");
  asked = [];
  const unknown = await callAs(session, "no_such_tool", {});
  expect([unknown.body["error"]?.message ?? unknown.body["result"]?.isError, asked[0]]).toEqual([
    expect.anything(),
    "aito_session",
  ]);
});

const ends: [string, number, string, (session: string, epoch: number) => Promise<unknown>][] = [
  ["a newer incarnation began", 409, "AITO_AGENT_STALE", () => it.begin("cmo")],
  [
    "its container has ended",
    401,
    "AITO_AGENT_SESSION",
    (_, epoch) => incarnationLost(it.deps, { agent: "cmo", epoch, reason: "killed", retryAt: null, wanted: true, failures: 1 }),
  ],
  ["its hour is over", 401, "AITO_AGENT_SESSION", async () => (aheadMs += 60 * minute)],
  [
    "it was renewed, and the minute after that is over",
    401,
    "AITO_AGENT_SESSION",
    async (session) => {
      expect((await it.post("/agent/renew", {}, session)).status).toBe(200);
      aheadMs += minute;
    },
  ],
  [
    "a kill switch stops it",
    423,
    "AITO_STOPPED",
    () => pressSwitch(it.deps, { scope: "agent", target: "cmo", reason: "too fast" }, who),
  ],
];

describe.each(["before the call", "while it is answered"])("%s", (when) => {
  test.each(ends)("Y03 Y06 S13 nothing is told when %s: it is %i %s", async (_, status, code, end) => {
    const { session, epoch } = await known();
    const receipts = (await it.rows("receipts")).length;
    const act = (): Promise<unknown> => end(session, epoch);
    if (when === "before the call") await act();
    else between = act;
    const answer = await read(session);
    expect([answer.status, answer.body["error"]?.code, between]).toEqual([status, code, null]);
    expect(JSON.stringify(answer.body)).not.toContain(title);
    expect((await it.rows("receipts")).length).toBe(receipts);
    // Nor the next time.
    expect((await read(session)).status).toBe(status);
  });

  test("Y03 S13 what changed and leaves the session good is answered as ever, with a receipt", async () => {
    const { session } = await known();
    for (const change of [
      () => pressSwitch(it.deps, { scope: "agent", target: "cto", reason: "too fast" }, who),
      resumeAll,
      () => it.post("/agent/renew", {}, session),
    ]) {
      if (when === "before the call") await change();
      else between = change;
      const answer = await read(session);
      expect(answer.status).toBe(200);
      expect(told(answer)).toMatchObject({ receipt: expect.any(String) });
      expect(JSON.stringify(told(answer))).toContain(title);
    }
  });
});

test("Y03 when the record cannot be asked, nothing is told", async () => {
  const { session } = await known();
  between = () => Promise.resolve((isDown = true));
  const answer = await read(session);
  expect(answer.status).toBeGreaterThanOrEqual(500);
  expect(JSON.stringify(answer.body)).not.toContain(title);
  isDown = false;
  expect((await read(session)).status).toBe(200);
});

test("Y03 another container's proof, or none, does not open a known session", async () => {
  const [own, other] = [newProofKey(), newProofKey()];
  const line = await it.begin("cmo");
  const { session } = HelloResponse.parse((await it.post("/agent/hello", { ...line, containerKey: own.publicKey })).body);
  const proof = (key: ProofKey) => ({
    [proofHeader]: key.prove({ method: "POST", path: "/mcp", session }, new Date(Date.now() + aheadMs)),
  });
  for (const [more, status] of [
    [proof(own), 200],
    [proof(other), 401],
    [{}, 401],
    [proof(own), 200],
  ] as const) {
    expect((await callAs(session, "list_tasks", {}, more)).status).toBe(status);
  }
});

test.each([65, 3_000, 100_000])(
  "F15 arguments nested %i deep are refused in words, with a receipt, and nothing breaks",
  async (depth) => {
    const { session } = await known();
    const states = (await it.rows("agent_state")).length;
    const deep = `${"[".repeat(depth)}${"]".repeat(depth)}`;
    for (const modern of [true, false]) {
      const name = "save_state";
      const params = `{"name":"${name}","arguments":{"key":"a","value":${deep}}${modern ? `,"_meta":${JSON.stringify(meta)}` : ""}}`;
      const response = await fetch("http://gateway/mcp", {
        method: "POST",
        dispatcher: it.dispatcher,
        headers: {
          accept: "application/json, text/event-stream",
          "content-type": "application/json",
          authorization: `Bearer ${session}`,
          ...(modern ? { "mcp-protocol-version": revision, "mcp-method": "tools/call", "mcp-name": name } : {}),
        },
        body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`,
      });
      const text = await response.text();
      expect([response.status, text]).toEqual([200, expect.stringContaining("AITO_ARGUMENTS_NESTED")]);
      const id = /"receipt\\":\\"([0-9a-f-]{36})/.exec(text)?.[1];
      const receipt = (await it.rows("receipts")).find((row) => row["id"] === id);
      expect(receipt).toMatchObject({ tool: name, status: "refused" });
    }
    expect((await it.rows("agent_state")).length).toBe(states);
  },
);
