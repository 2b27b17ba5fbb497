import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CrashPointName, silentLogger, systemClock } from "@aito/base";
import { answerApproval, approvalView, changeRecord, listEvents, taintRun } from "@aito/company";
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
/** It dies at the last of these, once it has come by the others. */
let path: CrashPointName[] = [];
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
      if (name !== path[0]) return;
      path.shift();
      if (path.length > 0) return;
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
const agentId = async (of: string): Promise<string> => (await it.rows("agents")).find(({ name }) => name === of)!["id"];
const seenBefore = async (): Promise<Set<string>> => new Set((await it.rows("receipts")).map(({ id }) => String(id)));

/** Makes the call, in which the gateway dies. */
async function die(point: CrashPointName, agent: string, tool: string, args: object): Promise<void> {
  path = [point];
  await call(agent, tool, args).catch(() => null);
  expect(dead, "it died there").toBe(true);
  dead = false;
}

/** The same; whoever comes after it finds that nothing was heard of it for too long. */
async function lose(...[point, agent, tool, args]: Parameters<typeof die>): Promise<void> {
  await die(point, agent, tool, args);
  aheadMs += 100_000;
}

/** What our own records hold of a change, and what was said of it. */
async function recorded(id: string): Promise<Loose> {
  const of = async (table: string): Promise<Loose[]> => (await it.rows(table)).filter((row) => row["change_id"] === id);
  const reviews = (await of("change_reviews")).toSorted((a, b) => (a["id"] < b["id"] ? -1 : 1));
  const messages = (await it.rows("messages")).filter(({ payload }) => payload.change?.id === id);
  const events = (await listEvents(it.deps, { limit: 500 })).filter(
    ({ type, payload }) => type.startsWith("change.") && payload["change"] === id,
  );
  const change = (await it.rows("changes")).find((row) => row["id"] === id)!;
  return {
    status: change["status"],
    number: change["number"],
    head: change["head_sha"],
    merge: change["merge_sha"],
    commits: (await of("change_commits")).map(({ sha }) => sha),
    reviews: reviews.map(({ verdict }) => verdict),
    asked: messages.map(({ to_name: to, payload }) => `${to}: ${payload.change.ask}`),
    events: events.map(({ type }) => type).toReversed(),
  };
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
  const { change_id, number, commit } = receipt["result"];
  expect(receipt["result"]).toMatchObject({
    repository,
    number: expect.any(Number),
    commit: expect.stringMatching(/^[0-9a-f]{40}$/),
  });
  const whole = {
    status: "open",
    number,
    head: commit,
    merge: null,
    commits: [commit],
    reviews: [],
    asked: ["cco: review"],
    events: ["change.begun", "change.opened"],
  };
  expect(await recorded(change_id)).toEqual(whole);
  expect((await changeRecord(it.deps, change_id)).files).toMatchObject([{ path: args["files"][0].path, status: "added" }]);
  const again = await call("cmo", "propose_change", args);
  expect(again.body).toMatchObject({ number, commit, new_commit: false });
  expect(await recorded(change_id)).toEqual(whole);
});

test("F22 a proposal that was called again before it is looked for is found all the same, and told once", async () => {
  const [args, before] = [await proposal(), await seenBefore()];
  await die("git.after_pull", "cmo", "propose_change", args);
  const again = await call("cmo", "propose_change", args);
  const { change_id, commit } = again.body;
  const whole = await recorded(change_id);
  expect(whole).toMatchObject({ status: "open", head: commit, asked: ["cco: review"] });
  await die("git.after_pull", "cmo", "propose_change", args);
  before.add(again.body["receipt"]);
  aheadMs += 100_000;
  const found = async (): Promise<Loose[]> => {
    await it.bus.publish(channels.console, look);
    return (await it.rows("receipts")).filter(({ id, tool }) => tool === "propose_change" && !before.has(id));
  };
  // The first, and the one that was made on top of what stood.
  expect(await until(found, (rows) => rows.length === 2, boundMs)).toMatchObject(
    [0, 1].map(() => ({ status: "succeeded", result: { change_id, commit } })),
  );
  expect(await recorded(change_id)).toEqual(whole);
});

test("F22 whoever looks may be killed at any point: what it found is written down once", async () => {
  const [args, before] = [await proposal(), await seenBefore()];
  await lose("git.after_pull", "cmo", "propose_change", args);
  for (const points of [["lost.after_look"], ["lost.after_look", "commit.before"]] as CrashPointName[][]) {
    path = [...points];
    await it.bus.publish(channels.console, look);
    await until(() => dead, Boolean, boundMs);
    dead = false;
    expect(await it.rows("begun_calls")).toHaveLength(1);
    expect((await it.rows("receipts")).filter(({ id, tool }) => tool === "propose_change" && !before.has(id))).toEqual([]);
    aheadMs += 61_000;
  }
  const { change_id, commit } = (await ended("propose_change", before))["result"];
  expect(await recorded(change_id)).toMatchObject({ status: "open", head: commit, asked: ["cco: review"] });
});

