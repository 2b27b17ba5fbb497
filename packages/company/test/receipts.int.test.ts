import type { EmbeddedDatabase } from "@aito/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AgentSession,
  claimRun,
  createTask,
  isSignedBy,
  listReceipts,
  pruneReceiptTexts,
  receiptSigner,
  recordReceipt,
  recordReceiptIn,
  showReceipt,
  transact,
  verifyReceipts,
} from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

const key = "the gateway's own receipt key, 32+";
let company: TestCompany;
let cfo: AgentSession;
let task: string;
beforeAll(async () => {
  company = await openCompany();
  cfo = await company.enter("cfo");
  task = (await createTask(company.deps, "operator", { title: "Count the visits", assignTo: "cfo" })).id;
});
afterAll(() => company.close());

const fact = {
  metric: "visits",
  value: "1204",
  unit: "count",
  period: { from: "2026-02-01T00:00:00.000Z", to: "2026-03-01T00:00:00.000Z" },
  entity: "shop",
  observedAt: "2026-03-02T08:00:00.000Z",
};
const record = async (more: object = {}, by = key): Promise<string> => {
  company.clock.advance(1);
  const { id } = await recordReceipt(
    company.deps,
    cfo,
    { tool: "read_visits", argumentsDigest: "d", ok: true, result: { visits: 1204 }, durationMs: 12.4, run: null, task, ...more },
    by,
  );
  return id;
};
const owner = () => (company.deps.db as EmbeddedDatabase).pglite;

test("S08 a receipt holds who, for which task, with which arguments, from which system, how it ended and what it stated", async () => {
  const id = await record({ source: "shop", facts: [fact] });
  const shown = await showReceipt(company.deps, id);
  expect(shown).toMatchObject({
    id,
    agent: "cfo",
    task,
    tool: "read_visits",
    status: "succeeded",
    source: "shop",
    argumentsDigest: "d",
    durationMs: 12,
    facts: [fact],
    result: '{"visits":1204}',
    full: null,
    check: { verdict: "valid", problem: null },
    signedBy: receiptSigner(key).keyId,
  });
  const [row] = (await owner().query<{ body: string }>("select body from receipts where id = $1", [id])).rows;
  const { publicKey } = receiptSigner(key);
  // Whoever has the public key can check it; the key that signs is not needed, and another one signs nothing.
  expect(isSignedBy(publicKey, row!.body, shown.signature)).toBe(true);
  expect(isSignedBy(receiptSigner("another").publicKey, row!.body, shown.signature)).toBe(false);
  expect((await listReceipts(company.deps, { limit: 10, task })).map((receipt) => receipt.id)).toContain(id);
  await expect(showReceipt(company.deps, company.deps.newId())).rejects.toMatchObject({ code: "AITO_RECEIPT_UNKNOWN" });
});

test("S08 a call that did not succeed states no facts, and a task that is not the caller's is not noted", async () => {
  const failed = await showReceipt(company.deps, await record({ ok: false, status: "unknown", facts: [fact] }));
  expect([failed.status, failed.facts]).toEqual(["unknown", []]);
  const other = await createTask(company.deps, "operator", { title: "Not the CFO's", assignTo: "cto" });
  expect((await showReceipt(company.deps, await record({ task: other.id }))).task).toBeNull();
});

test("S08 a long result is bounded in its receipt, kept whole under its hash, and pruned after the days that the file says", async () => {
  const text = "visits ".repeat(2_000);
  const id = await record({ result: { text, total: 7 } });
  const before = await showReceipt(company.deps, id);
  expect([before.result.length, before.full?.length, before.check.verdict]).toEqual([4_000, before.resultCharacters, "valid"]);
  await pruneReceiptTexts(company.deps);
  expect((await showReceipt(company.deps, id)).full).not.toBeNull();
  company.clock.advance(91 * 86_400_000);
  await pruneReceiptTexts(company.deps);
  const after = await showReceipt(company.deps, id);
  expect([after.full, after.result, after.check.verdict]).toEqual([null, before.result, "valid"]);
});

