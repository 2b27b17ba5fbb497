import { AitoError, sha256 } from "@aito/base";
import {
  canonicalText,
  changeView,
  type ChangeView,
  type GivenReview,
  recordMerge,
  recordMergeIn,
  reviewChange as recordReview,
  reviewChangeIn,
  taintFrom,
  whatMergeLacks,
  wordsTaint,
} from "@aito/company";
import { hasReview, mergePull, type PullState, readBranch, readPull, writeReview } from "@aito/connectors";
import type { FileChange, GithubClient } from "@aito/connectors";
import { Id } from "@aito/protocol";
import { z } from "zod";
import type { OpenTool } from "../mcp/tool.ts";
import { defineGitTool } from "./define-git-tool.ts";
import type { GitTooling } from "./git-tools.ts";
import { judge, mayRead, mayWrite, scopeOf } from "./repository-scope.ts";
import { taintByBranch } from "./taint-by-branch.ts";
import { shownFiles } from "./shown-files.ts";

/** The change's pull request. Error: AITO_CHANGE_UNOPENED. */
async function pullOf(github: GithubClient, change: ChangeView): Promise<PullState> {
  if (change.number !== null) return await readPull(github, change.repository, change.number);
  throw new AitoError("AITO_CHANGE_UNOPENED", `change ${change.id} has no pull request yet`, {
    hint: "whoever proposes it repeats propose_change",
    status: 409,
  });
}

const changeId = z.object({ change_id: Id });

const ReviewTrace = changeId.extend({
  repository: z.string(),
  number: z.int(),
  effectKey: z.string(),
  review: z.custom<GivenReview>((given) => typeof given === "object" && given !== null),
});
const MergeTrace = changeId.extend({ repository: z.string(), number: z.int(), headSha: z.string() });

export const readChange = (tooling: GitTooling): OpenTool =>
  defineGitTool(tooling.github, {
    name: "read_change",
    description: "Read one proposed change: its files as a diff, its reviews, its checks, and what its merge still lacks.",
    risk: "read",
    kinds: ["agent", "worker"],
    offered: ({ git }) => git !== null,
    input: changeId,
    run: async (call, { change_id: id }) => {
      const { context, session, github } = call;
      const change = await changeView(context.deps, id);
      const scope = await scopeOf(context.deps, session);
      mayRead(scope, change.repository);
      const pull = await pullOf(github, change);
      const { repository, branch } = change;
      // Its title and its reviews' words.
      await taintFrom(context.deps, session, "tasks", [change.task]);
      await taintByBranch(call, { repository, branch, commit: pull.headSha, trusted: scope.branch });
      const files = shownFiles(pull.files);
      const lacks = change.status === "merged" ? [] : await whatMergeLacks(context.deps, id, pull);
      return {
        change_id: id,
        task_id: change.task,
        title: change.title,
        repository: change.repository,
        number: change.number,
        url: change.url,
        proposed_by: change.by,
        for: change.owner,
        status: change.status,
        head: pull.headSha,
        checks: pull.checks,
        files,
        reviews: change.reviews.map(({ agent, verdict, body, head_sha: of }) => ({
          agent,
          verdict,
          body,
          of_head: of === pull.headSha,
        })),
        merge_lacks: lacks,
      };
    },
  });

const reviewInput = changeId.extend({
  verdict: z.enum(["approve", "request_changes", "comment"]),
  body: z.string().trim().min(1).max(10_000),
  comments: z
    .array(
      z.object({
        path: z.string().min(1).max(1_000),
        line: z.number().int().positive(),
        body: z.string().trim().min(1).max(4_000),
      }),
    )
    .max(50)
    .default([])
    .describe("on lines of the new file that the diff shows"),
});

