import type { Asked } from "../asked.ts";
import type { Comment, Issue, Label, Repository } from "../github-state.ts";
import { nodeId, presentAccount } from "./account.ts";
import { pageUrl, repositoryUrl } from "./repository.ts";

type Place = Pick<Asked, "state" | "baseUrl">;

export function presentLabel({ id, name, color, description }: Label, repository: Repository, { baseUrl }: Place) {
  const url = `${repositoryUrl(repository, baseUrl)}/labels/${encodeURIComponent(name)}`;
  return { id, node_id: nodeId("Label", id), url, name, color, description: description ?? "", default: false };
}

/** The labels of an issue, as the repository knows them. */
export const labelsOf = (issue: Issue, repository: Repository, place: Place): Record<string, unknown>[] =>
  issue.labels.flatMap((name) => {
    const label = repository.labels.find((one) => one.name === name);
    return label ? [presentLabel(label, repository, place)] : [];
  });

export function presentIssue(issue: Issue, repository: Repository, place: Place): Record<string, unknown> {
  const { state, baseUrl } = place;
  const own = repositoryUrl(repository, baseUrl);
  const url = `${own}/issues/${issue.number}`;
  const kind = issue.pull ? "pull" : "issues";
  const page = `${pageUrl(repository, baseUrl)}/${kind}/${issue.number}`;
  const assignees = issue.assignees.map((login) => presentAccount(state.account(login), baseUrl));
  return {
    id: issue.id,
    node_id: nodeId("Issue", issue.id),
    url,
    repository_url: own,
    labels_url: `${url}/labels`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: presentAccount(state.account(issue.user), baseUrl),
    labels: labelsOf(issue, repository, place),
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: issue.comments.length,
    ...(issue.pull
      ? {
          pull_request: {
            url: `${own}/pulls/${issue.number}`,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: issue.pull.mergedAt,
          },
        }
      : {}),
    closed_at: issue.closedAt,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    author_association: "MEMBER",
  };
}

export function presentComment(comment: Comment, issue: Issue, repository: Repository, place: Place): Record<string, unknown> {
  const own = repositoryUrl(repository, place.baseUrl);
  const kind = issue.pull ? "pull" : "issues";
  return {
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    url: `${own}/issues/comments/${comment.id}`,
    html_url: `${pageUrl(repository, place.baseUrl)}/${kind}/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${own}/issues/${issue.number}`,
    body: comment.body,
    user: presentAccount(place.state.account(comment.user), place.baseUrl),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: "MEMBER",
  };
}
