import { type CrashPointName, systemClock } from "@aito/base";
import { addPermission, endLostCalls, endOverdue, receiptSigner, recordReceiptIn } from "@aito/company";
import type { Database } from "@aito/db";
import { channels, NewPermission } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { defineTool } from "../src/mcp/tool.ts";
import { openGateway, type TestGateway, until } from "./open-gateway.ts";
import { outside } from "./outward-tools.ts";

let it: TestGateway;
let session: string;
/** Where the next process dies; once it is dead, nothing that it does reaches the database. */
let dies: CrashPointName | null = null;
let dead = false;
let aheadMs = 0;
const clock = {
  ...systemClock,
  now: () => new Date(Date.now() + aheadMs),
  // What is said every half minute is said at once.
  after: (ms: number, run: () => void) => systemClock.after(ms === 30_000 ? 10 : ms, run),
};
const boundMs = 60_000;
/** As the bell of an approval: the gateway looks at once. */
const look = JSON.stringify({ events: [{ type: "approval.look" }] });
/** A system that keeps what it is told, and no key. */
const kept: string[] = [];
let beforeIt = (): Promise<void> => Promise.resolve();
const board = defineTool({
  name: "pin_note",
  description: "Pins a note to a board elsewhere.",
  risk: "write",
  source: "board",
  kinds: ["agent"],
  input: z.object({ text: z.string() }),
  run: async ({ context }, { text }) => {
    await beforeIt();
    kept.push(text);
    context.deps.crashPoint?.("git.after_push");
    return { pinned: text };
  },
});
const parcels = outside();

/** Of another gateway. */
const signer = receiptSigner("the receipt key of another gateway");

const gone = (): Error => new Error("the process is gone");
const mortal = (db: Database): Database => ({
  kind: db.kind,
  transaction: async (scope, run) => {
    if (dead) throw gone();
    return await db.transaction(scope, run);
  },
  call: async (company, name, argument) => {
    if (dead) throw gone();
    return await db.call(company, name, argument);
  },
  findOrCreateCompany: (company) => db.findOrCreateCompany(company),
  findCompany: (slug) => db.findCompany(slug),
  ping: () => db.ping(),
  close: () => db.close(),
});

beforeAll(async () => {
  it = await openGateway({
    clock,
    moreTools: [board, ...parcels.tools],
    wrapDatabase: mortal,
    crashPoint: (name) => {
      if (name !== dies) return;
      dead = true;
      throw gone();
    },
  });
  ({ session } = await it.enter("cmo"));
});
afterAll(() => it.close());

/** By tool: what is called, and where its effect is found. */
const calls: [tool: string, args: (mark: string) => object, table: string][] = [
  ["send_message", (mark) => ({ to: "cco", text: mark }), "messages"],
  ["create_task", (mark) => ({ title: mark }), "tasks"],
  ["save_state", (mark) => ({ key: mark, value: { mark }, version: 0 }), "agent_state"],
  ["propose_idea", (mark) => ({ title: mark }), "ideas"],
  ["record_metric", (mark) => ({ name: mark.replaceAll(" ", "_"), value: 7, unit: "count" }), "metrics"],
];
const points: (CrashPointName | "nowhere")[] = [
  "nowhere",
  "tool.before_effect",
  "commit.before",
  "commit.after",
  "tool.after_effect",
];

test.for(calls)(
  "S06 F22 an effect of %s and its receipt stand both or neither, wherever the gateway dies",
  async ([tool, args, table]) => {
    for (const point of points) {
      const mark = `${tool} ${point.replaceAll(/[._]/g, " ")}`;
      const before = (await it.rows("receipts")).filter((row) => row["tool"] === tool && row["status"] === "succeeded").length;
      dies = point === "nowhere" ? null : point;
      await it.callTool(session, tool, args(mark)).catch(() => null);
      [dies, dead] = [null, false];
      const after = (await it.rows("receipts")).filter((row) => row["tool"] === tool && row["status"] === "succeeded").length;
      const effects = (await it.rows(table)).filter((row) => {
        const text = JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
        return text.includes(mark) || text.includes(mark.replaceAll(" ", "_"));
      }).length;
      expect([mark, effects, after - before]).toEqual([mark, effects, effects]);
      expect([mark, effects]).toEqual([mark, /before/.test(point) ? 0 : 1]);
    }
  },
);

test("S06 what is refused after it was written down has its refusal on record with its receipt", async () => {
  const { body } = await it.callTool(session, "create_task", { title: "Say it" });
  const done = await it.callTool(session, "complete_task", { task_id: body["task_id"], summary: "All done." });
  expect(done).toMatchObject({ ok: false, body: { code: "AITO_TASK_EVIDENCE" } });
  const receipt = (await it.rows("receipts")).find((row) => row["id"] === done.body["receipt"]);
  expect(receipt).toMatchObject({ tool: "complete_task", status: "refused" });
  expect((await it.rows("reports")).length).toBeGreaterThan(0);
});

/** Where the process dies on its way through a call whose effect is elsewhere, whether it had it, and what its receipt says then. */
const ends: [CrashPointName | "nowhere", boolean, string | null][] = [
  ["nowhere", true, "succeeded"],
  ["tool.before_effect", false, null],
  ["commit.before", false, null],
  ["commit.after", false, "unknown"],
  ["git.after_push", true, "unknown"],
  ["tool.after_effect", true, "unknown"],
  ["tool.after_receipt", true, "succeeded"],
];
test.for(ends)(
  "S06 F22 what a tool did in another system has its receipt wherever the gateway dies: at %s",
  async ([point, happens, status]) => {
    const seen = new Set((await it.rows("receipts")).map(({ id }) => String(id)));
    dies = point === "nowhere" ? null : point;
    await it.callTool(session, "pin_note", { text: point }).catch(() => null);
    [dies, dead] = [null, false];
    expect(kept.includes(point)).toBe(happens);
    aheadMs += 100_000;
    const found = await until(
      async () => {
        await it.bus.publish(channels.console, look);
        return (await it.rows("receipts")).filter(({ id, tool }) => tool === "pin_note" && !seen.has(String(id)));
      },
      (rows) => rows.length === (status === null ? 0 : 1),
      boundMs,
    );
    expect(found).toMatchObject(status === null ? [] : [{ status, source: "board", effect: true }]);
    expect(await it.rows("begun_calls")).toEqual([]);
  },
);

