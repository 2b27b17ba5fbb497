import type { EscalationDetail, IdeaView } from "@aito/protocol";
import { afterEach, expect, test } from "vitest";
import { aito, fakeConsole, folderFor } from "./testing/fake-console.ts";
import { decision, escalation, ids } from "./testing/samples.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function company(table: Record<string, unknown>) {
  const console_ = await fakeConsole(table);
  open.push(console_);
  const folder = folderFor(console_.url);
  return { ...console_, run: (...args: string[]) => aito([...args, "--folder", folder]) };
}

/** What would clear a screen, ring, turn text around or hide itself. */
const hostile = "\u001b[2J\u0007\u202eevil\u2066\u009b31m";
const steers = ["\u001b", "\u0007", "\u202e", "\u2066", "\u009b"];
const expectInert = (text: string): void => expect(steers.filter((each) => text.includes(each))).toEqual([]);

const at = "2026-11-20T12:00:00.000Z";
const notice = (change: Partial<EscalationDetail["notices"][number]>): EscalationDetail["notices"][number] => ({
  id: ids.event,
  channel: "webhook",
  number: 1,
  status: "sent",
  attempts: 1,
  lastError: null,
  dueAt: at,
  sentAt: at,
  ...change,
});
const detail = (change: Partial<EscalationDetail> = {}): EscalationDetail => ({
  ...escalation,
  comment: null,
  answeredBy: null,
  answeredAt: null,
  decision,
  grounds: {
    attachedTask: { title: "Book the hall", description: "", workerType: null },
    attachedAction: '{"tool":"book_hall"}',
    budgetLeftMicroUsd: "19550000000",
    taint: "a page",
    receipts: [{ id: ids.event, agent: "cmo", tool: "record_metric", ok: true, at, result: "{}" }],
  },
  notices: [],
  ...change,
});
const path = `GET /api/v1/escalations/${ids.escalation}`;

test("O16 escalations show tells each notice with its attempts, and says when there was none", async () => {
  const notices = [
    notice({}),
    notice({ channel: "email", number: 2, status: "waiting", attempts: 3, lastError: "connect ECONNREFUSED", sentAt: null }),
  ];
  const { run } = await company({ [path]: detail({ notices, answer: "veto", answeredBy: "operator", comment: "too dear" }) });
  const shown = await run("escalations", "show", ids.escalation);
  expect(shown).toMatchObject({ code: 0, err: "" });
  expect(shown.out).toMatch(/webhook +first +sent +1 /);
  expect(shown.out).toMatch(/email +reminder 1 +waiting +3 +due 2026-11-20T12:00:00.000Z +connect ECONNREFUSED/);
  expect(shown.out).toContain("answered: veto by operator: too dear");
  expect(shown.out).toContain("releases the work: Book the hall");
  expect(shown.out).toContain('releases the call: {"tool":"book_hall"}');
  expect(shown.out).toContain("had read text from outside: a page");
  expect(shown.out).toContain(`rests on: record_metric, done, receipt ${ids.event}`);
  const json = JSON.parse((await run("escalations", "show", ids.escalation, "--json")).out) as EscalationDetail;
  expect(json).toEqual(detail({ notices, answer: "veto", answeredBy: "operator", comment: "too dear" }));
  const none = await company({ [path]: detail() });
  expect((await none.run("escalations", "show", ids.escalation)).out).toContain("no notice was sent");
});

test("escalations show and ideas print what agents wrote without letting it steer the terminal", async () => {
  const shown = await company({
    [path]: detail({
      title: hostile,
      reason: hostile,
      comment: hostile,
      answer: "approve",
      answeredBy: hostile,
      notices: [notice({ lastError: hostile })],
    }),
    "GET /api/v1/ideas": { items: [idea({ title: `${hostile}\nsecond line`, agent: hostile })], next: null },
    "GET /api/v1/acceptance": { items: [{ agent: hostile, kind: hostile, approved: 1, vetoed: 0, sentBack: 0 }] },
    [`POST /api/v1/ideas/${ids.task}/promote`]: idea({ title: hostile, status: "promoted", decisionId: ids.decision }),
  });
  for (const args of [
    ["escalations", "show", ids.escalation],
    ["ideas"],
    ["ideas", "--acceptance"],
    ["ideas", "promote", ids.task],
  ]) {
    const ran = await shown.run(...args);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("evil");
    expectInert(ran.out + ran.err);
    expectInert((await shown.run(...args, "--json")).err);
  }
  // A title of several lines stays one row of the table.
  expect((await shown.run("ideas")).out.trimEnd().split("\n")).toHaveLength(2);
});

const idea = (change: Partial<IdeaView> = {}): IdeaView => ({
  id: ids.task,
  taint: null,
  agent: "cmo",
  title: "A podcast",
  text: "weekly",
  kind: null,
  amountMicroUsd: "250000000",
  status: "kept",
  score: 61,
  scoreParts: { novelty: 30, fit: 20, cost: 6, acceptance: 5 },
  mergedInto: null,
  mentions: 3,
  comparedBy: "words",
  decisionId: null,
  createdAt: at,
  ...change,
});

test("L17 B05 ideas lists, filters nothing away, promotes by id, and shows how humans answered", async () => {
  const promoted = idea({ status: "promoted", decisionId: ids.decision });
  const acceptance = [{ agent: "cmo", kind: null, approved: 2, vetoed: 1, sentBack: 0 }];
  const { run, seen } = await company({
    "GET /api/v1/ideas": { items: [idea(), idea({ id: ids.event, score: null, status: "merged" })], next: null },
    "GET /api/v1/acceptance": { items: acceptance },
    [`POST /api/v1/ideas/${ids.task}/promote`]: promoted,
  });
  expect((await run("ideas", "--limit", "7")).out).toMatch(/cmo +kept +61 +3 +\$250\.00 +A podcast/);
  expect(seen.at(-1)!.path).toBe("/api/v1/ideas?limit=7");
  expect(JSON.parse((await run("ideas", "--json")).out)).toHaveLength(2);
  expect((await run("ideas", "--acceptance")).out).toMatch(/cmo +\(no kind\) +2 +1 +0/);
  expect(JSON.parse((await run("ideas", "--acceptance", "--json")).out)).toEqual(acceptance);
  expect((await run("ideas", "promote", ids.task)).out).toContain(`aito decisions show ${ids.decision}`);
  expect(JSON.parse((await run("ideas", "promote", ids.task, "--json")).out)).toEqual(promoted);
  const empty = await company({ "GET /api/v1/ideas": { items: [], next: null }, "GET /api/v1/acceptance": { items: [] } });
  expect((await empty.run("ideas")).out).toBe("no ideas yet\n");
  expect((await empty.run("ideas", "--acceptance")).out).toBe("no human has answered yet\n");
});

test.each([
  ["escalations", "show", "../../status"],
  ["escalations", "show", hostile],
  ["escalations", "show", `${ids.escalation}/answer`],
  ["ideas", "promote", "'; drop table ideas; --"],
  ["ideas", "--limit", "1e9"],
])("%s %s refuses %j before it asks the console", async (...args) => {
  const { run, seen } = await company({});
  const ran = await run(...args);
  expect(ran.code).not.toBe(0);
  expectInert(ran.err);
  expect(seen).toEqual([]);
});
