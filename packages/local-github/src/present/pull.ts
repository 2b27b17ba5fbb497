import type { Asked } from "../asked.ts";
import type { Issue, LineComment, Pull, Repository, Review } from "../github-state.ts";
import { nodeId, presentAccount } from "./account.ts";
import { labelsOf } from "./issue.ts";
import { pageUrl, presentRepository, repositoryUrl } from "./repository.ts";

type Place = Pick<Asked, "state" | "baseUrl">;
export type PullRequest = Issue & { pull: Pull };

/** Where a pull request stands now, beside what is stored of it. */
export interface Standing {
  mergeable: boolean | null;
  commits: number;
  additions: number;
  deletions: number;
  changedFiles: number;
}

export function presentPull(
  issue: PullRequest,
  repository: Repository,
  place: Place,
  standing?: Standing,
): Record<string, unknown> {
  const { state, baseUrl } = place;
  const { pull } = issue;
  const own = repositoryUrl(repository, baseUrl);
  const url = `${own}/pulls/${issue.number}`;
  const page = `${pageUrl(repository, baseUrl)}/pull/${issue.number}`;
  const owner = presentAccount(state.account(repository.owner, "Organization"), baseUrl);
  const repo = presentRepository(repository, place);
  const side = (ref: string, sha: string) => ({ label: `${repository.owner}:${ref}`, ref, sha, user: owner, repo });
  const links = {
    self: url,
    html: page,
    issue: `${own}/issues/${issue.number}`,
    comments: `${own}/issues/${issue.number}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${own}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${own}/statuses/${pull.headSha}`,
  };
  const { self: _, html: __, issue: ___, ...linked } = links;
  const assignees = issue.assignees.map((login) => presentAccount(state.account(login), baseUrl));
  return {
    id: issue.id,
    node_id: nodeId("PullRequest", issue.id),
    url,
    html_url: page,
    issue_url: links.issue,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    ...Object.fromEntries(Object.entries(linked).map(([name, href]) => [`${name}_url`, href])),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    number: issue.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    body: issue.body,
    user: presentAccount(state.account(issue.user), baseUrl),
    labels: labelsOf(issue, repository, place),
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    draft: pull.draft,
    head: side(pull.head, pull.headSha),
    base: side(pull.base, pull.baseSha),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeSha,
    author_association: "MEMBER",
    auto_merge: null,
    ...(standing ? present(issue, place, standing) : {}),
  };
}

/** What only a single pull request shows. */
function present(issue: PullRequest, { state, baseUrl }: Place, standing: Standing): Record<string, unknown> {
  const { pull } = issue;
  const { mergeable } = standing;
  return {
    merged: pull.mergedAt !== null,
    merged_by: pull.mergedBy === null ? null : presentAccount(state.account(pull.mergedBy), baseUrl),
    mergeable,
    mergeable_state: mergeable === null ? "unknown" : mergeable ? "clean" : "dirty",
    maintainer_can_modify: false,
    comments: issue.comments.length,
    review_comments: pull.comments.length,
    commits: standing.commits,
    additions: standing.additions,
    deletions: standing.deletions,
    changed_files: standing.changedFiles,
  };
}

export function presentReview(review: Review, issue: PullRequest, repository: Repository, place: Place): Record<string, unknown> {
  const url = `${repositoryUrl(repository, place.baseUrl)}/pulls/${issue.number}`;
  const page = `${pageUrl(repository, place.baseUrl)}/pull/${issue.number}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: nodeId("PullRequestReview", review.id),
    user: presentAccount(place.state.account(review.user), place.baseUrl),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: url,
    _links: { html: { href: page }, pull_request: { href: url } },
    submitted_at: review.submittedAt,
    commit_id: review.commit,
    author_association: "MEMBER",
  };
}

export function presentLineComment(comment: LineComment, issue: PullRequest, repository: Repository, place: Place) {
  const own = repositoryUrl(repository, place.baseUrl);
  const url = `${own}/pulls/comments/${comment.id}`;
  const page = `${pageUrl(repository, place.baseUrl)}/pull/${issue.number}#discussion_r${comment.id}`;
  const pull = `${own}/pulls/${issue.number}`;
  return {
    id: comment.id,
    node_id: nodeId("PullRequestReviewComment", comment.id),
    url,
    html_url: page,
    pull_request_url: pull,
    _links: { self: { href: url }, html: { href: page }, pull_request: { href: pull } },
    pull_request_review_id: comment.reviewId,
    diff_hunk: comment.hunk,
    path: comment.path,
    line: comment.line,
    original_line: comment.line,
    side: comment.side,
    commit_id: comment.commit,
    original_commit_id: comment.commit,
    user: presentAccount(place.state.account(comment.user), place.baseUrl),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: "MEMBER",
  };
}