test("S06 a call elsewhere that takes longer than its lease is not lost as long as its gateway lives", async () => {
  let end = (): void => undefined;
  beforeIt = () => new Promise((done) => (end = done));
  const called = it.callTool(session, "pin_note", { text: "slowly" });
  const leaseMs = async (): Promise<number> =>
    ((await it.rows("begun_calls"))[0]?.["lease_until"]?.getTime() ?? 0) - clock.now().getTime();
  for (let minutes = 0; minutes < 3; minutes += 1) {
    await until(leaseMs, (left) => left > 70_000, boundMs);
    aheadMs += 60_000;
    await it.bus.publish(channels.console, look);
  }
  end();
  beforeIt = () => Promise.resolve();
  const { body } = await called;
  const receipts = (await it.rows("receipts")).filter(({ id }) => id === body["receipt"]);
  expect(receipts).toMatchObject([{ status: "succeeded", tool: "pin_note" }]);
  expect(await it.rows("begun_calls")).toEqual([]);
});

test("S06 a call elsewhere that fails has its receipt at once", async () => {
  beforeIt = () => Promise.reject(new Error("the line is down"));
  const failed = await it.callTool(session, "pin_note", { text: "never" });
  beforeIt = () => Promise.resolve();
  const receipt = (await it.rows("receipts")).find(({ id }) => id === failed.body["receipt"]);
  expect(receipt).toMatchObject({ status: "unknown", tool: "pin_note" });
  expect(await it.rows("begun_calls")).toEqual([]);
});

/** The same for an outward call that needs no human: its journal is an approval's row. */
const outward: [CrashPointName | "nowhere", boolean, string][] = [
  ["nowhere", true, "succeeded"],
  ["approval.after_journal", false, "unknown"],
  ["approval.after_effect", true, "unknown"],
  ["tool.after_effect", true, "succeeded"],
];
test("S06 F22 an outward call that a standing permission covers has its receipt wherever the gateway dies", async () => {
  await addPermission(it.deps, NewPermission.parse({ name: "parcels", tool: "send_parcel", times: 100 }), "operator");
  for (const [point, happens, status] of outward) {
    const to = `at ${point}`;
    const seen = new Set((await it.rows("receipts")).map(({ id }) => String(id)));
    dies = point === "nowhere" ? null : point;
    await it.callTool(session, "send_parcel", { to }).catch(() => null);
    [dies, dead] = [null, false];
    expect([point, parcels.ledger.some((one) => one.to === to)]).toEqual([point, happens]);
    aheadMs += 100_000;
    const found = await until(
      async () => {
        await it.bus.publish(channels.console, look);
        return (await it.rows("receipts")).filter(({ id, tool }) => tool === "send_parcel" && !seen.has(String(id)));
      },
      (rows) => rows.length === 1,
      boundMs,
    );
    expect(found).toMatchObject([{ status }]);
  }
});

/** Two calls whose effect is elsewhere, one through the gate, and what a gateway that stood still beyond its lease finds once it goes on. */
const lates: [tool: string, args: (mark: string) => object, table: string][] = [
  ["pin_note", (text) => ({ text }), "begun_calls"],
  ["send_parcel", (to) => ({ to }), "approvals"],
];
test.for(lates)(
  "S06 Y10 who hears of its %s after the lease is told what the record says, not that it succeeded",
  async ([tool, args, table]) => {
    const mark = `late ${tool}`;
    const released = Promise.withResolvers<null>();
    beforeIt = () => released.promise.then(() => undefined);
    parcels.behave = () => released.promise;
    const begun = async (): Promise<unknown[]> =>
      (await it.rows(table)).filter((row) => table === "begun_calls" || row["status"] === "executing");
    const called = it.callTool(session, tool, args(mark));
    await until(begun, (rows) => rows.length === 1, boundMs);
    // The gateway says nothing to the database meanwhile, and another one ends what it has begun.
    dead = true;
    aheadMs += 100_000;
    await endLostCalls(it.deps, signer);
    await endOverdue(it.deps, {
      receipt: async (unit, { approval, receiptId: id, ok, receipt: status, result }) => {
        const { agent_id: agentId, agent, epoch, task_id: taskId, call_digest: argumentsDigest, run_id: run } = approval;
        await recordReceiptIn(
          unit,
          { agentId, agent, epoch, taskId },
          { id, tool, argumentsDigest, ok, status, result, durationMs: 0, run },
          signer,
        );
      },
    });
    expect(await begun()).toEqual([]);
    dead = false;
    released.resolve(null);
    const { ok, body } = await called;
    [beforeIt, parcels.behave] = [() => Promise.resolve(), () => Promise.resolve(null)];
    expect([kept, parcels.ledger.map(({ to }) => to)].flat()).toContain(mark);
    expect(ok).toBe(false);
    expect(body).toMatchObject({
      code: "AITO_OUTCOME_UNKNOWN",
      hint: expect.stringMatching(/do not repeat it.*ask the operator/i),
    });
    const receipts = (await it.rows("receipts")).filter(({ id }) => id === body["receipt"]);
    expect(receipts).toMatchObject([{ tool, status: "unknown" }]);
  },
);
