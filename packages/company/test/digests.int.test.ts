import { afterEach, beforeEach, expect, test } from "vitest";
import { FleetNotices } from "@aito/protocol";
import {
  briefing,
  claimAlertNotice,
  createTask,
  finishTask,
  fleetStatus,
  makeDueDigests,
  makeDueSynthesis,
  type NoticePolicy,
  planAlertNotices,
  taskDigest,
} from "../src/index.ts";
import { openCompany, testFleet, type TestCompany } from "./open-company.ts";

const fleet = testFleet();
fleet.file.notices = FleetNotices.parse({
  digests: "top",
  synthesis: { at: "18:00" },
  channels: { telegram: { tells: ["needs", "digest"] }, email: { tells: ["briefing"] } },
});
const policy: NoticePolicy = { channels: ["telegram", "email"], remindMs: 4 * 3_600_000, quietHours: null };

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany({ fleet });
});
afterEach(() => company.close());

/** A task, and one that is part of it; both close. */
async function closedTask(title: string) {
  const cmo = await company.enter("cmo");
  const task = await createTask(company.deps, cmo, { title, description: "Which colour sells?" });
  const part = await createTask(company.deps, cmo, { title: `A part of ${title}`, parentTaskId: task.id });
  for (const { id } of [part, task]) {
    const result = { summary: "Nobody bought either, of 12 asked.", text: null, receipts: [] };
    await finishTask(company.deps, cmo, { id, status: "failed", result });
  }
  return task;
}
const told = async (due: { id: string }[]) => {
  const claims = await Promise.all(due.map(({ id }) => claimAlertNotice(company.deps, id)));
  return claims.map((claim) => claim && `${claim.channel}: ${claim.alert.kind} ${claim.alert.title}`);
};

test("C21 a task that closes is told once as a digest, by the channels that tell digests, and is nothing that waits for an answer", async () => {
  const { deps } = company;
  await closedTask("Compare two colours");
  const made = await Promise.all([makeDueDigests(deps), makeDueDigests(deps)]);
  expect(made.toSorted((a, b) => a - b)).toEqual([0, 1]);
  expect(await makeDueDigests(deps)).toBe(0);
  expect(await told(await planAlertNotices(deps, policy))).toEqual(["telegram: digest failed: Compare two colours"]);
  expect(await planAlertNotices(deps, policy)).toEqual([]);
  expect((await fleetStatus(deps)).alerts).toEqual([]);
  expect((await briefing(deps)).needsYou).toEqual([]);
  company.clock.advance(15 * 60_000);
  expect(await makeDueDigests(deps)).toBe(0);
});

test("C21 the digest says what was asked, done, backed and paid; of an open task there is none", async () => {
  const { deps } = company;
  const task = await closedTask("Compare two colours");
  expect(await taskDigest(deps, task.id)).toMatchObject({
    status: "failed",
    asked: "Which colour sells?",
    done: "Nobody bought either, of 12 asked.",
    doneBy: "cmo",
    evidence: { receipts: 0, verifiedClaims: 0 },
    cost: { calls: 0, microUsd: "0", unknownCalls: 0 },
  });
  const open = await createTask(deps, "operator", { title: "Open", assignTo: "cto" });
  await expect(taskDigest(deps, open.id)).rejects.toMatchObject({ code: "AITO_TASK_OPEN" });
});

test("C22 the day's synthesis is made once, after its time, and told by the channels that tell briefings", async () => {
  const { deps, clock } = company;
  await closedTask("Compare two colours");
  expect(await makeDueSynthesis(deps)).toBe(false);
  clock.advance(9.5 * 3_600_000);
  expect(await makeDueSynthesis(deps)).toBe(true);
  expect(await makeDueSynthesis(deps)).toBe(false);
  const due = await told(await planAlertNotices(deps, policy));
  expect(due).toEqual([expect.stringMatching(/^email: synthesis .*the day: 2 tasks ended/)]);
  clock.advance(24 * 3_600_000);
  expect(await makeDueSynthesis(deps)).toBe(true);
});