test("S08 secrets in a result reach no receipt", async () => {
  const id = await record({ result: { text: `Authorization: Bearer ${"s3cr3t".repeat(6)}` } });
  expect(JSON.stringify(await showReceipt(company.deps, id))).not.toContain("s3cr3ts3cr3t");
});

test("Y14 whatever is changed in a stored receipt is found, also by who owns the table, and nothing else is", async () => {
  const { deps } = company;
  const run = (await claimRun(deps, cfo))?.run.id ?? null;
  const id = await record({ facts: [fact], run });
  const long = await record({ result: { text: "y".repeat(9_000) } });
  expect(await verifyReceipts(deps)).toMatchObject({ ok: true, unsigned: 0, problems: [] });
  const changes: [string, string][] = [
    [
      id,
      `facts = '[{"metric":"visits","value":"9999","unit":"count","period":null,"entity":"shop","observedAt":"2026-03-02T08:00:00Z"}]'`,
    ],
    ...["result = '{\"visits\": 5}'", `result_text = '{"visits":5}'`, "status = 'refused'", "ok = false", "tool = 'other'"].map(
      (set): [string, string] => [id, set],
    ),
    ...["effect = true", "source = 'elsewhere'", "task_id = null", "epoch = 9", "duration_ms = 1", "arguments_digest = 'e'"].map(
      (set): [string, string] => [id, set],
    ),
    ...["created_at = created_at + interval '1 second'", "agent_id = (select id from agents where name = 'cto')"].map(
      (set): [string, string] => [id, set],
    ),
    ...["body = replace(body, '1204', '1205')", "signature = reverse(signature)", "key_id = 'ffff'"].map(
      (set): [string, string] => [id, set],
    ),
    ...["result_text = overlay(result_text placing 'z' from 20)", "result_sha256 = repeat('0', 64)", "result_characters = 3"].map(
      (set): [string, string] => [long, set],
    ),
  ];
  for (const [row, set] of changes) {
    await owner().exec("begin; set local session_replication_role = replica");
    await owner().query(`create temp table kept on commit drop as select * from receipts where id = '${row}'`);
    await owner().query(`update receipts set ${set} where id = '${row}'`);
    await owner().exec("create table if not exists kept_receipts as select * from kept; commit");
    expect(
      (await verifyReceipts(deps)).problems.map((problem) => problem.id),
      set,
    ).toEqual([row]);
    await owner().exec(`begin; set local session_replication_role = replica; delete from receipts where id = '${row}';
      insert into receipts select * from kept_receipts; drop table kept_receipts; commit`);
  }
  expect(await verifyReceipts(deps)).toMatchObject({ ok: true, problems: [] });
});

test("Y14 a key that is not in the audit log signs nothing here", async () => {
  const { deps } = company;
  const forger = receiptSigner("the forger's key");
  const id = await record({}, "the forger's key");
  expect((await verifyReceipts(deps)).ok).toBe(true);
  // The same key, put into the table without its event.
  await owner().exec("begin; set local session_replication_role = replica");
  await owner().query("delete from events where event_type = 'receipts.key' and payload->>'key' = $1", [forger.keyId]);
  await owner().exec("commit");
  expect((await verifyReceipts(deps)).problems).toMatchObject([{ id, problem: expect.stringContaining("key") }]);
  await owner().query("delete from receipts where id = $1", [id]);
});

test("S08 a receipt that is written with an effect stands or falls with it; one that stands is not written again", async () => {
  const { deps } = company;
  const signer = receiptSigner(key);
  const receipt = { tool: "publish_text", argumentsDigest: "d", ok: true, result: {}, durationMs: 1, run: null };
  const id = deps.newId();
  await expect(
    transact(deps, async (unit) => {
      await recordReceiptIn(unit, cfo, { id, ...receipt }, signer);
      throw new Error("the effect failed");
    }),
  ).rejects.toThrow("the effect failed");
  await expect(showReceipt(deps, id)).rejects.toMatchObject({ code: "AITO_RECEIPT_UNKNOWN" });
  await transact(deps, (unit) => recordReceiptIn(unit, cfo, { id, ...receipt }, signer));
  await record({ id, ok: false, status: "unknown" });
  expect((await showReceipt(deps, id)).status).toBe("succeeded");
});
