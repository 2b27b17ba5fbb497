import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "@aito/base";
import {
  answerApproval,
  approvalView,
  changeRecord,
  changeSummaries,
  gatewayPass,
  loadPack,
  registerFleet,
  taintOf,
  taintRun,
  taskView,
  transact,
} from "@aito/company";
import { type LocalGithub, startLocalGithub } from "@aito/local-github";
import { type FleetFile, operatorQuestions, repositoryTools, SignersView } from "@aito/protocol";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { gitTools } from "../src/git/git-tools.ts";
import { ended, type Loose, openGateway, type TestGateway, until } from "./open-gateway.ts";

const token = "token-of-the-company";
const social = { owner: "og-shibaclassic", name: "shiba-social" };
const repository = "og-shibaclassic/shiba-social";
const api = `/repos/${repository}`;

let folder: string;
let github: LocalGithub;
let it: TestGateway;
let bare: string;
let crash: string | null = null;
const sessions: Record<string, string> = {};

const git = (...args: string[]): string => execFileSync("git", ["--git-dir", bare, ...args], { encoding: "utf8" }).trim();
const call = (agent: string, tool: string, args: object) => it.callTool(sessions[agent]!, tool, args);
/** What GitHub shows to anybody else who asks it. */
const ask = async (path: string, init: { method?: string; body?: object } = {}): Promise<Loose> => {
  const answer = await fetch(`${github.url}${path}`, {
    ...(init.method ? { method: init.method, body: JSON.stringify(init.body) } : {}),
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
  });
  return (await answer.json()) as Loose;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aito-gateway-git-"));
  const limits = { perHour: 1_000_000, writesPerMinute: 1_000_000 };
  github = await startLocalGithub({
    folder,
    host: "127.0.0.1",
    port: 0,
    tokens: { [token]: "aito-bot" },
    log: silentLogger,
    clock: systemClock,
    limits,
  });
  ({ folder: bare } = await github.addRepository({
    ...social,
    files: { "content/old.md": "old\n", "LICENSE.md": "all rights\n" },
  }));
  await github.addRepository({ owner: "og-shibaclassic", name: "shiba-treasury" });
  it = await openGateway({
    github: { baseUrl: github.url, token: () => token, throttled: false },
    crashPoint: (name) => {
      if (name !== crash) return;
      crash = null;
      throw new Error(`died at ${name}`);
    },
  });
  for (const agent of ["ceo", "dao", "cmo", "cto", "cfo", "cco"]) sessions[agent] = (await it.enter(agent)).session;
});
afterAll(async () => {
  await it.close();
  await github.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => (crash = null));
afterEach(() => (crash = null));

let count = 0;
/** A task of the agent's own, with a change proposed for it. */
async function proposed(files: object[], agent = "cmo", more: object = {}): Promise<{ task: string; args: Loose }> {
  count += 1;
  const { body } = await call(agent, "create_task", { title: `Task ${count}` });
  return { task: body["task_id"], args: { task_id: body["task_id"], title: `Change ${count}`, why: "Because.", files, ...more } };
}

const pullsOf = async (branch: string): Promise<Loose[]> =>
  (await ask(`${api}/pulls?state=all&head=og-shibaclassic:${branch}`)) as unknown as Loose[];

describe("a change", () => {
  test("G04 G05 G06 is proposed, reviewed on lines, changed, approved by another role and merged", async () => {
    const { args, task } = await proposed([{ path: "content/page.md", text: "# Page\n\nSoon.\n" }]);
    const made = await call("cmo", "propose_change", args);
    expect(made).toMatchObject({ ok: true, body: { repository, new_commit: true, reviewers: ["cco"] } });
    const { change_id: id, number, branch, commit } = made.body;
    expect(git("log", "-1", "--format=%an", commit)).toBe("cmo");
    const pull = await ask(`${api}/pulls/${number}`);
    expect(pull["body"]).toContain(`http://127.0.0.1:7700/work/${task}`);
    expect(pull["body"]).toContain("Model calls so far: $0");
    expect(await call("cmo", "merge_change", { change_id: id })).toMatchObject({
      ok: false,
      body: { code: "AITO_CHANGE_NOT_READY" },
    });
    expect(await call("cmo", "review_change", { change_id: id, verdict: "approve", body: "Mine is good." })).toMatchObject({
      body: { code: "AITO_CHANGE_OWN" },
    });

    const seen = await call("cco", "read_change", { change_id: id });
    expect(seen.body["files"]).toMatchObject([
      { path: "content/page.md", status: "added", diff: expect.stringContaining("+Soon.") },
    ]);
    const wish = {
      change_id: id,
      verdict: "request_changes",
      body: "Name the day.",
      comments: [{ path: "content/page.md", line: 3, body: "When?" }],
    };
    expect(await call("cco", "review_change", wish)).toMatchObject({ ok: true });
    expect(await ask(`${api}/pulls/${number}/comments`)).toMatchObject([{ path: "content/page.md", line: 3, body: "When?" }]);
    await call("cco", "review_change", wish);
    expect(((await ask(`${api}/pulls/${number}/reviews`)) as unknown as Loose[]).length).toBe(1);
    await call("ceo", "review_change", { change_id: id, verdict: "approve", body: "Fine." });
    const blocked = await call("cmo", "merge_change", { change_id: id });
    expect(blocked.body["message"]).toContain("cco asked for changes");

    const fixed = await call("cmo", "propose_change", {
      ...args,
      files: [{ path: "content/page.md", text: "# Page\n\nOn Monday.\n" }],
    });
    expect(fixed.body).toMatchObject({ change_id: id, number, branch, new_commit: true });
    await call("cco", "review_change", { change_id: id, verdict: "approve", body: "Good." });
    const merged = await call("cmo", "merge_change", { change_id: id });
    expect(merged).toMatchObject({ ok: true, body: { merged: true, number } });
    expect(git("show", "main:content/page.md")).toBe("# Page\n\nOn Monday.");
    expect(git("rev-parse", "main")).toBe(merged.body["commit"]);
    expect(await call("cmo", "merge_change", { change_id: id })).toMatchObject({
      ok: true,
      body: { commit: merged.body["commit"] },
    });
    const events = (await it.rows("events")).map((event) => event["event_type"]).filter((type) => type.startsWith("change."));
    expect(events).toEqual([
      "change.begun",
      "change.opened",
      "change.reviewed",
      "change.reviewed",
      "change.updated",
      "change.reviewed",
      "change.merged",
    ]);
    const done = await call("cmo", "complete_task", { task_id: task, summary: "The page is merged." });
    expect(done).toMatchObject({ ok: true, body: { status: "done" } });
  });

  test("G04 of calls that end in another order than they pushed in, the newest commit stays the head", async () => {
    const { args } = await proposed([{ path: "content/order.md", text: "0\n" }]);
    const match = /^GET .*\/pulls\/\d+\/files/;
    const begin = async (text: string) => {
      const held = Promise.withResolvers<void>();
      github.fault({ match, until: held.promise });
      const before = github.requests.length;
      const answer = call("cmo", "propose_change", { ...args, files: [{ path: "content/order.md", text }] });
      await until(async () => github.requests.slice(before).some((request) => match.test(request)), Boolean, 10_000);
      return async (): Promise<Loose> => {
        held.resolve();
        return (await answer).body;
      };
    };
    // Each has pushed on top of the one before, and none of them has written its commit down.
    const [first, second, third] = [await begin("1\n"), await begin("2\n"), await begin("3\n")];
    const head = async (id: string) => (await it.rows("changes")).find((row) => row["id"] === id)!["head_sha"];
    const { change_id: id, commit } = await first();
    expect(await head(id)).toBe(commit);
    const { commit: newest } = await third();
    expect(await head(id)).toBe(newest);
    const { commit: older, branch, reviewers } = await second();
    expect(git("log", "-3", "--format=%H", branch).split("\n")).toEqual([newest, older, commit]);
    expect(reviewers).toEqual(["cco"]);
    expect(await head(id)).toBe(newest);
    const told = (await it.rows("events")).filter(({ payload }) => payload?.change === id).map((event) => event["event_type"]);
    expect(told).toEqual(["change.begun", "change.opened", "change.updated"]);
  });

  test("G06 an approval is of one commit: what is pushed after it is not merged by it", async () => {
    const { args } = await proposed([{ path: "content/b.md", text: "one\n" }]);
    const { change_id: id } = (await call("cmo", "propose_change", args)).body;
    await call("cco", "review_change", { change_id: id, verdict: "approve", body: "Good." });
    await call("cmo", "propose_change", { ...args, files: [{ path: "content/b.md", text: "something else\n" }] });
    expect(await call("cmo", "merge_change", { change_id: id })).toMatchObject({ body: { code: "AITO_CHANGE_NOT_READY" } });
  });

  test("G06 red and pending checks hold a merge back, green ones do not", async () => {
    const { args } = await proposed([{ path: "content/c.md", text: "c\n" }]);
    const { change_id: id, commit } = (await call("cmo", "propose_change", args)).body;
    await call("cco", "review_change", { change_id: id, verdict: "approve", body: "Good." });
    for (const [state, says] of [
      ["pending", "checks have not ended"],
      ["failure", "checks failed: spelling"],
    ] as const) {
      await ask(`${api}/statuses/${commit}`, { method: "POST", body: { state, context: "spelling" } });
      expect((await call("cmo", "merge_change", { change_id: id })).body["message"]).toContain(says);
    }
    await ask(`${api}/statuses/${commit}`, { method: "POST", body: { state: "success", context: "spelling" } });
    expect(await call("cmo", "merge_change", { change_id: id })).toMatchObject({ ok: true });
  });

  test("G06 where the fleet file asks for a decision, no review alone is enough", async () => {
    const { args } = await proposed([{ path: "records/a.md", text: "1\n" }], "cfo");
    const { change_id: id } = (await call("cfo", "propose_change", args)).body;
    await call("dao", "review_change", { change_id: id, verdict: "approve", body: "Good." });
    const held = await call("cfo", "merge_change", { change_id: id });
    expect(held.body["message"]).toContain("an approved decision behind its task");
  });
});

test("G04 a commit is its role's, with a signature that git itself finds good, a worker's too", async () => {
  const signers = join(folder, "allowed-signers");
  const email = "cmo@agents.aito.invalid";
  const pass = { authorization: `Bearer ${gatewayPass("k".repeat(32))}` };
  const view = SignersView.parse((await it.post(operatorQuestions.signers, {}, undefined, pass)).body);
  expect(view.items.map(({ role }) => role)).toEqual(["cco", "ceo", "cfo", "cmo", "coo", "cto", "dao"]);
  await writeFile(signers, view.items.map((one) => `${one.allowedSigner}\n`).join(""));
  const verified = (commit: string): string =>
    git("-c", `gpg.ssh.allowedSignersFile=${signers}`, "log", "-1", "--format=%G? %GS %ae", commit);
  const { args } = await proposed([{ path: "content/signed.md", text: "Signed ✓\n" }], "cmo", { why: "\r\nBecause.\r\n\n" });
  const own = await call("cmo", "propose_change", args);
  expect(verified(own.body["commit"])).toBe(`G ${email} ${email}`);
  const { body } = await call("cmo", "spawn_worker", { title: "Write more", worker_type: "content-writer" });
  const hired = await it.enter(body["worker"]);
  const change = { title: "More", why: "Asked for.", files: [{ path: "content/more.md", text: "more\n" }] };
  const made = await it.callTool(hired.session, "propose_change", change);
  expect(verified(made.body["commit"])).toBe(`G ${email} ${email}`);
  expect(git("log", "-1", "--format=%B", made.body["commit"])).toContain(`Aito-Agent: ${body["worker"]}`);
});

test("L09 G05 a worker whose change is open stays: wish and merge reach it, and its task closes with the merge as evidence", async () => {
  const spawned = await call("cmo", "spawn_worker", { title: "Write the page", worker_type: "content-writer" });
  const { worker, task_id: task } = spawned.body as { worker: string; task_id: string };
  const { session } = await it.enter(worker);
  const asks = async (): Promise<string[]> =>
    (await it.rows("messages")).filter((row) => row["to_name"] === worker).map((row) => row["payload"]["change"]["ask"]);
  /** A run that ends by itself without handing in, as the agent's program reports it. */
  const runEnds = async (): Promise<string> => {
    const { body } = await it.post("/agent/poll", { waitMs: 0 }, session);
    const result = { summary: "The worker did not finish.", text: null, receipts: [] };
    const end = {
      run: body["run"].id,
      outcome: "done",
      summary: "",
      error: null,
      modelCalls: 1,
      task: { id: task, status: "failed", result },
    };
    return (await it.post("/agent/report", end, session)).body["next"];
  };
  const file = { path: "content/waits.md", text: "# Waits\n" };
  const write = (text: string, more: object = {}) =>
    it.callTool(session, "propose_change", { title: "The page", why: "Asked for.", files: [{ ...file, text }], ...more });
  const { change_id: id } = (await write(file.text)).body;
  expect(await runEnds()).toBe("sleep");

  const comments = [{ path: file.path, line: 1, body: "A better title?" }];
  await call("cco", "review_change", { change_id: id, verdict: "request_changes", body: "One thing.", comments });
  expect(await asks()).toEqual(["fix"]);
  await write("# Arrives\n", { change_id: id });
  expect(await runEnds()).toBe("sleep");
  await call("cco", "review_change", { change_id: id, verdict: "approve", body: "Good." });
  const merged = await call("cmo", "merge_change", { change_id: id, for_task: task });
  expect(await asks()).toEqual(["fix", "hand_in"]);
  const done = await it.callTool(session, "complete_task", { task_id: task, summary: "It is merged." });
  expect(done).toMatchObject({ ok: true, body: { status: "done" } });
  expect((await taskView(it.deps, task)).result!.receipts).toContain(merged.body["receipt"]);
  expect(await runEnds()).toBe("exit");

  const record = await changeRecord(it.deps, id);
  expect(record).toMatchObject({
    status: "merged",
    mergeSha: merged.body["commit"],
    mergedBy: "cmo",
    task: { id: task, status: "done" },
    reviews: [
      { by: "cco", verdict: "request_changes", comments },
      { by: "cco", verdict: "approve", comments: [] },
    ],
  });
  expect(record.commits.map(({ by }) => by)).toEqual([worker, worker]);
  expect(record.reviews.map(({ commit }) => commit)).toEqual(record.commits.map(({ sha }) => sha));
  expect(record.files).toEqual([{ path: file.path, status: "added", diff: expect.stringContaining("+# Arrives"), whole: true }]);
  expect((await changeSummaries(it.deps, { limit: 1 }))[0]).toMatchObject({ id });
});

describe("scopes", () => {
  test("G02 a file outside the filter, a workflow, git's own and a foreign repository are refused by name, and nothing is pushed", async () => {
    const before = git("for-each-ref");
    for (const [path, rule] of [
      ["LICENSE.md", "filter"],
      [".github/workflows/run.yml", "protected"],
      ["content/../LICENSE.md", "path"],
      ["content/.git/config", "protected"],
      ["Content/old.md", "filter"],
      ["content/OLD.md", "twin"],
    ] as const) {
      const good = { path: "content/good.md", text: "good\n" };
      const { args } = await proposed([good, { path, text: "x\n" }]);
      const refused = await call("cmo", "propose_change", args);
      expect(refused, path).toMatchObject({ ok: false, body: { code: "AITO_GIT_REFUSED" } });
      expect(refused.body["message"]).toContain(`(rule: ${rule})`);
    }
    const { args } = await proposed([{ path: "records/a.md", text: "x\n" }], "cmo", {
      repository: "og-shibaclassic/shiba-treasury",
    });
    expect(await call("cmo", "propose_change", args)).toMatchObject({ body: { code: "AITO_GIT_SCOPE" } });
    const look = { repository: "og-shibaclassic/shiba-treasury" };
    expect(await call("cmo", "read_repository", look)).toMatchObject({ body: { code: "AITO_GIT_SCOPE" } });
    expect(git("for-each-ref")).toBe(before);
  });

  test("G07 the CEO reads every repository of the organization", async () => {
    const found = await call("ceo", "read_repository", { repository, path: "content/old.md" });
    expect(found.body).toMatchObject({ text: "old\n" });
    expect((await call("ceo", "read_repository", { repository, search: "rights" })).body["found"]).toEqual(["LICENSE.md"]);
    expect((await call("cmo", "read_repository", {})).body["paths"]).toContain("content/old.md");
  });

  test("G02 what somebody else adds to the branch is judged at the merge", async () => {
    const { args } = await proposed([{ path: "content/d.md", text: "d\n" }]);
    const { change_id: id, branch, commit } = (await call("cmo", "propose_change", args)).body;
    const tree = await ask(`${api}/git/trees`, {
      method: "POST",
      body: { base_tree: commit, tree: [{ path: "LICENSE.md", mode: "100644", type: "blob", content: "none\n" }] },
    });
    const added = await ask(`${api}/git/commits`, {
      method: "POST",
      body: { message: "more", tree: tree["sha"], parents: [commit] },
    });
    await ask(`${api}/git/refs/heads/${branch}`, { method: "PATCH", body: { sha: added["sha"] } });
    await call("cco", "review_change", { change_id: id, verdict: "approve", body: "Good." });
    const refused = await call("cmo", "merge_change", { change_id: id });
    expect(refused.body).toMatchObject({ code: "AITO_GIT_REFUSED", message: expect.stringContaining("LICENSE.md") });
  });

  test("G02 a worker writes within the filter of whom it works for", async () => {
    const { body } = await call("cmo", "spawn_worker", { title: "Write it", worker_type: "content-writer" });
    const hired = await it.enter(body["worker"]);
    const change = (path: string) => ({ title: "Written", why: "Asked for.", files: [{ path, text: "text\n" }] });
    expect(await it.callTool(hired.session, "propose_change", change("policies/a.md"))).toMatchObject({
      body: { code: "AITO_GIT_REFUSED" },
    });
    const made = await it.callTool(hired.session, "propose_change", change("content/w.md"));
    expect(made).toMatchObject({ ok: true, body: { new_commit: true } });
    const own = { change_id: made.body["change_id"], verdict: "approve", body: "I like it." };
    expect(await call("cmo", "review_change", own)).toMatchObject({ body: { code: "AITO_CHANGE_OWN" } });
  });
});

describe("the gate", () => {
  const pack = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
  const operate = async (change: (file: FleetFile) => void = () => undefined): Promise<void> => {
    const fleet = await loadPack(pack);
    change(fleet.file);
    await registerFleet(it.deps, fleet);
  };
  const idOf = async (agent: string): Promise<string> =>
    (await it.rows("agents")).find(({ name }) => name === agent)!["id"] as string;
  const taint = async (agent: string): Promise<string | null> => {
    const id = await idOf(agent);
    return await transact(it.deps, (unit) => taintOf(unit, id));
  };
  /** A new incarnation has read nothing. */
  const anew = async (agent: string): Promise<void> => void (sessions[agent] = (await it.enter(agent)).session);
  const readPage = async (agent: string): Promise<void> => {
    await taintRun(it.deps, { agentId: await idOf(agent), agent } as never, "a page");
  };
  const approve = async (id: string): Promise<Loose> => {
    const { digest } = await approvalView(it.deps, null, id);
    await answerApproval(it.deps, { id, by: "operator", answer: { answer: "approve", digest } });
    return await ended(it.deps, id);
  };
  afterEach(async () => {
    await operate();
    await anew("cmo");
    await anew("cco");
  });

  test("S21 a role in shadow mode proposes, reviews and merges nothing, and each is on record", async () => {
    const { args } = await proposed([{ path: "content/shadow.md", text: "one\n" }]);
    const { change_id: id } = (await call("cmo", "propose_change", args)).body;
    await operate((file) => {
      for (const role of ["cmo", "cco"]) file.roles[role]!.autonomy = "shadow";
    });
    const before = git("for-each-ref");
    const again = { ...args, files: [{ path: "content/shadow.md", text: "two\n" }] };
    for (const [agent, tool, given] of [
      ["cmo", "propose_change", again],
      ["cco", "review_change", { change_id: id, verdict: "approve", body: "Good." }],
      ["cmo", "merge_change", { change_id: id }],
    ] as const) {
      const shown = await call(agent, tool, given);
      expect(shown.body, tool).toMatchObject({ shadow: true, would_have: expect.any(String) });
      expect((await it.rows("receipts")).find((row) => row["id"] === shown.body["receipt"])!["status"]).toBe("shadowed");
    }
    expect(git("for-each-ref")).toBe(before);
    expect((await changeRecord(it.deps, id)).reviews).toEqual([]);
  });

  test("S18 a run that has read from outside pushes, reviews and merges what a human approved, once, and a clean one asks nobody", async () => {
    const { args } = await proposed([{ path: "content/tainted.md", text: "as it was told\n" }]);
    await readPage("cmo");
    const before = git("for-each-ref");
    const asked = await call("cmo", "propose_change", args);
    expect(asked.body).toMatchObject({ code: "AITO_APPROVAL_NEEDED", message: expect.stringContaining("a page") });
    expect(git("for-each-ref")).toBe(before);
    expect((await approvalView(it.deps, null, asked.body["approval_id"])).summary).toContain("content/tainted.md");
    const done = await approve(asked.body["approval_id"]);
    expect(done).toMatchObject({ status: "done", rule: "taint" });
    const { change_id: id, commit } = done["result"] as Loose;
    expect(git("show", `${commit}:content/tainted.md`)).toBe("as it was told");
    expect(git("log", "-1", "--format=%B", commit)).toContain("Aito-Agent: cmo");

    expect((await call("cco", "review_change", { change_id: id, verdict: "approve", body: "Good." })).ok).toBe(true);
    const main = git("rev-parse", "main");
    const merge = await call("cmo", "merge_change", { change_id: id });
    expect(merge.body["code"]).toBe("AITO_APPROVAL_NEEDED");
    expect(git("rev-parse", "main")).toBe(main);
    expect(await approve(merge.body["approval_id"])).toMatchObject({ status: "done", result: { merged: true } });
    expect(git("show", "main:content/tainted.md")).toBe("as it was told");
  });

  test("S18 who lists a change or is told of it reads words of whom proposed and reviewed it, and what those had read", async () => {
    const { args, task } = await proposed([{ path: "content/told.md", text: "told\n" }]);
    const messages = async (id: string) =>
      (await it.rows("messages")).filter(({ payload }) => payload.change?.id === id).map((row) => [row["to_name"], row["taint"]]);
    await readPage("cmo");
    const { body } = await call("cmo", "propose_change", args);
    // Approved, it is made by a later incarnation, which has read nothing.
    await anew("cmo");
    const done = await approve(body["approval_id"]);
    const { change_id: id } = done["result"] as Loose;
    const from = `approval ${done["id"]}`;
    expect(await taint("cmo")).toBeNull();
    expect((await it.rows("tasks")).find((row) => row["id"] === task)!["taint"]).toBe(from);
    expect(await messages(id)).toEqual([["cco", from]]);
    for (const [tool, given] of [
      ["list_changes", {}],
      ["read_change", { change_id: id }],
    ] as const) {
      await anew("cco");
      expect(await taint("cco")).toBeNull();
      await call("cco", tool, given);
      expect(await taint("cco"), tool).toContain("approval ");
    }
    await anew("cco");
    await call("cco", "review_change", { change_id: id, verdict: "request_changes", body: "One thing." });
    expect(await messages(id)).toEqual([
      ["cco", from],
      ["cmo", from],
    ]);
  });

  test("S18 what was merged, or pushed here, taints nobody who reads it; a branch and a commit of others do", async () => {
    const { args } = await proposed([{ path: "content/trusted.md", text: "ours\n" }]);
    const { change_id: id, branch, commit } = (await call("cmo", "propose_change", args)).body;
    await call("cmo", "read_repository", { path: "content/old.md" });
    await call("cmo", "read_repository", { branch });
    await call("cmo", "read_change", { change_id: id });
    expect(await taint("cmo")).toBeNull();

    await ask(`${api}/git/refs`, { method: "POST", body: { ref: "refs/heads/stranger", sha: git("rev-parse", "main") } });
    await call("cmo", "read_repository", { branch: "stranger", path: "content/old.md" });
    expect(await taint("cmo")).toBe(`the branch stranger of ${repository}`);

    const added = await ask(`${api}/git/commits`, {
      method: "POST",
      body: { message: "more", tree: git("rev-parse", `${commit}^{tree}`), parents: [commit] },
    });
    await ask(`${api}/git/refs/heads/${branch}`, { method: "PATCH", body: { sha: added["sha"] } });
    expect(await taint("cco")).toBeNull();
    await call("cco", "read_change", { change_id: id });
    expect(await taint("cco")).toContain(branch);
    expect((await call("cco", "review_change", { change_id: id, verdict: "approve", body: "Good." })).body["code"]).toBe(
      "AITO_APPROVAL_NEEDED",
    );
  });

  test("S06 a rate of the fleet file holds for a git tool, and its name may be granted", async () => {
    await operate((file) => {
      file.rates = { propose_change: { times: 1, per: "hour" } };
    });
    const first = await proposed([{ path: "records/rate-1.md", text: "1\n" }], "cfo");
    const second = await proposed([{ path: "records/rate-2.md", text: "2\n" }], "cfo");
    // However many it had made before.
    await call("cfo", "propose_change", first.args);
    expect((await call("cfo", "propose_change", second.args)).body).toMatchObject({ code: "AITO_TOOL_RATE" });
  });

  test("S06 the protocol's list of git tools is what the gateway has", () => {
    const known = gitTools({} as never).map(({ name, kinds }) => ({ name, kinds: kinds.toSorted() }));
    const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name);
    const listed = repositoryTools.map(({ name, kinds }) => ({ name, kinds: kinds.toSorted() }));
    expect(listed.toSorted(byName)).toEqual(known.toSorted(byName));
  });
});

