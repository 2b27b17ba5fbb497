import type { CrashPointName } from "@aito/base";
import type { Database } from "@aito/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openGateway, type TestGateway } from "./open-gateway.ts";

let it: TestGateway;
let session: string;
/** Where the next process dies; once it is dead, nothing that it does reaches the database. */
let dies: CrashPointName | null = null;
let dead = false;

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
        const text = JSON.stringify(row);
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
