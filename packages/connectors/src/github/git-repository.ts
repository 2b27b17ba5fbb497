import { AitoError } from "@aito/base";
import type { Octokit } from "@octokit/rest";
import { type CommitKey, type CommitPerson, commitText, plainMessage, signedCommitSha } from "./commit-signature.ts";
import type { GithubClient } from "./github-client.ts";
import { statusOf } from "./github-errors.ts";
import type { EntryMode } from "./path-scope.ts";

export interface Place {
  owner: string;
  repo: string;
}

export interface TreeEntry {
  mode: EntryMode;
  sha: string;
}

/** A branch as it stands: its commit, and every file of it. */
export interface Branch {
  commit: string;
  entries: ReadonlyMap<string, TreeEntry>;
}

/** One file of a change: its new text, or null to delete it. */
export interface FileWrite {
  path: string;
  text: string | null;
}

export interface NewCommit {
  branch: string;
  /** The branch is made here when it is not there yet. */
  from: string;
  files: readonly FileWrite[];
  message: string;
  author: CommitPerson;
  at: Date;
  /** The author's, with which it is signed. */
  key: CommitKey;
}

const textBytesMax = 1024 * 1024;
const pushesMax = 3;

export function placeOf(repository: string): Place {
  const [owner = "", repo = ""] = repository.split("/");
  return { owner, repo };
}

async function refOf(octokit: Octokit, place: Place, branch: string): Promise<string | null> {
  try {
    return (await octokit.git.getRef({ ...place, ref: `heads/${branch}` })).data.object.sha;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Every file below a commit. Error: AITO_GIT_TOO_BIG for a tree that GitHub does not list whole. */
async function entriesOf(octokit: Octokit, place: Place, commit: string): Promise<Map<string, TreeEntry>> {
  const { data } = await octokit.git.getTree({ ...place, tree_sha: commit, recursive: "true" });
  if (data.truncated) {
    throw new AitoError("AITO_GIT_TOO_BIG", `${place.owner}/${place.repo} has more files than GitHub lists at once`, {
      status: 422,
    });
  }
  const files = data.tree.filter(({ type }) => type !== "tree");
  return new Map(files.map(({ path, mode, sha }) => [path, { mode: mode as EntryMode, sha }]));
}

/** Null when there is no such branch. */
export async function readBranch(github: GithubClient, repository: string, branch: string): Promise<Branch | null> {
  const place = placeOf(repository);
  return await github.call(`${branch} of ${repository}`, async (octokit) => {
    const commit = await refOf(octokit, place, branch);
    return commit === null ? null : { commit, entries: await entriesOf(octokit, place, commit) };
  });
}

/** A file's text. Error: AITO_GIT_NOT_TEXT for what is none, or over a megabyte. */
export async function readBlob(github: GithubClient, repository: string, sha: string): Promise<string> {
  return await github.call(`a file of ${repository}`, async (octokit) => {
    const { data } = await octokit.git.getBlob({ ...placeOf(repository), file_sha: sha });
    const content = Buffer.from(data.content, "base64");
    if (content.byteLength > textBytesMax || content.includes(0)) {
      throw new AitoError("AITO_GIT_NOT_TEXT", "the file is no text, or over a megabyte", { status: 422 });
    }
    return content.toString("utf8");
  });
}

/**
 * Puts a commit on top of a branch, which is made when it is new; never forced. What the branch holds already is not committed again,
 * so that a call that is repeated after a crash adds nothing. Someone else's commit in between is built upon. A commit whose signature
 * would not verify as it was stored is put on no branch: AITO_GITHUB_SIGNATURE.
 */
export async function pushCommit(
  github: GithubClient,
  repository: string,
  commit: NewCommit,
): Promise<{ sha: string; pushed: boolean }> {
  const place = placeOf(repository);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await github.call(`the branch ${commit.branch} of ${repository}`, (octokit) => pushOnce(octokit, place, commit));
    } catch (error) {
      const moved =
        error instanceof AitoError && error.code === "AITO_GITHUB_INVALID" && /fast forward|already exists/i.test(error.message);
      if (!moved || attempt >= pushesMax) throw error;
    }
  }
}