describe("a crash", () => {
  test.each(["git.after_push", "git.after_pull"])(
    "W03 at %s and the call again leave one commit and one pull request",
    async (point) => {
      const { args } = await proposed([{ path: `content/${point}.md`, text: "once\n" }]);
      crash = point;
      expect(await call("cmo", "propose_change", args)).toMatchObject({ ok: false });
      const again = await call("cmo", "propose_change", args);
      expect(again).toMatchObject({ ok: true, body: { new_commit: false } });
      expect((await pullsOf(again.body["branch"])).length).toBe(1);
      expect(git("rev-list", "--count", `main..${again.body["branch"]}`)).toBe("1");
    },
  );

  test("W03 an answer that is lost after its effect, on every way there, leaves one pull request", async () => {
    for (const match of [/^POST .*\/git\/trees$/, /^POST .*\/git\/commits$/, /^POST .*\/git\/refs$/, /^POST .*\/pulls$/]) {
      const { args } = await proposed([{ path: `content/lost-${count}.md`, text: "once\n" }]);
      github.fault({ match, status: 502, afterEffect: true });
      const made = await call("cmo", "propose_change", args);
      expect(made).toMatchObject({ ok: true });
      expect((await pullsOf(made.body["branch"])).length).toBe(1);
      expect(git("rev-list", "--count", `main..${made.body["branch"]}`)).toBe("1");
    }
  });

  test("W03 after the merge, before it is recorded: the call again tells the same merge", async () => {
    const { args } = await proposed([{ path: "content/m.md", text: "m\n" }]);
    const { change_id: id } = (await call("cmo", "propose_change", args)).body;
    await call("cco", "review_change", { change_id: id, verdict: "approve", body: "Good." });
    crash = "git.after_merge";
    expect(await call("cmo", "merge_change", { change_id: id })).toMatchObject({ ok: false });
    const main = git("rev-parse", "main");
    expect(await call("cmo", "merge_change", { change_id: id })).toMatchObject({ ok: true, body: { commit: main } });
    expect(git("rev-parse", "main")).toBe(main);
  });

  test("X01 the token is in no receipt, event or result", async () => {
    for (const table of ["receipts", "events", "messages", "changes"]) {
      expect(
        JSON.stringify(await it.rows(table), (_, value) => (typeof value === "bigint" ? String(value) : value)),
      ).not.toContain(token);
    }
  });
});
