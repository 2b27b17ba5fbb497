import type { Commit } from "../git/bare-repository.ts";
import type { TreeChange } from "../git/tree-changes.ts";
import type { Repository } from "../github-state.ts";
import { nodeId } from "./account.ts";
import { pageUrl, repositoryUrl } from "./repository.ts";

interface Place {
  repository: Repository;
  baseUrl: string;
}

/** No key is registered here, so that nothing is verified; a signature is told as it is. */
const verificationOf = ({ signature }: Commit): Record<string, unknown> => ({
  verified: false,
  reason: signature === null ? "unsigned" : "unknown_key",
  signature,
  payload: null,
  verified_at: null,
});

/** A commit as the git database shows it. */
export function presentGitCommit(commit: Commit, { repository, baseUrl }: Place): Record<string, unknown> {
  const url = `${repositoryUrl(repository, baseUrl)}/git`;
  const page = `${pageUrl(repository, baseUrl)}/commit`;
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    url: `${url}/commits/${commit.sha}`,
    html_url: `${page}/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: { sha: commit.tree, url: `${url}/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/commits/${sha}`, html_url: `${page}/${sha}` })),
    verification: verificationOf(commit),
  };
}

/** A commit as lists of commits show it; with its files where one was asked for. */
export function presentCommit(commit: Commit, place: Place, files?: readonly TreeChange[]): Record<string, unknown> {
  const { repository, baseUrl } = place;
  const url = `${repositoryUrl(repository, baseUrl)}/commits`;
  const page = `${pageUrl(repository, baseUrl)}/commit`;
  const shown = files?.map((file) => presentFile(file, place, commit.sha));
  const total = (of: "additions" | "deletions"): number => (files ?? []).reduce((sum, file) => sum + file[of], 0);
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    url: `${url}/${commit.sha}`,
    html_url: `${page}/${commit.sha}`,
    comments_url: `${url}/${commit.sha}/comments`,
    commit: {
      url: `${repositoryUrl(repository, baseUrl)}/git/commits/${commit.sha}`,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${repositoryUrl(repository, baseUrl)}/git/trees/${commit.tree}` },
      verification: verificationOf(commit),
    },
    author: {},
    committer: {},
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/${sha}`, html_url: `${page}/${sha}` })),
    ...(shown
      ? {
          files: shown,
          stats: {
            additions: total("additions"),
            deletions: total("deletions"),
            total: total("additions") + total("deletions"),
          },
        }
      : {}),
  };
}

/** One file of a diff. */
export function presentFile(change: TreeChange, { repository, baseUrl }: Place, sha: string): Record<string, unknown> {
  const page = pageUrl(repository, baseUrl);
  const path = change.path.split("/").map(encodeURIComponent).join("/");
  return {
    sha: change.sha,
    filename: change.path,
    ...(change.from === null ? {} : { previous_filename: change.from }),
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${page}/blob/${sha}/${path}`,
    raw_url: `${page}/raw/${sha}/${path}`,
    contents_url: `${repositoryUrl(repository, baseUrl)}/contents/${path}?ref=${sha}`,
    ...(change.patch === null || change.patch === "" ? {} : { patch: change.patch }),
  };
}
