import {
  type AgentSession,
  answerApproval,
  askedBefore,
  claimAlertNotice,
  type ClaimedAlert,
  endAlertNotice,
  endOverdue,
  listEvents,
  listMessages,
  loadPack,
  type NoticePolicy,
  parseQuietHours,
  planAlertNotices,
  registerFleet,
} from "@aito/company";
import type { ApprovalView } from "@aito/protocol";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { approvalGround, type ApprovalGround, type MemoryCompany, openMemoryCompany } from "../src/index.ts";

const packFile = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
const hourMs = 3_600_000;
const policy: NoticePolicy = { channels: ["webhook", "telegram"], remindMs: 4 * hourMs, quietHours: null };
let company: MemoryCompany;
let ground: ApprovalGround;
let waiting: ApprovalView;
let asker: AgentSession;

beforeAll(async () => {
  company = await openMemoryCompany();
  await registerFleet(company.deps, await loadPack(packFile));
  ground = approvalGround(company.deps, { outside: true });
});
afterAll(() => company.close());
/** Each test begins with one call that waits for a day, asked for at noon. */
beforeEach(async () => {
  const now = company.clock.now();
  await company.clock.advance(new Date(now).setUTCHours(36, 0, 0, 0) - now.getTime());
  await endOverdue(company.deps);
  asker = await ground.enter("cmo");
  waiting = await ground.ask(asker, ground.callOf({ title: `Day ${company.clock.now().toISOString()}` }));
});

/** What would be sent now, by a gateway that looks several times, and another one at its side. */
async function told(with_: Partial<NoticePolicy> = {}): Promise<ClaimedAlert[]> {
  const sent: ClaimedAlert[] = [];
  for (let look = 0; look < 3; look += 1) {
    const plans = await Promise.all([1, 2].map(() => planAlertNotices(company.deps, { ...policy, ...with_ })));
    for (const { id } of plans.flat()) {
      const claim = await claimAlertNotice(company.deps, id);
      if (!claim) continue;
      await endAlertNotice(company.deps, claim, { status: "sent" });
      if (claim.alert.subject === waiting.id) sent.push(claim);
    }
  }
  return sent;
}
const numbers = (sent: ClaimedAlert[]): string[] => sent.map(({ channel, number }) => `${channel} ${number}`).toSorted();

test("S01 J06 a call that waits is told again after each period, once a channel however often the job runs, with its end in each", async () => {
  expect(numbers(await told())).toEqual(["telegram 1", "webhook 1"]);
  await company.clock.advance(4 * hourMs - 60_000);
  expect(await told()).toEqual([]);
  await company.clock.advance(60_000);
  const first = await told();
  expect(numbers(first)).toEqual(["telegram 2", "webhook 2"]);
  expect(first[0]!.expiry).toEqual({ at: waiting.expiresAt, inMs: 20 * hourMs });
  // Away for half a day: one, not one for each that was missed.
  await company.clock.advance(12 * hourMs);
  expect(numbers(await told())).toEqual(["telegram 3", "webhook 3"]);
});

test("S01 an answer ends the reminders, also one that was made and not yet sent", async () => {
  await told();
  await company.clock.advance(4 * hourMs);
  const [made] = await planAlertNotices(company.deps, policy);
  await answerApproval(company.deps, { id: waiting.id, by: "operator", answer: { answer: "deny", digest: waiting.digest } });
  expect(await claimAlertNotice(company.deps, made!.id)).toBeNull();
  await company.clock.advance(4 * hourMs);
  expect(await told()).toEqual([]);
});

test("S01 silence ends them too: after the expiry nothing is told", async () => {
  await told();
  await company.clock.advance(25 * hourMs);
  expect(await told()).toEqual([]);
  await endOverdue(company.deps);
  expect((await ground.view(waiting.id)).status).toBe("expired");
  expect(await told()).toEqual([]);
});

test("S01 what was approved and could not begin in time is told as that: by whom, to its agent and in the record", async () => {
  const { id, digest } = waiting;
  await answerApproval(company.deps, { id, by: "ada", answer: { answer: "approve", digest } });
  await company.clock.advance(25 * hourMs);
  expect(await ground.run(id)).toBe(false);
  await endOverdue(company.deps);
  expect(await ground.view(id)).toMatchObject({ status: "expired", answeredBy: "ada" });
  expect(ground.ledger).toEqual([]);
  const events = await listEvents(company.deps, { limit: 100, types: ["approval.expired"] });
  expect(events.filter(({ payload }) => payload["approval"] === id).map(({ payload }) => payload["approvedBy"])).toEqual(["ada"]);
  const messages = (await listMessages(company.deps, { limit: 100 })).filter(({ payload }) =>
    String(payload["text"]).includes(id),
  );
  expect(messages.map(({ payload }) => payload["text"])).toEqual([
    expect.stringContaining("was approved by a human, but could not begin in time. It did not run"),
  ]);
  await expect(askedBefore(company.deps, asker, id, ground.callOf(waiting.arguments))).rejects.toMatchObject({
    code: "AITO_APPROVAL_EXPIRED",
    message: expect.stringContaining("was given, but its call could not begin in time"),
  });
});

test("S01 the number of reminders is bounded", async () => {
  const sent: string[] = [];
  for (let hour = 0; hour < 23; hour += 1) {
    for (let quarter = 0; quarter < 4; quarter += 1) {
      sent.push(...numbers(await told({ channels: ["webhook"], remindMs: hourMs / 4 })));
      await company.clock.advance(hourMs / 4);
    }
  }
  expect(sent).toHaveLength(25);
}, 600_000);

test("S01 quiet hours hold reminders back, and a first notice too unless the call would end meanwhile", async () => {
  await told();
  await company.clock.advance(11 * hourMs);
  const quietHours = parseQuietHours("22:00-07:00 UTC");
  expect(await told({ quietHours })).toEqual([]);
  waiting = await ground.ask(await ground.enter("coo"), ground.callOf({ title: "At night" }));
  expect(await told({ quietHours })).toEqual([]);
  await company.clock.advance(8 * hourMs);
  expect(numbers(await told({ quietHours }))).toEqual(["telegram 1", "webhook 1"]);
  const short = await loadPack(packFile);
  await registerFleet(company.deps, { ...short, file: { ...short.file, approvals: { hours: 1, waitingMax: 20 } } });
  await company.clock.advance(16 * hourMs);
  waiting = await ground.ask(await ground.enter("cto"), ground.callOf({ title: "It would end in the night" }));
  expect(numbers(await told({ quietHours }))).toEqual(["telegram 1", "webhook 1"]);
});