async function pushOnce(octokit: Octokit, place: Place, commit: NewCommit): Promise<{ sha: string; pushed: boolean }> {
  const { branch, from, files } = commit;
  const there = await refOf(octokit, place, branch);
  const parent = there ?? from;
  const { data: base } = await octokit.git.getCommit({ ...place, commit_sha: parent });
  const entries = await entriesOf(octokit, place, parent);
  const tree = files
    .filter(({ path, text }) => text !== null || entries.has(path))
    .map(({ path, text }) => {
      const mode = (entries.get(path)?.mode ?? "100644") as "100644";
      return text === null
        ? { path, mode, type: "blob" as const, sha: null }
        : { path, mode, type: "blob" as const, content: text };
    });
  if (tree.length === 0) return { sha: parent, pushed: false };
  const { data: made } = await octokit.git.createTree({ ...place, base_tree: base.tree.sha, tree });
  if (made.sha === base.tree.sha) return { sha: parent, pushed: false };
  const sha = await signedCommit(octokit, place, commit, { tree: made.sha, parent });
  if (there === null) await octokit.git.createRef({ ...place, ref: `refs/heads/${branch}`, sha });
  else await octokit.git.updateRef({ ...place, ref: `heads/${branch}`, sha, force: false });
  return { sha, pushed: true };
}

/**
 * Writes a commit with its author's signature, and sees by its name that it was stored byte for byte as it was signed. A server that
 * writes messages in a way of its own is followed once.
 */
async function signedCommit(
  octokit: Octokit,
  place: Place,
  { author, at, key, message: given }: NewCommit,
  { tree, parent }: { tree: string; parent: string },
): Promise<string> {
  const date = `${at.toISOString().slice(0, 19)}Z`;
  const by = { ...author, date };
  let message = plainMessage(given);
  for (let attempt = 1; ; attempt += 1) {
    const text = commitText({ tree, parents: [parent], author, at, message });
    const signature = key.sign(text);
    const commit = { message, tree, parents: [parent], author: by, committer: by, signature };
    const { data } = await octokit.git.createCommit({ ...place, ...commit });
    if (data.sha === signedCommitSha(text, signature)) return data.sha;
    if (data.message === message || attempt > 1) {
      throw new AitoError("AITO_GITHUB_SIGNATURE", `${place.owner}/${place.repo} stored a commit otherwise than it was signed`, {
        hint: "nothing was put on a branch; is something between us and GitHub that changes what is sent?",
        fate: "human",
        status: 502,
      });
    }
    message = data.message;
  }
}

/**
 * The newest commit of a branch whose message holds the words, from the commit `after` on (which has them where the same was called before);
 * null where there is none, or no such branch.
 */
export async function findCommit(
  github: GithubClient,
  repository: string,
  { branch, after, words }: { branch: string; after: string; words: string },
): Promise<string | null> {
  const place = placeOf(repository);
  return await github.call(`the commits of ${branch} in ${repository}`, async (octokit) => {
    if ((await refOf(octokit, place, branch)) === null) return null;
    const { data } = await octokit.repos.listCommits({ ...place, sha: branch, per_page: 100 });
    const from = data.findIndex(({ sha }) => sha === after);
    const newer = from === -1 ? data : data.slice(0, from + 1);
    return newer.find(({ commit }) => commit.message.includes(words))?.sha ?? null;
  });
}

/** The newest hundred commits that a commit was made on, whatever has been put on top of it since. */
export async function commitsUnder(github: GithubClient, repository: string, sha: string): Promise<string[]> {
  const place = placeOf(repository);
  return await github.call(`the commits under ${sha} in ${repository}`, async (octokit) => {
    const { data } = await octokit.repos.listCommits({ ...place, sha, per_page: 100 });
    return data.map((commit) => commit.sha).filter((each) => each !== sha);
  });
}

/** Paths of the default branch whose file or name holds the words. */
export async function searchFiles(github: GithubClient, repository: string, words: string): Promise<string[]> {
  return await github.call(`a search in ${repository}`, async (octokit) => {
    const q = `${words.replace(/[\w-]+:/g, " ")} repo:${repository}`;
    const { data } = await octokit.search.code({ q, per_page: 50 });
    return data.items.map(({ path }) => path);
  });
}
