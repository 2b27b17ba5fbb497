import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "@aito/base";
import {
  answerApproval,
  approvalView,
  boardView,
  createTask,
  listEvents,
  listTasks,
  loadPack,
  registerFleet,
  showReceipt,
  taintRun,
  taskView,
} from "@aito/company";
import { type LocalGithub, startLocalGithub } from "@aito/local-github";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openGateway, type TestGateway } from "./open-gateway.ts";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const place = { owner: "acme", repo: "board" };
const pack = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
let folder: string;
let github: LocalGithub;
let ann: Octokit;
let opened: TestGateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aito-board-"));
  github = await startLocalGithub({
    folder,
    host: "127.0.0.1",
    port: 0,
    tokens: { "token-of-the-bot": "aito-bot", "token-of-ann": "ann" },
    log: silentLogger,
    clock: systemClock,
  });
  await github.addRepository({ owner: place.owner, name: place.repo });
  ann = new Octokit({ auth: "token-of-ann", baseUrl: github.url, log: quiet });
  opened = await openGateway({ board: { baseUrl: github.url, token: () => "token-of-the-bot", writeGapMs: 0 } });
  const fleet = await loadPack(pack);
  const board = { repository: "acme/board", label: "aito", closing: "reopen" as const, pollSeconds: 5 };
  await registerFleet(opened.deps, { ...fleet, file: { ...fleet.file, board } });
});
afterAll(async () => {
  await opened?.close();
  await github?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Reads until it is so. */
const until = <T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> =>
  vi.waitFor(
    async () => {
      const value = await read();
      if (!holds(value)) throw new Error(`not so yet: ${JSON.stringify(value)?.slice(0, 1_000)}`);
      return value;
    },
    { timeout: 60_000, interval: 100 },
  );
const issues = async () => (await ann.issues.listForRepo({ ...place, state: "all", per_page: 100 })).data;
const issueOf = async (task: string) =>
  await until(
    async () => (await issues()).find((issue) => issue.body?.includes(task)),
    (issue) => issue !== undefined,
  );

test("G09 a task becomes an issue, and a human's edit of it there becomes the task's", async () => {
  const task = await createTask(opened.deps, "operator", { title: "Write the page", description: "For @ann", assignTo: "cmo" });
  const issue = (await issueOf(task.id))!;
  expect(issue).toMatchObject({ title: "Write the page", state: "open", user: { login: "aito-bot" } });
  expect(issue.labels.map((label) => (label as { name: string }).name).toSorted()).toEqual(
    ["agent:cmo", "aito", "priority:normal", "status:pending"].toSorted(),
  );
  await ann.issues.update({ ...place, issue_number: issue.number, title: "Write the landing page" });
  const changed = await until(
    () => taskView(opened.deps, task.id),
    (view) => view.title === "Write the landing page",
  );
  expect(changed).toMatchObject({ description: "For @ann", assignedTo: "cmo" });
  expect(await boardView(opened.deps)).toMatchObject({ repository: "acme/board", lastError: null });
});

const labelsOf = (issue: { labels: readonly unknown[] }): string[] =>
  issue.labels.map((label) => (label as { name: string }).name).toSorted();
const remarks = async (number: number): Promise<string[]> =>
  (await ann.issues.listComments({ ...place, issue_number: number })).data.map((comment) => comment.body ?? "");

test("G09 a member's labelled issue becomes a task once, for whom its label names, and its text is from outside", async () => {
  const { data: made } = await ann.issues.create({
    ...place,
    title: "Check the invoices",
    body: "All of them.\r\n",
    labels: ["aito", "agent:cfo", "priority:high"],
  });
  const issue = await until(
    async () => (await ann.issues.get({ ...place, issue_number: made.number })).data,
    (seen) => labelsOf(seen).includes("status:pending"),
  );
  const tasks = (await listTasks(opened.deps)).filter((task) => task.title === "Check the invoices");
  expect(tasks).toEqual([expect.objectContaining({ assignedTo: "cfo", priority: 8, description: "All of them." })]);
  expect(issue.body).toContain(`<!-- aito:task:${tasks[0]!.id} -->`);
  const rows = (await opened.rows("tasks")).filter((row) => row["id"] === tasks[0]!.id);
  expect(rows[0]!["taint"]).toBe(`GitHub issue acme/board#${made.number}`);
});

test("G09 an answer that is lost makes no second issue", async () => {
  github.fault({ match: /^POST .*\/issues$/, status: 502, afterEffect: true });
  const task = await createTask(opened.deps, "operator", { title: "Made once", assignTo: "coo" });
  await until(
    () => boardView(opened.deps),
    (view) => view.lastError !== null,
  );
  await until(
    () => boardView(opened.deps),
    (view) => view.lastError === null && view.waiting === 0,
  );
  expect((await issues()).filter((issue) => issue.body?.includes(task.id))).toHaveLength(1);
});

test("G09 an issue closed without evidence is opened again with the reason, and a comment reaches who does the task", async () => {
  const task = await createTask(opened.deps, "operator", { title: "Not over yet", assignTo: "cto" });
  const { number } = (await issueOf(task.id))!;
  await ann.issues.createComment({ ...place, issue_number: number, body: "Mind the cache." });
  await ann.issues.update({ ...place, issue_number: number, state: "closed" });
  await until(
    () => remarks(number),
    (all) => all.some((text) => text.includes("the task has not ended")),
  );
  await until(
    async () => (await ann.issues.get({ ...place, issue_number: number })).data.state,
    (state) => state === "open",
  );
  expect((await taskView(opened.deps, task.id)).status).toBe("pending");
  const told = await until(
    async () => (await opened.rows("messages")).filter((row) => JSON.stringify(row["payload"]).includes("Mind the cache.")),
    (rows) => rows.length > 0,
  );
  expect(told).toEqual([expect.objectContaining({ to_name: "cto", taint: `GitHub issue acme/board#${number}` })]);
});

test("S06 words from outside that the board asks a human about leave a receipt, which the answer names", async () => {
  const { session } = await opened.enter("coo");
  const agentId = (await opened.rows("agents")).find(({ name }) => name === "coo")!["id"];
  await taintRun(opened.deps, { agentId, agent: "coo" } as never, "a page");
  await opened.callTool(session, "create_task", { title: "What the page said" });
  const [asked] = await until(
    async () => (await opened.rows("approvals")).filter(({ tool }) => tool === "show_on_board"),
    (rows) => rows.length === 1,
  );
  const approval = await approvalView(opened.deps, null, asked!["id"]);
  const receipt = await showReceipt(opened.deps, approval.receipt!);
  expect(receipt).toMatchObject({ tool: "show_on_board", status: "refused", agent: "coo", approval: approval.id });
  expect(receipt.check.verdict).toBe("valid");
  await answerApproval(opened.deps, { id: approval.id, by: "operator", answer: { answer: "deny", digest: approval.digest } });
  const [denied] = await listEvents(opened.deps, { types: ["approval.denied"], limit: 5 });
  expect(denied!.payload).toMatchObject({ approval: approval.id, receipt: receipt.id });
});
