import type { Asked } from "../asked.ts";
import type { Repository } from "../github-state.ts";
import { nodeId, presentAccount } from "./account.ts";

const parts = (
  "archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks " +
  "git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges milestones notifications pulls " +
  "releases stargazers statuses subscribers subscription tags teams trees"
).split(" ");

export const repositoryUrl = ({ owner, name }: Repository, baseUrl: string): string => `${baseUrl}/repos/${owner}/${name}`;
export const pageUrl = ({ owner, name }: Repository, baseUrl: string): string => `${baseUrl}/${owner}/${name}`;

/** With every field that any of the description's four shapes of a repository asks for. */
export function presentRepository(
  repository: Repository,
  { state, baseUrl }: Pick<Asked, "state" | "baseUrl">,
): Record<string, unknown> {
  const { id, owner, name, createdAt, pushedAt } = repository;
  const [url, page] = [repositoryUrl(repository, baseUrl), pageUrl(repository, baseUrl)];
  const open = repository.issues.filter((issue) => issue.state === "open").length;
  return {
    id,
    node_id: nodeId("Repository", id),
    name,
    full_name: `${owner}/${name}`,
    owner: presentAccount(state.account(owner, "Organization"), baseUrl),
    private: repository.private,
    html_url: page,
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(parts.map((part) => [`${part}_url`, `${url}/${part.replace("git_", "git/")}`])),
    clone_url: `${page}.git`,
    git_url: `${page}.git`,
    ssh_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    network_count: 0,
    subscribers_count: 0,
    size: 0,
    default_branch: repository.defaultBranch,
    open_issues: open,
    open_issues_count: open,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    license: null,
    created_at: createdAt,
    updated_at: pushedAt,
    pushed_at: pushedAt,
  };
}
