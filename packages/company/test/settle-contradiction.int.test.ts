import { isAitoError } from "@aito/base";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AgentSession,
  companyNumbers,
  createTask,
  finishTask,
  listContradictions,
  listEvents,
  listMessages,
  listTasks,
  recordReceipt,
  settleContradiction,
} from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";
import { february, reportFigure } from "./report-figure.ts";

let company: TestCompany;
const sessions = new Map<string, AgentSession>();
beforeAll(async () => {
  company = await openCompany();
  for (const agent of ["cmo", "cfo", "cto"]) sessions.set(agent, await company.enter(agent));
});
afterAll(() => company.close());

const by = "@ada";
const refused = (code: string) => expect.objectContaining({ code, status: 409 }) as Error;

/** What was found of what an agent states. */
const states = async (agent: string, value: string, metric: string, period: typeof february | null = february) =>
  (await reportFigure(company, sessions.get(agent)!, { metric, values: [value], period, text: `${value} of them` }))[0]!;
const open = async (metric: string) =>
  (await listContradictions(company.deps)).filter(({ sides }) => sides.some((side) => side.metric === metric));
const only = async (metric: string) => {
  const found = await open(metric);
  expect(found).toHaveLength(1);
  return found[0]!;
};
const verified = async (metric: string) =>
  (await companyNumbers(company.deps)).verified
    .filter((each) => each.metric === metric)
    .map(({ agent, value }) => [agent, value]);
const unverified = async (metric: string) =>
  (await companyNumbers(company.deps)).unverified.filter((each) => each.metric === metric);
const task = async (id: string) => (await listTasks(company.deps, { limit: 50 })).find((each) => each.id === id)!;
/** What a human says who has looked at it just now; `value` null: none holds. */
async function settle(metric: string, value: string | null, reason = "The shop counts robots.") {
  const { id, sides } = await only(metric);
  const holds = value === null ? null : sides.find((side) => side.value === value)!.id;
  return await settleContradiction(company.deps, { id, by, settle: { holds, sides: sides.map((side) => side.id), reason } });
}

test("S07 a human settles which value holds: the other stays unverified, the task ends, both are told, and it is written down", async () => {
  await states("cmo", "1204", "visits");
  await states("cto", "1300", "visits");
  const before = await only("visits");
  expect(before.sides.map(({ agent, value }) => [agent, value])).toEqual([
    ["cmo", "1204"],
    ["cto", "1300"],
  ]);
  expect(await task(before.task!)).toMatchObject({ status: "pending", assignedTo: "cto" });
  const settled = await settle("visits", "1204");
  expect(settled).toMatchObject({
    holds: { agent: "cmo", value: "1204", verified: true, why: null },
    refuted: [
      { agent: "cto", value: "1300", verified: false, why: "@ada has settled that 1204 count holds: The shop counts robots." },
    ],
    tasks: [before.task],
  });
  expect(settled.told.toSorted()).toEqual(["cmo", "cto"]);
  expect(await open("visits")).toEqual([]);
  expect(await verified("visits")).toEqual([["cmo", "1204"]]);
  const words =
    "@ada has settled visits of shop (2026-02-01 to 2026-03-01): 1204 count of cmo holds, not 1300 count of cto. The shop counts robots.";
  expect(await task(before.task!)).toMatchObject({
    status: "done",
    result: { summary: words, receipts: settled.holds!.receipts },
  });
  const letters = (await listMessages(company.deps, { limit: 20 })).filter(({ payload }) =>
    String(payload["text"]).startsWith(words),
  );
  expect(letters.map(({ from, to }) => `${from} to ${to}`).toSorted()).toEqual(["system to cmo", "system to cto"]);
  expect(await listEvents(company.deps, { types: ["claims.settled"], limit: 5 })).toMatchObject([
    {
      source: by,
      target: "cmo",
      payload: {
        metric: "visits",
        entity: "shop",
        holds: { agent: "cmo", value: "1204 count" },
        refuted: [{ agent: "cto", value: "1300 count" }],
        reason: "The shop counts robots.",
        tasks: [before.task],
      },
    },
  ]);
});

test("S07 what a human refuted stays refuted whoever states it again, and opens nothing; another value is a new contradiction", async () => {
  await states("cmo", "10", "refunds");
  await states("cto", "12", "refunds");
  await settle("refunds", "10");
  for (const agent of ["cto", "cfo", "cmo"]) {
    expect(await states(agent, "12", "refunds")).toMatchObject({
      verified: false,
      why: "@ada has settled that 10 count holds: The shop counts robots.",
    });
  }
  expect(await open("refunds")).toEqual([]);
  expect(await verified("refunds")).toEqual([["cmo", "10"]]);
  expect(await states("cfo", "10", "refunds")).toMatchObject({ verified: true, why: null });
  await states("cto", "15", "refunds");
  expect((await only("refunds")).sides.map(({ value }) => value)).toEqual(["10", "10", "15"]);
  expect(await verified("refunds")).toEqual([]);
  // And that one can be settled, too.
  await settle("refunds", "15", "Counted by hand.");
  expect(await verified("refunds")).toEqual([["cto", "15"]]);
  expect(await states("cmo", "10", "refunds")).toMatchObject({ verified: false });
});

