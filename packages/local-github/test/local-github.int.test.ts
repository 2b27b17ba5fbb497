import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "@aito/base";
import { Octokit } from "@octokit/rest";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type LocalGithub, startLocalGithub } from "../src/index.ts";

const token = "local-token-of-the-bot";
const annsToken = "local-token-of-ann";
const place = { owner: "acme", repo: "site" };
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const options = {
  host: "127.0.0.1",
  port: 0,
  tokens: { [token]: "bot", [annsToken]: "ann" },
  log: silentLogger,
  clock: systemClock,
};

let folder: string;
let github: LocalGithub;
let bot: Octokit;
let ann: Octokit;
let bare: string;

const git = (...args: string[]): string => execFileSync("git", ["--git-dir", bare, ...args], { encoding: "utf8" }).trim();
const clientOf = (auth: string, baseUrl = github.url): Octokit => new Octokit({ auth, baseUrl, log: quiet });
const statusOf = async (call: Promise<unknown>): Promise<number> =>
  await call.then(
    () => 0,
    (error: { status: number }) => error.status,
  );

/** A branch with one commit that writes these files, on top of main. */
async function branchWith(name: string, files: Record<string, string>): Promise<string> {
  const { data: main } = await bot.git.getRef({ ...place, ref: "heads/main" });
  const tree = Object.entries(files).map(([path, content]) => ({
    path,
    mode: "100644" as const,
    type: "blob" as const,
    content,
  }));
  const { data: made } = await bot.git.createTree({ ...place, base_tree: main.object.sha, tree });
  const author = { name: "CMO", email: "cmo@acme.invalid", date: "2026-11-21T10:00:00Z" };
  const { data: commit } = await bot.git.createCommit({
    ...place,
    message: `Write ${name}\n`,
    tree: made.sha,
    parents: [main.object.sha],
    author,
  });
  await bot.git.createRef({ ...place, ref: `refs/heads/${name}`, sha: commit.sha });
  return commit.sha;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aito-github-"));
  github = await startLocalGithub({ ...options, folder, limits: { writesPerMinute: 10_000 } });
  ({ folder: bare } = await github.addRepository({
    owner: "acme",
    name: "site",
    files: { "content/a.md": "one\ntwo\nthree\n" },
  }));
  bot = clientOf(token);
  ann = clientOf(annsToken);
});

afterAll(async () => {
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a pull request", () => {
  test("G04 is real git: branch, commit as its author, diff, merge, and git itself agrees", async () => {
    const sha = await branchWith("feature/one", { "content/a.md": "one\n2\nthree\n", "content/b.md": "new\n" });
    const { data: pull } = await bot.pulls.create({ ...place, title: "One", head: "feature/one", base: "main", body: "why" });
    expect(pull).toMatchObject({ state: "open", merged: false, mergeable: true, changed_files: 2, additions: 2, deletions: 1 });
    const { data: files } = await bot.pulls.listFiles({ ...place, pull_number: pull.number });
    expect(files.map(({ filename, status }) => [filename, status])).toEqual([
      ["content/a.md", "modified"],
      ["content/b.md", "added"],
    ]);
    expect(files[0]!.patch).toBe("@@ -1,3 +1,3 @@\n one\n-two\n+2\n three");
    const { data: merged } = await bot.pulls.merge({ ...place, pull_number: pull.number, sha });
    expect(git("rev-parse", "main")).toBe(merged.sha);
    expect(git("show", "main:content/a.md")).toBe("one\n2\nthree");
    expect(git("log", "-1", "--format=%an <%ae>", sha)).toBe("CMO <cmo@acme.invalid>");
    expect(git("log", "-1", "--format=%P", "main").split(" ")).toContain(sha);
    expect(git("fsck", "--strict")).toBe("");
    expect(await statusOf(bot.pulls.merge({ ...place, pull_number: pull.number }))).toBe(405);
    expect((await bot.pulls.get({ ...place, pull_number: pull.number })).data).toMatchObject({ merged: true, state: "closed" });
    const page = await (await fetch(pull.html_url)).text();
    expect(page).toContain(`Merged as <code>${merged.sha}</code>`);
  });

  test("G04 exists once for a branch, and needs one that is ahead", async () => {
    await branchWith("feature/two", { "content/c.md": "c\n" });
    const { data: pull } = await bot.pulls.create({ ...place, title: "Two", head: "feature/two", base: "main" });
    expect(await statusOf(bot.pulls.create({ ...place, title: "Again", head: "feature/two", base: "main" }))).toBe(422);
    const { data: found } = await bot.pulls.list({ ...place, head: "acme:feature/two", state: "all" });
    expect(found.map(({ number }) => number)).toEqual([pull.number]);
    expect(await statusOf(bot.pulls.create({ ...place, title: "Empty", head: "main", base: "main" }))).toBe(422);
    expect(await statusOf(bot.pulls.create({ ...place, title: "None", head: "nowhere", base: "main" }))).toBe(422);
  });

  test("G05 is reviewed on lines that its diff shows, never approved by its own author", async () => {
    await branchWith("feature/three", { "content/d.md": "first\nsecond\n" });
    const { data: pull } = await bot.pulls.create({ ...place, title: "Three", head: "feature/three", base: "main" });
    const at = { ...place, pull_number: pull.number };
    expect(await statusOf(bot.pulls.createReview({ ...at, event: "APPROVE" }))).toBe(422);
    const lines = (line: number) => [{ path: "content/d.md", line, side: "RIGHT", body: "Say which." }];
    expect(await statusOf(ann.pulls.createReview({ ...at, event: "REQUEST_CHANGES", body: "no", comments: lines(9) }))).toBe(422);
    await ann.pulls.createReview({ ...at, event: "REQUEST_CHANGES", body: "One change", comments: lines(2) });
    const { data: comments } = await bot.pulls.listReviewComments(at);
    expect(comments).toMatchObject([{ path: "content/d.md", line: 2, body: "Say which.", user: { login: "ann" } }]);
    await ann.pulls.createReview({ ...at, event: "APPROVE" });
    const { data: reviews } = await bot.pulls.listReviews(at);
    expect(reviews.map(({ state }) => state)).toEqual(["CHANGES_REQUESTED", "APPROVED"]);
  });

  test("G06 that conflicts is not merged, and one whose head moved is not merged under the old one", async () => {
    const sha = await branchWith("feature/four", { "content/e.md": "mine\n" });
    const { data: four } = await bot.pulls.create({ ...place, title: "Four", head: "feature/four", base: "main" });
    await branchWith("feature/five", { "content/e.md": "yours\n" });
    const { data: five } = await bot.pulls.create({ ...place, title: "Five", head: "feature/five", base: "main" });
    expect(await statusOf(bot.pulls.merge({ ...place, pull_number: five.number, sha }))).toBe(409);
    await bot.pulls.merge({ ...place, pull_number: four.number, sha });
    expect((await bot.pulls.get({ ...place, pull_number: five.number })).data.mergeable).toBe(false);
    expect(await statusOf(bot.pulls.merge({ ...place, pull_number: five.number }))).toBe(405);
    expect(git("show", "main:content/e.md")).toBe("mine");
  });

  test("G04 a ref is not forced by accident: 422 for what is no fast forward", async () => {
    await branchWith("feature/six", { "content/f.md": "6\n" });
    const other = await branchWith("feature/seven", { "content/g.md": "7\n" });
    expect(await statusOf(bot.git.updateRef({ ...place, ref: "heads/feature/six", sha: other }))).toBe(422);
    expect(await statusOf(bot.git.createRef({ ...place, ref: "refs/heads/feature/six", sha: other }))).toBe(422);
  });
});

