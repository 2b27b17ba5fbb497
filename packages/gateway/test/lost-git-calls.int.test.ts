import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CrashPointName, silentLogger, systemClock } from "@aito/base";
import { answerApproval, approvalView, taintRun } from "@aito/company";
import type { Database } from "@aito/db";
import { type LocalGithub, startLocalGithub } from "@aito/local-github";
import { channels } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended as approvalEnded, type Loose, openGateway, type TestGateway, until } from "./open-gateway.ts";

/** A gateway that dies in the middle of a call to GitHub leaves its trace: the next one asks GitHub what became of it. */
const token = "token-of-the-company";
const repository = "og-shibaclassic/shiba-social";
const boundMs = 60_000;
/** As the bell of an approval: the gateway looks at once. */
const look = JSON.stringify({ events: [{ type: "approval.look" }] });

let folder: string;
let github: LocalGithub;
let it: TestGateway;
let dies: CrashPointName | null = null;
let dead = false;
let isRefused = false;
let aheadMs = 0;
const clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
const sessions: Record<string, string> = {};

const gone = (): Error => new Error("the process is gone");
const mortal = (db: Database): Database => ({
  ...db,
  transaction: async (scope, run) => {
    if (dead) throw gone();
    return await db.transaction(scope, run);
  },
  call: async (company, name, argument) => {
    if (dead) throw gone();
    return await db.call(company, name, argument);
  },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aito-lost-git-"));
  const limits = { perHour: 1_000_000, writesPerMinute: 1_000_000 };
  const tokens = { [token]: "aito-bot" };
  github = await startLocalGithub({ folder, host: "127.0.0.1", port: 0, tokens, log: silentLogger, clock: systemClock, limits });
  await github.addRepository({ owner: "og-shibaclassic", name: "shiba-social", files: { "content/old.md": "old\n" } });
  it = await openGateway({
    clock,
    github: { baseUrl: github.url, token: () => (isRefused ? "another" : token), throttled: false },
    wrapDatabase: mortal,
    crashPoint: (name) => {
      if (name !== dies) return;
      dead = true;
      throw gone();
    },
  });
  for (const agent of ["cmo", "cco"]) sessions[agent] = (await it.enter(agent)).session;
});
afterAll(async () => {
  await it.close();
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

const call = (agent: string, tool: string, args: object) => it.callTool(sessions[agent]!, tool, args);
const seenBefore = async (): Promise<Set<string>> => new Set((await it.rows("receipts")).map(({ id }) => String(id)));

/** Makes the call, in which the gateway dies; whoever comes after it finds that nothing was heard of it for too long. */
async function lose(point: CrashPointName, agent: string, tool: string, args: object): Promise<void> {
  dies = point;
  await call(agent, tool, args).catch(() => null);
  expect(dead, "it died there").toBe(true);
  [dies, dead] = [null, false];
  aheadMs += 100_000;
}

/** The receipt that the lost call ends with. */
async function ended(tool: string, before: Set<string>): Promise<Loose> {
  const [receipt] = await until(
    async () => {
      await it.bus.publish(channels.console, look);
      return (await it.rows("receipts")).filter((row) => row["tool"] === tool && !before.has(String(row["id"])));
    },
    (rows) => rows.length === 1,
    boundMs,
  );
  expect(await it.rows("begun_calls")).toEqual([]);
  return receipt!;
}

let count = 0;
async function proposal(): Promise<Loose> {
  count += 1;
  const { body } = await call("cmo", "create_task", { title: `Task ${count}` });
  const files = [{ path: `content/page-${count}.md`, text: "# Page\n" }];
  return { task_id: body["task_id"], title: `Change ${count}`, why: "Because.", files };
}

test("S06 F22 a lost proposal whose pull request stands succeeded, and says where; repeated, nothing is made twice", async () => {
  const [args, before] = [await proposal(), await seenBefore()];
  await lose("git.after_pull", "cmo", "propose_change", args);
  const receipt = await ended("propose_change", before);
  expect(receipt).toMatchObject({ status: "succeeded", ok: true, effect: true, source: "github" });
  expect(receipt["result"]).toMatchObject({
    repository,
    number: expect.any(Number),
    commit: expect.stringMatching(/^[0-9a-f]{40}$/),
  });
  const again = await call("cmo", "propose_change", args);
  expect(again.body).toMatchObject({ number: receipt["result"].number, commit: receipt["result"].commit, new_commit: false });
});

test("S06 a lost proposal of which GitHub has a part stays unknown, and says which", async () => {
  const [args, before] = [await proposal(), await seenBefore()];
  await lose("git.after_push", "cmo", "propose_change", args);
  const receipt = await ended("propose_change", before);
  expect(receipt).toMatchObject({ status: "unknown", ok: false });
  expect(receipt["result"]).toMatchObject({ code: "AITO_OUTCOME_UNKNOWN", commit: expect.any(String), number: null });
});

test("S06 F22 a lost review and a lost merge are found, and GitHub is asked until it answers", async () => {
  const { change_id } = (await call("cmo", "propose_change", await proposal())).body;
  let before = await seenBefore();
  await lose("git.after_review", "cco", "review_change", { change_id, verdict: "approve", body: "Good." });
  expect(await ended("review_change", before)).toMatchObject({ status: "succeeded", result: { change_id, repository } });
  const approve = { change_id, verdict: "approve", body: "Good." };
  expect((await call("cco", "review_change", approve)).ok).toBe(true);

  before = await seenBefore();
  await lose("git.after_merge", "cmo", "merge_change", { change_id });
  isRefused = true;
  const leaseMs = async (): Promise<number> => {
    await it.bus.publish(channels.console, look);
    return ((await it.rows("begun_calls"))[0]?.["lease_until"]?.getTime() ?? 0) - clock.now().getTime();
  };
  await until(leaseMs, (left) => left > 0, boundMs);
  expect((await it.rows("begun_calls")).length).toBe(1);
  isRefused = false;
  aheadMs += 61_000;
  const merged = await ended("merge_change", before);
  expect(merged).toMatchObject({ status: "succeeded", result: { commit: expect.any(String) } });
});

test("S06 a lost call that left no trace, or that could not be looked for in time, is unknown", async () => {
  const [args, before] = [await proposal(), await seenBefore()];
  await lose("git.after_pull", "cmo", "propose_change", args);
  aheadMs += 15 * 60_000;
  expect(await ended("propose_change", before)).toMatchObject({ status: "unknown" });
});

test("S06 S01 F22 what a human approved and was lost on its way is found, too: done where it stands, else unknown", async () => {
  const asked = async (): Promise<string> => {
    const { body } = await call("cmo", "propose_change", await proposal());
    expect(body["code"]).toBe("AITO_APPROVAL_NEEDED");
    return body["approval_id"] as string;
  };
  const loseApproved = async (id: string, point: CrashPointName): Promise<void> => {
    dies = point;
    const { digest } = await approvalView(it.deps, null, id);
    await answerApproval(it.deps, { id, by: "operator", answer: { answer: "approve", digest } });
    await it.bus.publish(channels.console, look);
    await until(() => dead, Boolean, boundMs);
    [dies, dead] = [null, false];
    aheadMs += 300_000;
    await it.bus.publish(channels.console, look);
  };
  await taintRun(
    it.deps,
    { agentId: (await it.rows("agents")).find(({ name }) => name === "cmo")!["id"], agent: "cmo" } as never,
    "a page",
  );
  const whole = await asked();
  await loseApproved(whole, "git.after_pull");
  const done = await approvalEnded(it.deps, whole);
  expect(done).toMatchObject({ status: "done", result: { repository, number: expect.any(Number) } });
  const receipts = (await it.rows("receipts")).filter(({ result }) => result.number === (done.result as Loose)["number"]);
  expect(receipts).toMatchObject([{ tool: "propose_change", status: "succeeded", effect: true }]);

  const half = await asked();
  await loseApproved(half, "git.after_push");
  expect(await approvalEnded(it.deps, half)).toMatchObject({ status: "unknown" });
  const unknown = (await it.rows("receipts")).filter(
    ({ result }) => result.approval_id === half && result.code === "AITO_OUTCOME_UNKNOWN",
  );
  expect(unknown).toMatchObject([{ status: "unknown", result: { commit: expect.any(String), number: null } }]);
  const other = (await it.rows("approvals")).find(({ id }) => id === half)!;
  expect(other["trace"]).toMatchObject({ repository });
});
