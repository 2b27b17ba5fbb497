import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  answerEscalation,
  claimNotice,
  closeDueRounds,
  endNoticeAttempt,
  escalationByToken,
  escalationDetail,
  listEscalations,
  noticeAttemptsMax,
  type NoticePolicy,
  parseQuietHours,
  planNotices,
  propose,
  transact,
} from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

const links = { linkKey: "a link key of the tests", publicUrl: "http://127.0.0.1:7700" };
const hourMs = 3_600_000;
const policy: NoticePolicy = { channels: ["webhook", "email"], remindMs: 4 * hourMs, quietHours: null };
let company: TestCompany;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());
beforeEach(async () => {
  await transact(company.deps, (unit) =>
    sql`update escalations set status = 'closed' where status = 'waiting'`.execute(unit.queries),
  );
});

async function escalate(type: "major" | "critical" = "major"): Promise<string> {
  const usd = type === "critical" ? 2_000 : 300;
  const input = { title: "Buy ads", description: "", type, kind: `k${company.deps.newId()}`, usd, task: null, validUntil: null };
  const decision = await propose(company.deps, "cmo", input);
  for (let round = 0; round < 8; round += 1) {
    company.clock.advance(2 * hourMs);
    await closeDueRounds(company.deps);
  }
  return (await listEscalations(company.deps, links, { status: "waiting" })).find((each) => each.decisionId === decision.id)!.id;
}
const plan = (changed: Partial<NoticePolicy> = {}) => planNotices(company.deps, links, { ...policy, ...changed });
const detail = (id: string) => escalationDetail(company.deps, links, id);
const send = async (id: string) => {
  const claim = await claimNotice(company.deps, links, id);
  if (claim) await endNoticeAttempt(company.deps, claim, { status: "sent" });
  return claim;
};
const tokenOf = (url: string) => url.slice(url.lastIndexOf("/") + 1);

test("O16 one notice per escalation, channel and number, however often it is planned and claimed at once", async () => {
  const id = await escalate();
  const due = (await Promise.all([plan(), plan(), plan()])).at(-1)!;
  expect(due).toHaveLength(2);
  const claims = await Promise.all(Array.from({ length: 10 }, () => claimNotice(company.deps, links, due[0]!.id)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect(claims.find(Boolean)).toMatchObject({ channel: "webhook", number: 1, attempt: 1, escalation: { id } });
  expect((await detail(id)).notices.map(({ channel, status, attempts }) => [channel, status, attempts])).toEqual([
    ["webhook", "sending", 1],
    ["email", "waiting", 0],
  ]);
  expect(await plan()).toEqual([{ id: due[1]!.id, attempts: 0 }]);
});

test("O16 a failed attempt is shown and tried again, at most ten times; then it has failed", async () => {
  const id = await escalate();
  const [notice] = await plan({ channels: ["webhook"] });
  for (let attempt = 1; attempt <= noticeAttemptsMax; attempt += 1) {
    const claim = (await claimNotice(company.deps, links, notice!.id))!;
    expect(claim.attempt).toBe(attempt);
    const { retry } = await endNoticeAttempt(company.deps, claim, { status: "failed", error: "the receiver answered 503" });
    expect(retry).toBe(attempt < noticeAttemptsMax);
  }
  expect(await claimNotice(company.deps, links, notice!.id)).toBeNull();
  expect((await detail(id)).notices).toMatchObject([{ status: "failed", attempts: 10, lastError: "the receiver answered 503" }]);
});

test("O16 a notice whose sender died is unknown and is not sent again; the reminder is a new one", async () => {
  const id = await escalate();
  const [notice] = await plan({ channels: ["webhook"] });
  await claimNotice(company.deps, links, notice!.id);
  company.clock.advance(91_000);
  expect(await plan({ channels: ["webhook"] })).toEqual([]);
  expect((await detail(id)).notices).toMatchObject([
    { status: "unknown", lastError: expect.stringContaining("may have arrived") },
  ]);
  company.clock.advance(4 * hourMs);
  const [reminder] = await plan({ channels: ["webhook"] });
  expect(reminder!.id).not.toBe(notice!.id);
});

test("O16 reminders follow until it is answered, each with a new link that ends the old one", async () => {
  const id = await escalate();
  const urls: string[] = [];
  for (let number = 1; number <= 3; number += 1) {
    for (const { id: notice } of (await plan()).values()) {
      const claim = (await send(notice))!;
      expect(claim.number).toBe(number);
      urls.push(claim.escalation.url!);
    }
    expect(await plan()).toEqual([]);
    company.clock.advance(4 * hourMs - 1);
    expect(await plan()).toEqual([]);
    company.clock.advance(1);
  }
  expect(urls).toHaveLength(6);
  expect(new Set(urls).size).toBe(3);
  const state = async (url: string) => (await escalationByToken(company.deps, tokenOf(url))).state;
  expect([await state(urls[0]!), await state(urls[2]!), await state(urls[4]!)]).toEqual(["expired", "expired", "open"]);
  const answer = { decision: "approve", comment: "" } as const;
  await expect(answerEscalation(company.deps, { token: tokenOf(urls[0]!), answer })).rejects.toMatchObject({
    code: "AITO_LINK_EXPIRED",
  });
  const pending = await plan();
  expect(await answerEscalation(company.deps, { token: tokenOf((await detail(id)).url!), answer })).toMatchObject({
    first: true,
  });
  expect(await claimNotice(company.deps, links, pending[0]!.id)).toBeNull();
  company.clock.advance(40 * hourMs);
  expect(await plan()).toEqual([]);
  expect((await detail(id)).notices.map((each) => each.status)).toEqual([...Array(6).fill("sent"), "dropped", "dropped"]);
});

test("O16 a reminder waits until every channel has ended its turn", async () => {
  await escalate();
  const [first] = await plan();
  await send(first!.id);
  company.clock.advance(20 * hourMs);
  expect(await plan()).toHaveLength(1);
});

test("O16 quiet hours hold a notice back until they end, and a reminder too; a critical decision is told at once", async () => {
  const night = { ...policy, channels: ["webhook"], quietHours: parseQuietHours("00:00-23:59 UTC") };
  const major = await escalate();
  expect(await planNotices(company.deps, links, night)).toEqual([]);
  const [held] = (await detail(major)).notices;
  expect(held).toMatchObject({ status: "waiting", attempts: 0 });
  expect(held!.dueAt.slice(11, 16)).toBe("23:59");
  expect(await claimNotice(company.deps, links, held!.id)).toBeNull();
  const critical = await escalate("critical");
  const due = await planNotices(company.deps, links, night);
  const ids = (await detail(critical)).notices.map((each) => each.id);
  expect(due.map((each) => each.id)).toEqual(expect.arrayContaining(ids));
});

test("O16 a channel that is configured later is told of what waits", async () => {
  const id = await escalate();
  await plan({ channels: ["webhook"] });
  await plan({ channels: ["webhook", "telegram"] });
  expect((await detail(id)).notices.map((each) => [each.channel, each.number])).toEqual([
    ["webhook", 1],
    ["telegram", 1],
  ]);
});

test("O16 another company sees neither the escalation nor its notices", async () => {
  const id = await escalate();
  const [notice] = await plan();
  const other = await company.another("rival");
  await expect(escalationDetail(other, links, id)).rejects.toMatchObject({ code: "AITO_ESCALATION_UNKNOWN" });
  expect(await claimNotice(other, links, notice!.id)).toBeNull();
  expect(await planNotices(other, links, policy)).toEqual([]);
});
