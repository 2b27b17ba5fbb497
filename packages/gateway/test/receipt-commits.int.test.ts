import {
  type AgentSession,
  loadPack,
  readyReceipt,
  receiptSigner,
  recordReceipt,
  recordReceipts,
  registerFleet,
} from "@aito/company";
import type { EmbeddedDatabase } from "@aito/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { defineTool } from "../src/mcp/tool.ts";
import { type Loose, openGateway, type TestGateway } from "./open-gateway.ts";
import { outside } from "./outward-tools.ts";

let it: TestGateway;
let session: string;
/** Of an agent that may see what is personal. */
let guarded: string;
let fails = false;
const read = { description: "Reads.", risk: "read" as const, kinds: ["agent" as const], input: z.object({}) };
const run = (): Promise<Loose> => (fails ? Promise.reject(new Error("the table is gone")) : Promise.resolve({ read: true }));
const reads = [
  defineTool({ ...read, name: "read_own", run }),
  defineTool({ ...read, name: "read_people", dataClass: "personal", run }),
  defineTool({ ...read, name: "read_cards", dataClass: "payment", run }),
  defineTool({ ...read, name: "read_elsewhere", source: "elsewhere", run }),
  defineTool({ ...read, name: "read_paid", cost: { usd: "0.01", arguments: false }, run }),
];

beforeAll(async () => {
  it = await openGateway({ moreTools: [...reads, ...outside().tools] });
  const fleet = await loadPack(new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname);
  fleet.file.roles["cmo"]!.tools = ["public", "internal", "web"];
  fleet.file.roles["cco"]!.tools = ["internal", "personal", "payment"];
  await registerFleet(it.deps, fleet);
  ({ session } = await it.enter("cmo"));
  ({ session: guarded } = await it.enter("cco"));
  // As its receipt is committed, whether the commit waits for the disk.
  await (it.deps.db as EmbeddedDatabase).pglite.exec(`
    create table commits (id uuid, waits text);
    grant select on commits to aito_app;
    create function note_commit() returns trigger language plpgsql security definer as
      $$ begin insert into commits values (new.id, current_setting('synchronous_commit')); return null; end $$;
    create constraint trigger note_commit after insert on receipts deferrable initially deferred
      for each row execute function note_commit()`);
});
afterAll(() => it.close());

const waits = async (receipt: unknown): Promise<unknown> =>
  (await it.rows("commits")).filter(({ id }) => id === receipt).map((row) => row["waits"]);
const call = async (tool: string, args: object = {}, by = session): Promise<unknown> => {
  const { body } = await it.callTool(by, tool, args);
  expect(body["receipt"], JSON.stringify(body)).toEqual(expect.any(String));
  return await waits(body["receipt"]);
};

test("S06 the receipt of a read of our own records, alone, does not wait for the disk", async () => {
  // Whatever comes first, the key's own record is on disk.
  expect(await call("read_own")).toEqual(["on"]);
  expect(await call("read_own")).toEqual(["off"]);
  expect(await call("list_tasks", {})).toEqual(["off"]);
});

test.for([
  ["send_message", { to: "cco", text: "Hello." }],
  ["create_task", { title: "Say it" }],
  ["save_state", { key: "a", value: { b: 1 }, version: 0 }],
  ["send_parcel", { to: "the neighbour" }],
  ["read_page", { url: "https://example.org" }],
  ["read_elsewhere", {}],
  ["read_paid", {}],
] as const)("S06 the receipt of %s is on disk before its call is answered", async ([tool, args]) => {
  await call("read_own");
  expect(await call(tool, args)).toEqual(["on"]);
});

test("S06 the receipt of a read of what is personal, or of payments, is on disk before its call is answered", async () => {
  await call("read_own", {}, guarded);
  expect(await call("read_own", {}, guarded)).toEqual(["off"]);
  expect([await call("read_people", {}, guarded), await call("read_cards", {}, guarded)]).toEqual([["on"], ["on"]]);
});

test("S06 the receipt of a read that was refused or failed is on disk before its call is answered", async () => {
  expect(await call("list_tasks", { status: 7 })).toEqual(["on"]);
  fails = true;
  expect(await call("read_own")).toEqual(["on"]);
  fails = false;
});

test("S06 a receipt that is written together with one that must be on disk is, too", async () => {
  const signer = receiptSigner("the receipt key of another gateway");
  const [agent] = (await it.rows("agents")).filter(({ name }) => name === "cmo");
  const { id: agentId, epoch } = agent as { id: string; epoch: number };
  const of = { agentId, agent: "cmo", epoch, kind: "agent", taskId: null } as AgentSession;
  const receipt = (flushLater: boolean) => ({
    id: it.deps.newId(),
    tool: "read_own",
    argumentsDigest: "d",
    ok: true,
    result: {},
    durationMs: 1,
    run: null,
    flushLater,
  });
  // Puts its key on record.
  await recordReceipt(it.deps, of, receipt(true), signer);
  for (const [written, expected] of [
    [[true, true], "off"],
    [[true, false], "on"],
  ] as const) {
    const receipts = written.map(receipt);
    const ready = await Promise.all(receipts.map((each) => readyReceipt(it.deps, of, each, signer)));
    expect(
      await recordReceipts(
        it.deps,
        ready.map((each) => each!),
      ),
    ).toEqual([true, true]);
    for (const { id } of receipts) expect(await waits(id)).toEqual([expected]);
  }
});
