import { AitoError, sha256 } from "@aito/base";
import { type BegunChange, beginChange, canonicalText, openChange, openChangeIn, type Seen } from "@aito/company";
import {
  commitKey,
  commitsUnder,
  ensurePull,
  type FileWrite,
  findCommit,
  findPull,
  pushCommit,
  readBranch,
  readPull,
} from "@aito/connectors";
import { Id } from "@aito/protocol";
import { z } from "zod";
import type { OpenTool } from "../mcp/tool.ts";
import { defineGitTool, type GitCall } from "./define-git-tool.ts";
import type { GitTooling } from "./git-tools.ts";
import { commitAuthor } from "./commit-author.ts";
import { shownFiles } from "./shown-files.ts";
import { judge, mayWrite, repositoryOf, scopeOf } from "./repository-scope.ts";

const filesMax = 100;
const fileCharsMax = 400_000;

const input = z.object({
  title: z.string().trim().min(1).max(200).describe("one line that says what it does"),
  why: z.string().trim().min(1).max(5_000).describe("for whoever reviews it"),
  files: z
    .array(
      z.object({
        path: z.string().min(1).max(1_000),
        text: z.string().max(fileCharsMax).nullable().describe("the whole new text; null deletes the file"),
      }),
    )
    .min(1)
    .max(filesMax),
  repository: z.string().max(200).optional().describe("owner/name; your own if left out"),
  task_id: Id.optional().describe("the task of yours that it is for; a worker's own if left out"),
  change_id: Id.optional().describe("an open change of yours to go on with, for example after its review"),
});

export const proposeChange = (tooling: GitTooling): OpenTool =>
  defineGitTool(tooling.github, {
    name: "propose_change",
    description:
      "Propose a change of files in your git repository: it becomes a commit on a branch of its own and a pull request, which a colleague " +
      "reviews. One task has one change in a repository: called again, it adds a commit to the same one. Safe to repeat: nothing is done twice.",
    risk: "write",
    kinds: ["agent", "worker"],
    offered: ({ git }) => git !== null && git.right !== "read",
    hint: ({ git }) => `You may write ${git!.paths.join(", ")} in ${git!.repository}.`,
    input,
    summary: ({ title, files }) => `propose "${title}" (${files.length} files: ${files.map(({ path }) => path).join(", ")})`,
    run: (call, asked) => propose(tooling, call, asked),
    lookFor: (trace) => lookForProposal(tooling, Trace.parse(trace)),
  });

const Trace = z.object({
  change_id: Id,
  repository: z.string(),
  branch: z.string(),
  base: z.string(),
  after: z.string(),
  effectKey: z.string(),
  title: z.string(),
  /** The change's head in our records before it. */
  head: z.string().nullable(),
});

/** It is whole once its commit, made on what stood there before it, is in a pull request. */
async function lookForProposal({ github }: GitTooling, trace: z.infer<typeof Trace>): Promise<Seen> {
  const { change_id: id, repository, branch, base, after, effectKey, title, head } = trace;
  const commit = await findCommit(github, repository, { branch, after, words: keyLine(effectKey) });
  const pull = commit === null ? null : await findPull(github, repository, { branch, base });
  const result = { change_id: id, repository, branch, commit, number: pull?.number ?? null, url: pull?.url ?? null };
  if (commit === null || pull === null) return { done: false, result };
  const { open, headSha, files } = await readPull(github, repository, pull.number);
  // A pull request that was closed before takes no commit any more.
  if (!open && headSha !== commit) return { done: false, result };
  const made = { id, number: pull.number, url: pull.url, headSha: commit, title, files: shownFiles(files) };
  const opened = { ...made, onto: [head, after, ...(await commitsUnder(github, repository, commit))] };
  return { done: true, result, record: async (unit, agent) => void (await openChangeIn(unit, agent, opened)) };
}

/** The commit says which call made it. */
const keyLine = (effectKey: string): string => `Aito-Effect: ${effectKey}`;