test("S07 none of three values holds: all stay unverified, a fourth one counts", async () => {
  await states("cmo", "1", "returns");
  await states("cto", "2", "returns");
  await states("cfo", "3", "returns");
  const { task: both, sides } = await only("returns");
  expect(sides).toHaveLength(3);
  const { refuted, holds, told } = await settle("returns", null, "The sheet was last year's.");
  expect(holds).toBeNull();
  expect(refuted.map(({ value }) => value)).toEqual(["1", "2", "3"]);
  expect(told.toSorted()).toEqual(["cfo", "cmo", "cto"]);
  expect(await task(both!)).toMatchObject({ status: "done" });
  expect(await verified("returns")).toEqual([]);
  expect((await unverified("returns")).map(({ why }) => why)).toEqual(
    Array(3).fill("@ada has settled that it does not hold: The sheet was last year's."),
  );
  expect(await states("cmo", "4", "returns")).toMatchObject({ verified: true });
  expect(await verified("returns")).toEqual([["cmo", "4"]]);
});

test("S07 it is settled once, as it was looked at: another value since then, a value of nobody, and a second answer are refused", async () => {
  await states("cmo", "10", "leads");
  await states("cto", "12", "leads");
  const { id, sides } = await only("leads");
  const seen = sides.map((side) => side.id);
  const say = (holds: string | null, looked: string[]) =>
    settleContradiction(company.deps, { id, by, settle: { holds, sides: looked, reason: "So it is." } });
  await states("cfo", "14", "leads");
  await expect(say(seen[0]!, seen)).rejects.toEqual(refused("AITO_CONTRADICTION_CHANGED"));
  const now = (await only("leads")).sides.map((side) => side.id);
  await expect(say(company.deps.newId(), now)).rejects.toEqual(refused("AITO_CONTRADICTION_CHANGED"));
  expect(await verified("leads")).toEqual([]);
  // Who only repeats itself changes nothing of what was looked at.
  await states("cto", "12", "leads");
  const answers = await Promise.allSettled([say(now[0]!, now), say(now[1]!, now)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  await expect(say(now[0]!, now)).rejects.toEqual(refused("AITO_CONTRADICTION_SETTLED"));
  expect(await verified("leads")).toHaveLength(1);
  const unknown = company.deps.newId();
  const answer = settleContradiction(company.deps, { id: unknown, by, settle: { holds: null, sides: now, reason: "x" } });
  expect(isAitoError(await answer.catch((error: unknown) => error))).toBe(true);
  await expect(answer).rejects.toMatchObject({ code: "AITO_CONTRADICTION_UNKNOWN", status: 404 });
});

test("S07 a value of a moment that a human refuted may be true an hour later", async () => {
  await states("cmo", "5", "queue", null);
  await states("cto", "9", "queue", null);
  await settle("queue", "5");
  expect(await states("cto", "9", "queue", null)).toMatchObject({ verified: false });
  company.clock.advance(3_600_000);
  expect(await states("cto", "9", "queue", null)).toMatchObject({ verified: true });
  expect(await open("queue")).toEqual([]);
});

/** A receipt of a call that agent has made for the task, so that the task may be done. */
async function works(agent: string, of: string): Promise<void> {
  const call = {
    tool: "save_work",
    argumentsDigest: "d",
    ok: true,
    effect: true,
    result: {},
    durationMs: 1,
    run: null,
    task: of,
  };
  await recordReceipt(company.deps, sessions.get(agent)!, call, "k".repeat(32));
}
const handIn = (agent: string, id: string, summary: string) =>
  finishTask(company.deps, sessions.get(agent)!, { id, status: "done", result: { summary, text: null, receipts: [] } });

test("S07 what an agent hands in after a human has settled it is refused with who ended the task and why, and nothing of it is kept", async () => {
  await states("cmo", "70", "signups");
  await states("cto", "80", "signups");
  const { task: both } = await only("signups");
  await works("cto", both!);
  await settle("signups", "70");
  const words = expect.stringContaining("done: @ada has ended it: @ada has settled signups of shop") as string;
  await expect(handIn("cto", both!, "Both of us count the same.")).rejects.toMatchObject({
    code: "AITO_TASK_CLOSED",
    message: words,
    status: 409,
  });
  expect(await task(both!)).toMatchObject({
    status: "done",
    result: { summary: expect.stringContaining("The shop counts robots.") as string },
  });
  const told = await listMessages(company.deps, { limit: 5 });
  expect(JSON.stringify(told)).not.toContain("Both of us count the same.");
});

test("S07 an agent's own hand-in is answered once more with what is stored", async () => {
  const { id } = await createTask(company.deps, "operator", { title: "Count the visits", assignTo: "cto" });
  await works("cto", id);
  const first = await handIn("cto", id, "They are counted.");
  expect(await handIn("cto", id, "They are counted again.")).toEqual(first);
  // By a version that did not keep who ended a task.
  await company.deps.db.transaction({ companyId: company.deps.companyId }, (tx) =>
    sql`update tasks set ended_by = null where id = ${id}`.execute(tx.queries),
  );
  expect(await handIn("cto", id, "They are counted again.")).toEqual(first);
});

test("S07 another company's contradiction is none of ours", async () => {
  await states("cmo", "10", "calls");
  await states("cto", "12", "calls");
  const { id, sides } = await only("calls");
  const other = await company.another("globex");
  expect(await listContradictions(other)).toEqual([]);
  await expect(
    settleContradiction(other, { id, by, settle: { holds: null, sides: sides.map((side) => side.id), reason: "x" } }),
  ).rejects.toMatchObject({ code: "AITO_CONTRADICTION_UNKNOWN" });
});