describe("the interface", () => {
  test("X01 refuses what the official description does not allow, and who has no token", async () => {
    expect(
      await statusOf(bot.request("POST /repos/{owner}/{repo}/issues", { ...place, title: ["no"] as unknown as string })),
    ).toBe(422);
    expect(await statusOf(bot.request("GET /repos/{owner}/{repo}/pulls", { ...place, state: "bogus" as "open" }))).toBe(422);
    expect(await statusOf(clientOf("someone-elses").repos.get(place))).toBe(401);
    expect(await statusOf(bot.repos.get({ owner: "acme", repo: "nothing" }))).toBe(404);
  });

  test("X01 reads contents, trees, compares, statuses, checks and search as the description says", async () => {
    const { data: file } = await bot.repos.getContent({ ...place, path: "README.md" });
    expect(file).toMatchObject({ type: "file", path: "README.md" });
    expect((await bot.repos.getContent({ ...place, path: "" })).data).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: "dir", name: "content" })]),
    );
    const sha = await branchWith("feature/eight", { "content/h.md": "searched word\n" });
    const { data: compared } = await bot.repos.compareCommitsWithBasehead({ ...place, basehead: "main...feature/eight" });
    expect(compared).toMatchObject({ status: "ahead", ahead_by: 1, files: [{ filename: "content/h.md" }] });
    await bot.repos.createCommitStatus({ ...place, sha, state: "pending", context: "tests" });
    await bot.repos.createCommitStatus({ ...place, sha, state: "success", context: "tests" });
    expect((await bot.repos.getCombinedStatusForRef({ ...place, ref: sha })).data).toMatchObject({
      state: "success",
      total_count: 1,
    });
    await bot.checks.create({ ...place, head_sha: sha, name: "lint", conclusion: "failure" });
    expect((await bot.checks.listForRef({ ...place, ref: sha })).data.check_runs).toMatchObject([{ conclusion: "failure" }]);
    const { data: found } = await bot.search.code({ q: "repo:acme/site three" });
    expect(found.items.map(({ path }) => path)).toEqual(["content/a.md"]);
    expect((await bot.users.getAuthenticated()).data.login).toBe("bot");
    expect((await bot.repos.listForOrg({ org: "acme" })).data.map(({ name }) => name)).toEqual(["site"]);
    expect((await bot.repos.listCommits({ ...place, path: "content/a.md" })).data.length).toBeGreaterThan(0);
  });

  test("W01 issues with labels, assignment, comments and pages over several requests", async () => {
    for (let n = 1; n <= 5; n += 1) await bot.issues.create({ ...place, title: `Issue ${n}`, labels: ["aito", `p${n}`] });
    const all = await bot.paginate(bot.issues.listForRepo, { ...place, labels: "aito", per_page: 2 });
    expect(all.map(({ title }) => title).toSorted()).toEqual(["Issue 1", "Issue 2", "Issue 3", "Issue 4", "Issue 5"]);
    const at = { ...place, issue_number: all[0]!.number };
    await bot.issues.update({ ...at, assignees: ["ann"], state: "closed", state_reason: "not_planned" });
    await bot.issues.createComment({ ...at, body: "done" });
    expect((await bot.issues.get(at)).data).toMatchObject({ state: "closed", comments: 1, assignees: [{ login: "ann" }] });
    expect(await statusOf(bot.issues.update({ ...at, assignees: ["nobody-there"] }))).toBe(422);
  });

  test("X01 answers 304 to what has not changed, and does not count it", async () => {
    const first = await bot.repos.get(place);
    const before = (await bot.rateLimit.get()).data.rate.used;
    const again = bot.repos.get({ ...place, headers: { "if-none-match": first.headers.etag! } });
    expect(await statusOf(again)).toBe(304);
    expect((await bot.rateLimit.get()).data.rate.used).toBe(before + 1);
  });

  test("X01 fails as it is told: an answer lost after the effect, 5xx, a cut line", async () => {
    await branchWith("feature/nine", { "content/i.md": "9\n" });
    github.fault({ match: /^POST .*\/pulls$/, status: 502, afterEffect: true });
    expect(await statusOf(bot.pulls.create({ ...place, title: "Nine", head: "feature/nine", base: "main" }))).toBe(502);
    expect((await bot.pulls.list({ ...place, head: "acme:feature/nine" })).data.length).toBe(1);
    github.fault({ match: /^GET .*\/site$/, cut: true });
    expect(await statusOf(bot.repos.get(place))).toBe(500);
    expect(await statusOf(bot.repos.get(place))).toBe(0);
  });
});

