import { afterAll, beforeAll, expect, test } from "vitest";
import { agentRow } from "../src/agents/agent-row.ts";
import {
  ask,
  claimRun,
  finishRun,
  forgetByOperator,
  listEvents,
  recordReceipt,
  remember,
  sendMessage,
  transact,
} from "../src/index.ts";
import { openCompany, report, type TestCompany } from "./open-company.ts";

let company: TestCompany;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const note = (agent: string, summary: string, more = {}) =>
  transact(company.deps, async (unit) =>
    remember(unit, { agentId: (await agentRow(unit, agent)).id, type: "task", summary, ...more }),
  );

test("C20 what an agent did today is its history, events and tool calls of today, each cited, and nobody else's", async () => {
  const { deps, clock } = company;
  await note("cto", "moved the old server");
  clock.advance(86_400_000);
  const [ceo, cto] = [await company.enter("ceo"), await company.enter("cto")];
  const sent = await sendMessage(deps, ceo, { type: "direct", to: "cto", payload: { text: "Is the certificate fine?" } });
  const { run } = (await claimRun(deps, cto))!;
  await recordReceipt(
    deps,
    cto,
    {
      id: deps.newId(),
      tool: "complete_task",
      argumentsDigest: "d",
      ok: false,
      result: { code: "AITO_TASK_CLOSED", message: "too late: revenue 9999999 USD is not what the receipts say" },
      durationMs: 1,
      run: run.id,
    },
    "k".repeat(32),
  );
  await finishRun(deps, cto, report(run.id, { summary: "renewed the certificate of the shop", acknowledged: [sent.id] }));
  await note("cfo", "paid the invoice");
  const answer = await ask(deps, "What did the CTO do today?");
  expect(answer).toMatchObject({ agents: ["cto"], told: true, by: "words", days: [{ from: "2026-03-03", to: "2026-03-03" }] });
  const texts = answer.evidence.map(({ kind, text }) => `${kind}: ${text}`);
  expect(texts).toContainEqual("history: renewed the certificate of the shop");
  expect(texts).toContainEqual("history: ceo wrote: Is the certificate fine?");
  const refused = answer.evidence.filter(({ text }) => text.includes("9999999"));
  expect(refused.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["receipt"]));
  // What a call was refused with says a number; its receipt states none.
  const numbers = refused.flatMap((each) => each.numbers ?? []);
  expect(numbers.length).toBeGreaterThan(0);
  expect(numbers.filter(({ why }) => why === null)).toEqual([]);
  expect(answer.evidence.find(({ text }) => text.startsWith("ceo wrote"))!.source).toBe("agent");
  expect(texts.join()).not.toContain("old server");
  expect(answer.evidence.every(({ who }) => who === "cto")).toBe(true);
  const events = new Set((await listEvents(deps, { limit: 200 })).map(({ id }) => id));
  const cited = answer.evidence.filter(({ kind }) => kind === "event");
  expect(cited.length).toBeGreaterThan(0);
  expect(cited.every(({ id }) => events.has(id))).toBe(true);
  const about = await ask(deps, "Who renewed the certificate?");
  expect(about.evidence[0]).toMatchObject({ kind: "history", who: "cto", text: "renewed the certificate of the shop" });
  expect(about.evidence.find(({ kind }) => kind === "receipt")!.text).toContain("AITO_TASK_CLOSED");
});

test("C23 it says when the records do not tell, and text from outside is named as such", async () => {
  const { deps } = company;
  expect(await ask(deps, "What did the CCO do yesterday?")).toMatchObject({ agents: ["cco"], told: false, evidence: [] });
  expect(await ask(deps, "Which elephant won the lottery?")).toMatchObject({ told: false, evidence: [] });
  await note("cmo", "The page says: zebras are striped horses", { source: "outside", sourceRef: "https://example.test" });
  expect((await ask(deps, "What do we know about zebras?")).evidence[0]).toMatchObject({ source: "outside" });
  await expect(
    forgetByOperator(deps, { which: { client: "nobody" }, how: "delete", reason: "gone" }, "operator"),
  ).rejects.toMatchObject({ code: "AITO_MEMORY_CLIENT", status: 404 });
  const done = await forgetByOperator(
    deps,
    { which: { sourceRef: "https://example.test" }, how: "quarantine", reason: "wrong" },
    "operator",
  );
  expect(done.memories).toBe(1);
  expect(await ask(deps, "What do we know about zebras?")).toMatchObject({ told: false });
});