test("a lost proposal does not take the head back from a later one", async () => {
  const args = await proposal();
  const before = await seenBefore();
  await die("git.after_pull", "cmo", "propose_change", args);
  const files = [{ path: `content/later-${count}.md`, text: "# Later\n" }];
  const later = await call("cmo", "propose_change", { ...args, files });
  before.add(later.body["receipt"]);
  const { change_id, commit: head } = later.body;
  aheadMs += 100_000;
  const { commit } = (await ended("propose_change", before))["result"];
  expect(commit).not.toBe(head);
  const after = await recorded(change_id);
  expect(after).toMatchObject({ status: "open", head, asked: ["cco: review"], events: ["change.begun", "change.opened"] });
  expect(new Set(after["commits"])).toEqual(new Set([commit, head]));
  expect((await changeRecord(it.deps, change_id)).files).toHaveLength(2);
  // One that is made on that head is the newer one, found as it is.
  const newer = await seenBefore();
  await lose("git.after_pull", "cmo", "propose_change", { ...args, files: [{ ...files[0], text: "# Newer\n" }] });
  const found = await ended("propose_change", newer);
  expect(await recorded(change_id)).toMatchObject({
    head: found["result"].commit,
    events: [...after["events"], "change.updated"],
  });
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
  const reviewed = await recorded(change_id);
  expect(reviewed).toMatchObject({ reviews: ["approve"], asked: ["cco: review", "cmo: merge"] });
  expect((await call("cco", "review_change", approve)).ok).toBe(true);
  expect(await recorded(change_id)).toEqual(reviewed);

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
  const done = await recorded(change_id);
  expect(done).toMatchObject({ status: "merged", merge: merged["result"].commit });
  expect(done["events"]).toEqual(["change.begun", "change.opened", "change.reviewed", "change.merged"]);
  expect((await call("cmo", "merge_change", { change_id })).body["commit"]).toBe(merged["result"].commit);
  expect(await recorded(change_id)).toEqual(done);
});

test("a lost review that its writer has taken back since is not its last word", async () => {
  const { change_id } = (await call("cmo", "propose_change", await proposal())).body;
  const before = await seenBefore();
  await die("git.after_review", "cco", "review_change", { change_id, verdict: "approve", body: "Good." });
  const wish = { change_id, verdict: "request_changes", body: "No, wait." };
  before.add((await call("cco", "review_change", wish)).body["receipt"]);
  aheadMs += 100_000;
  expect(await ended("review_change", before)).toMatchObject({ status: "succeeded" });
  expect(await recorded(change_id)).toMatchObject({
    reviews: ["approve", "request_changes"],
    asked: ["cco: review", "cmo: fix"],
    events: ["change.begun", "change.opened", "change.reviewed", "change.reviewed"],
  });
  expect((await call("cmo", "merge_change", { change_id })).body["message"]).toContain("cco asked for changes");
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
    path = [point];
    const { digest } = await approvalView(it.deps, null, id);
    await answerApproval(it.deps, { id, by: "operator", answer: { answer: "approve", digest } });
    await it.bus.publish(channels.console, look);
    await until(() => dead, Boolean, boundMs);
    dead = false;
    aheadMs += 300_000;
    await it.bus.publish(channels.console, look);
  };
  await taintRun(it.deps, { agentId: await agentId("cmo"), agent: "cmo" } as never, "a page");
  const whole = await asked();
  await loseApproved(whole, "git.after_pull");
  const done = await approvalEnded(it.deps, whole);
  const { change_id, number, commit } = done.result as Loose;
  const made = await recorded(change_id);
  expect(made).toMatchObject({ status: "open", number, head: commit, asked: ["cco: review"] });
  // In the words of a run that had read from outside.
  const told = (await it.rows("messages")).find(({ payload }) => payload.change?.id === change_id);
  expect(told!["taint"]).not.toBeNull();
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

  // The reviewer has read a page, too: its review and the merge need a human each.
  await taintRun(it.deps, { agentId: await agentId("cco"), agent: "cco" } as never, "another page");
  const approvedLost = async (agent: string, tool: string, args: object, point: CrashPointName): Promise<Loose> => {
    const { body } = await call(agent, tool, args);
    expect(body["code"]).toBe("AITO_APPROVAL_NEEDED");
    await loseApproved(body["approval_id"], point);
    return await approvalEnded(it.deps, body["approval_id"]);
  };
  const approve = { change_id, verdict: "approve", body: "Good." };
  expect(await approvedLost("cco", "review_change", approve, "git.after_review")).toMatchObject({ status: "done" });
  expect(await recorded(change_id)).toMatchObject({ reviews: ["approve"], asked: ["cco: review", "cmo: merge"] });
  const merged = await approvedLost("cmo", "merge_change", { change_id }, "git.after_merge");
  expect(merged).toMatchObject({ status: "done", result: { commit: expect.any(String) } });
  expect(await recorded(change_id)).toMatchObject({ status: "merged", merge: (merged["result"] as Loose)["commit"] });
});