export const reviewChange = (tooling: GitTooling): OpenTool =>
  defineGitTool(tooling.github, {
    name: "review_change",
    description:
      "Review a colleague's change: approve it, ask for changes, or comment, with comments on lines. It counts for exactly the commit that " +
      "stands now; your own department's change is approved by another.",
    risk: "write",
    kinds: ["agent", "worker"],
    offered: ({ git }) => git !== null,
    input: reviewInput,
    summary: ({ change_id: id, verdict }) => `review change ${id}: ${verdict}`,
    lookFor: async (trace) => {
      const { repository, number, effectKey, change_id, review } = ReviewTrace.parse(trace);
      const done = await hasReview(tooling.github, repository, { number, effectKey });
      const result = { change_id, repository, number };
      return done ? { done, result, record: (unit, agent) => reviewChangeIn(unit, agent, review) } : { done, result };
    },
    run: async ({ context, session, github, receipt, approval }, { change_id: id, verdict, body, comments }) => {
      const { deps } = context;
      const change = await changeView(deps, id);
      const scope = await scopeOf(deps, session);
      mayRead(scope, change.repository);
      if (verdict === "approve" && scope.owner.name === change.owner) {
        throw new AitoError("AITO_CHANGE_OWN", `change ${id} was made for ${change.owner}, who cannot approve it`, {
          hint: "another role has to",
          status: 403,
        });
      }
      const pull = await pullOf(github, change);
      if (!pull.open)
        throw new AitoError("AITO_CHANGE_CLOSED", `${change.repository} #${pull.number} is closed`, { status: 409 });
      const review = { headSha: pull.headSha, verdict, body, comments };
      const effectKey = sha256(canonicalText({ change: id, agent: session.agent, ...review })).slice(0, 32);
      const heading = { approve: "Approved", request_changes: "Changes asked for", comment: "Comment" }[verdict];
      const { repository } = change;
      const taint = await wordsTaint(deps, session, approval ?? null);
      const given: GivenReview = { id: deps.newId(), changeId: id, ...review, taint };
      await receipt.trace(deps, { change_id: id, repository, number: pull.number, effectKey, review: given });
      await writeReview(github, change.repository, pull.number, {
        ...review,
        effectKey,
        body: `**${heading} by ${session.agent}**\n\n${body}`,
      });
      deps.crashPoint?.("git.after_review");
      await recordReview(deps, session, given);
      return { change_id: id, verdict, of_commit: pull.headSha, comments: comments.length, url: pull.url };
    },
  });

export const mergeChange = (tooling: GitTooling): OpenTool =>
  defineGitTool(tooling.github, {
    name: "merge_change",
    description:
      "Merge a change in your repository. It needs the approving reviews, green checks and, in some repositories, the decision that the " +
      "company's rules ask for; what it lacks is in the answer. Never forced; safe to repeat.",
    risk: "write",
    kinds: ["agent"],
    offered: ({ git }) => git !== null && git.right !== "read",
    input: changeId,
    summary: ({ change_id: id }) => `merge change ${id}`,
    lookFor: async (trace) => {
      const { repository, number, headSha, change_id } = MergeTrace.parse(trace);
      const pull = await readPull(tooling.github, repository, number);
      const { mergeSha } = pull;
      const result = { change_id, repository, number, commit: mergeSha };
      if (mergeSha === null || pull.headSha !== headSha) return { done: false, result };
      return { done: true, result, record: (unit, agent) => recordMergeIn(unit, agent, { id: change_id, mergeSha }) };
    },
    run: async ({ context, session, github, receipt }, { change_id: id }) => {
      const { deps } = context;
      const change = await changeView(deps, id);
      const scope = await scopeOf(deps, session);
      mayWrite(scope, change.repository);
      const pull = await pullOf(github, change);
      if (pull.mergeSha === null) {
        if (pull.base !== scope.branch) {
          throw new AitoError(
            "AITO_GIT_SCOPE",
            `${change.repository} #${pull.number} goes to ${pull.base}, not to ${scope.branch}`,
            { status: 403 },
          );
        }
        await judgePull(github, scope, change, pull);
        const lacks = await whatMergeLacks(deps, id, pull);
        if (!pull.open) lacks.push("an open pull request: it was closed on GitHub");
        if (lacks.length > 0) {
          throw new AitoError("AITO_CHANGE_NOT_READY", `change ${id} cannot be merged yet: ${lacks.join("; ")}`, { status: 409 });
        }
      }
      const message = `${change.title}\n\nProposed by ${change.by} for ${change.owner}, merged by ${session.agent}.`;
      const title = `Merge #${pull.number}: ${change.title}`;
      const { repository } = change;
      await receipt.trace(deps, { change_id: id, repository, number: pull.number, headSha: pull.headSha });
      const merged = await mergePull(github, change.repository, pull.number, { headSha: pull.headSha, title, message });
      deps.crashPoint?.("git.after_merge");
      await recordMerge(deps, session, { id, mergeSha: merged.sha });
      return {
        change_id: id,
        merged: true,
        commit: merged.sha,
        url: pull.url,
        repository: change.repository,
        number: pull.number,
      };
    },
  });

/** Every file of the whole pull request against the rights of who merges it: others may have added to its branch. */
async function judgePull(
  github: GithubClient,
  scope: Parameters<typeof judge>[0],
  change: ChangeView,
  pull: PullState,
): Promise<void> {
  const base = await readBranch(github, change.repository, pull.base);
  const head = await readBranch(github, change.repository, change.branch);
  if (!base || head?.commit !== pull.headSha) {
    throw new AitoError("AITO_GITHUB_CONFLICT", `${change.branch} of ${change.repository} has moved; read the change again`, {
      fate: "retry",
      status: 409,
    });
  }
  const changes = pull.files.flatMap(({ path, from, status }): FileChange[] => {
    if (status === "removed") return base.entries.has(path) ? [{ path, mode: null }] : [];
    const mode = head.entries.get(path)?.mode ?? "100644";
    if (from === null) return [{ path, mode }];
    return [
      { path: from, mode: null },
      { path, mode, from },
    ];
  });
  judge(scope, base.entries, changes);
}