describe("limits, hooks and restarts", () => {
  let receiver: Server | null = null;
  afterEach(() => receiver?.close());

  test("X01 primary and secondary rate limits refuse with GitHub's headers, and everything is there after a restart", async () => {
    const own = await mkdtemp(join(tmpdir(), "aito-github-"));
    const limited = await startLocalGithub({ ...options, folder: own, limits: { perHour: 6, writesPerMinute: 1 } });
    const client = clientOf(token, limited.url);
    await limited.addRepository({ owner: "acme", name: "site" });
    await client.issues.create({ ...place, title: "kept" });
    const refused = await client.issues.create({ ...place, title: "too fast" }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 403, response: { headers: { "retry-after": expect.stringMatching(/^\d+$/) } } });
    for (let n = 0; n < 5; n += 1) await client.repos.get(place);
    const spent = await client.repos.get(place).catch((error: unknown) => error);
    expect(spent).toMatchObject({ status: 403, response: { headers: { "x-ratelimit-remaining": "0" } } });
    await limited.close();
    const again = await startLocalGithub({ ...options, folder: own });
    expect((await clientOf(token, again.url).issues.listForRepo(place)).data.map(({ title }) => title)).toEqual(["kept"]);
    await again.close();
    await rm(own, { recursive: true, force: true });
  });

  test("X01 what was asked for is over when it has closed, also what nobody waits for any more", async () => {
    const own = await mkdtemp(join(tmpdir(), "aito-github-"));
    const closing = await startLocalGithub({ ...options, folder: own });
    await closing.addRepository({ owner: "acme", name: "site" });
    const client = clientOf(token, closing.url);
    const asked = Array.from({ length: 40 }, (_, at) => client.issues.create({ ...place, title: `${at}` }).catch(() => null));
    await Promise.race(asked);
    await closing.close();
    const kept = await readFile(join(own, "state.json"), "utf8");
    await Promise.all(asked);
    const again = await startLocalGithub({ ...options, folder: own });
    const { data } = await clientOf(token, again.url).issues.listForRepo({ ...place, per_page: 100 });
    await again.close();
    expect(await readFile(join(own, "state.json"), "utf8")).toBe(kept);
    expect(data.length).toBeGreaterThan(0);
    await rm(own, { recursive: true });
  });

  test("O21 tells its hooks, signed over the very bytes", async () => {
    const heard: { event: string; good: boolean }[] = [];
    const listening = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const signature = createHmac("sha256", "hook-secret").update(Buffer.concat(parts)).digest("hex");
        const good = request.headers["x-hub-signature-256"] === `sha256=${signature}`;
        heard.push({ event: String(request.headers["x-github-event"]), good });
        response.end();
      });
    });
    receiver = listening;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/hook`;
    await bot.repos.createWebhook({ ...place, config: { url, secret: "hook-secret", content_type: "json" }, events: ["issues"] });
    await bot.issues.create({ ...place, title: "Told" });
    await expect.poll(() => heard, { timeout: 30_000 }).toEqual([{ event: "issues", good: true }]);
    expect(JSON.stringify((await bot.repos.listWebhooks(place)).data)).not.toContain("hook-secret");
  });
});