async function propose(
  { publicUrl, commitSecret }: GitTooling,
  { context: { deps, clock }, session, github, receipt, approval }: GitCall,
  asked: z.infer<typeof input>,
): Promise<Record<string, unknown>> {
  const scope = await scopeOf(deps, session);
  const repository = repositoryOf(scope, asked.repository);
  mayWrite(scope, repository);
  const taskId = asked.task_id ?? session.taskId;
  if (taskId === null) {
    throw new AitoError("AITO_TASK_MISSING", "a change is made for a task", { hint: "name yours with task_id", status: 422 });
  }
  const { title, files } = asked;
  const begun = await beginChange(deps, session, {
    taskId,
    changeId: asked.change_id ?? null,
    repository,
    base: scope.branch,
    title,
    approval: approval ?? null,
  });
  const { change } = begun;
  const base = await readBranch(github, repository, change.base);
  if (!base) throw new AitoError("AITO_GITHUB_UNKNOWN", `${repository} has no branch ${change.base}`, { status: 404 });
  const tip = (await readBranch(github, repository, change.branch)) ?? base;
  judge(scope, tip.entries, pendingOf(files, tip.entries, base.entries));
  const effectKey = sha256(canonicalText({ change: change.id, files, title })).slice(0, 32);
  const trailers = [`Task: ${publicUrl}/work/${taskId}`, `Aito-Agent: ${session.agent}`, keyLine(effectKey)];
  const { branch } = change;
  const place = { change_id: change.id, repository, branch, base: change.base };
  await receipt.trace(deps, { ...place, after: tip.commit, effectKey, title, head: change.head_sha });
  const pushed = await pushCommit(github, repository, {
    branch: change.branch,
    from: base.commit,
    files,
    message: `${title}\n\n${asked.why}\n\n${trailers.join("\n")}\n`,
    // A worker's change is its role's: the trailer says who wrote it.
    author: commitAuthor(change.owner),
    at: clock.now(),
    key: commitKey(commitSecret, change.owner),
  });
  deps.crashPoint?.("git.after_push");
  if (pushed.sha === base.commit) {
    throw new AitoError("AITO_CHANGE_EMPTY", `${repository} holds exactly this already: nothing to propose`, { status: 409 });
  }
  const body = pullBody(asked.why, begun, publicUrl);
  const pull = await ensurePull(github, repository, { branch: change.branch, base: change.base, title, body });
  if (!pull.open) {
    throw new AitoError("AITO_CHANGE_CLOSED", `${repository} #${pull.number} is closed on GitHub`, {
      hint: "a human closed or merged it there: ask why before you propose more, under another task",
      status: 409,
    });
  }
  deps.crashPoint?.("git.after_pull");
  const { files: changed } = await readPull(github, repository, pull.number);
  const made = { id: change.id, number: pull.number, url: pull.url, headSha: pushed.sha, title, files: shownFiles(changed) };
  // Another call of the same change may have put its commit on top meanwhile, and have ended first.
  const onto = [change.head_sha, ...(await commitsUnder(github, repository, pushed.sha))];
  const { reviewers } = await openChange(deps, session, { ...made, onto });
  return {
    change_id: change.id,
    repository,
    number: pull.number,
    url: pull.url,
    branch: change.branch,
    commit: pushed.sha,
    new_commit: pushed.pushed,
    files: files.length,
    reviewers,
  };
}

/** What is deleted and gone already is not asked about again, so that a repeated call is judged like the first. */
function pendingOf(
  files: readonly FileWrite[],
  there: BranchEntries,
  base: BranchEntries,
): { path: string; mode: "100644" | "100755" | "120000" | "160000" | null }[] {
  return files
    .filter(({ path, text }) => text !== null || there.has(path) || !base.has(path))
    .map(({ path, text }) => ({ path, mode: text === null ? null : (there.get(path)?.mode ?? "100644") }));
}

type BranchEntries = ReadonlyMap<string, { mode: "100644" | "100755" | "120000" | "160000" }>;

/** The task's link, its evidence and cost, for whoever reads the pull request. */
function pullBody(why: string, { task, change, evidence, cost }: BegunChange, publicUrl: string): string {
  const unknown = cost.unknownCalls > 0 ? `, and ${cost.unknownCalls} calls whose cost is not known` : "";
  return [
    why,
    "",
    `- Task: [${task.title.replace(/[[\]\n]/g, " ")}](${publicUrl}/work/${task.id})`,
    `- For: ${change.owner}, by ${change.agent}`,
    ...(task.decisionId === null ? [] : [`- Decision: ${publicUrl}/decisions/${task.decisionId}`]),
    `- Evidence: ${evidence.length === 0 ? "none yet" : evidence.map((id) => `receipt ${id}`).join(", ")}`,
    `- Model calls so far: $${cost.usd}${unknown}`,
  ].join("\n");
}
