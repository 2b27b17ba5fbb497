import type { Asked, Handler } from "../asked.ts";
import { GithubProblem, notFound } from "../github-problem.ts";
import type { BareRepository, Commit } from "../git/bare-repository.ts";
import { treeChanges } from "../git/tree-changes.ts";
import { presentCommit, presentFile } from "../present/commit.ts";
import { pageUrl, presentRepository, repositoryUrl } from "../present/repository.ts";
import { repositoryIn } from "./found.ts";

const logDepthMax = 250;

async function commitNamed(git: BareRepository, name: string): Promise<Commit> {
  const sha = await git.commitOf(name);
  if (sha === null) throw new GithubProblem(404, `No commit found for SHA: ${name}`);
  return await git.commit(sha);
}

/** Against its first parent, as GitHub shows a commit. */
export async function filesOfCommit(git: BareRepository, commit: Commit) {
  const parent = commit.parents[0] === undefined ? null : (await git.commit(commit.parents[0])).tree;
  return await treeChanges(git, parent, commit.tree);
}

/** The commits that are in `head` and not in `base`, oldest first. */
export async function commitsBetween(git: BareRepository, base: string, head: string): Promise<Commit[]> {
  const known = new Set((await git.log(base, logDepthMax)).map(({ sha }) => sha));
  return (await git.log(head, logDepthMax)).filter(({ sha }) => !known.has(sha)).toReversed();
}

async function compare(asked: Asked): Promise<{ body: unknown }> {
  const { repository, git } = repositoryIn(asked);
  const place = { repository, baseUrl: asked.baseUrl };
  const base = await commitNamed(git, asked.params["base"]!);
  const head = await commitNamed(git, asked.params["head"]!);
  const mergeBase = await git.mergeBase(base.sha, head.sha);
  if (mergeBase === null) throw new GithubProblem(404, "No common ancestor");
  const root = await git.commit(mergeBase);
  const [ahead, behind] = [await commitsBetween(git, base.sha, head.sha), await commitsBetween(git, head.sha, base.sha)];
  const files = await treeChanges(git, root.tree, head.tree);
  const url = `${repositoryUrl(repository, asked.baseUrl)}/compare/${base.sha}...${head.sha}`;
  const page = `${pageUrl(repository, asked.baseUrl)}/compare/${base.sha}...${head.sha}`;
  const status = ahead.length === 0 ? (behind.length === 0 ? "identical" : "behind") : behind.length === 0 ? "ahead" : "diverged";
  return {
    body: {
      url,
      html_url: page,
      permalink_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      base_commit: presentCommit(base, place),
      merge_base_commit: presentCommit(root, place),
      status,
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: ahead.map((commit) => presentCommit(commit, place)),
      files: files.map((file) => presentFile(file, place, head.sha)),
    },
  };
}

async function branchBody(asked: Asked, branch: string): Promise<Record<string, unknown>> {
  const { repository, git } = repositoryIn(asked);
  const sha = await git.ref(`refs/heads/${branch}`);
  if (sha === null) throw new GithubProblem(404, "Branch not found");
  const url = `${repositoryUrl(repository, asked.baseUrl)}/branches/${encodeURIComponent(branch)}`;
  return {
    name: branch,
    commit: presentCommit(await git.commit(sha), { repository, baseUrl: asked.baseUrl }),
    _links: { self: url, html: `${pageUrl(repository, asked.baseUrl)}/tree/${branch}` },
    protected: false,
    protection: { enabled: false },
    protection_url: `${url}/protection`,
  };
}

export const repositoryHandlers: Record<string, Handler> = {
  "repos/get": (asked) => ({ body: presentRepository(repositoryIn(asked).repository, asked) }),
  "repos/compare-commits": compare,
  "repos/get-branch": async (asked) => ({ body: await branchBody(asked, asked.params["branch"]!) }),
  "repos/list-branches": async (asked) => {
    const { repository, git } = repositoryIn(asked);
    const names = await git.branches();
    const list = await Promise.all(
      names.map(async (name) => {
        const sha = (await git.ref(`refs/heads/${name}`))!;
        const url = `${repositoryUrl(repository, asked.baseUrl)}/commits/${sha}`;
        return { name, commit: { sha, url }, protected: false };
      }),
    );
    return { list };
  },
  "repos/list-commits": async (asked) => {
    const { repository, git } = repositoryIn(asked);
    const start = await commitNamed(git, asked.query["sha"] ?? repository.defaultBranch);
    const path = asked.query["path"];
    const list: unknown[] = [];
    for (const commit of await git.log(start.sha, logDepthMax)) {
      const touches =
        path === undefined || (await filesOfCommit(git, commit)).some((file) => `${file.path}/`.startsWith(`${path}/`));
      if (touches) list.push(presentCommit(commit, { repository, baseUrl: asked.baseUrl }));
    }
    return { list };
  },
  "repos/get-commit": async (asked) => {
    const { repository, git } = repositoryIn(asked);
    const commit = await commitNamed(git, asked.params["ref"]!);
    return { body: presentCommit(commit, { repository, baseUrl: asked.baseUrl }, await filesOfCommit(git, commit)) };
  },
  "repos/get-content": content,
  "search/code": searchCode,
};

async function content(asked: Asked): Promise<{ body: unknown }> {
  const { repository, git } = repositoryIn(asked);
  const ref = asked.query["ref"] || repository.defaultBranch;
  const commit = await commitNamed(git, ref);
  const path = asked.params["path"]!.replace(/^\/+|\/+$/g, "");
  const entries = await git.files(commit.tree, { folders: true });
  const own = repositoryUrl(repository, asked.baseUrl);
  const shown = (of: { path: string; sha: string; type: string }, size: number) => {
    const url = `${own}/contents/${of.path.split("/").map(encodeURIComponent).join("/")}?ref=${encodeURIComponent(ref)}`;
    const gitUrl = `${own}/git/${of.type === "tree" ? "trees" : "blobs"}/${of.sha}`;
    const page = `${pageUrl(repository, asked.baseUrl)}/blob/${encodeURIComponent(ref)}/${of.path}`;
    return {
      type: of.type === "tree" ? "dir" : "file",
      name: of.path.split("/").at(-1)!,
      path: of.path,
      sha: of.sha,
      size,
      url,
      git_url: gitUrl,
      html_url: page,
      download_url: of.type === "tree" ? null : page.replace("/blob/", "/raw/"),
      _links: { self: url, git: gitUrl, html: page },
    };
  };
  const entry = entries.get(path);
  if (entry?.type === "blob") {
    const blob = await git.blob(entry.sha);
    return { body: { ...shown(entry, blob.byteLength), encoding: "base64", content: blob.toString("base64") } };
  }
  const prefix = path === "" ? "" : `${path}/`;
  const inside = [...entries.values()].filter(
    (one) => one.path.startsWith(prefix) && !one.path.slice(prefix.length).includes("/") && one.path !== path,
  );
  if (inside.length === 0) throw notFound();
  return { body: inside.map((one) => shown(one, 0)) };
}

/** `words repo:owner/name`: files of the default branch that hold each word. */
async function searchCode(asked: Asked): Promise<{ list: unknown[]; wrap: (page: unknown[], total: number) => unknown }> {
  const words = (asked.query["q"] ?? "").split(/\s+/).filter((word) => word !== "");
  const scope = words.find((word) => word.startsWith("repo:"))?.slice("repo:".length);
  const [owner = "", name = ""] = scope?.split("/") ?? [];
  const repository = asked.state.repository(owner, name);
  if (!repository) throw new GithubProblem(422, "Validation Failed");
  const git = asked.gitOf(repository);
  const sought = words.filter((word) => !word.includes(":")).map((word) => word.toLowerCase());
  const commit = await commitNamed(git, repository.defaultBranch);
  const list: unknown[] = [];
  for (const entry of (await git.files(commit.tree)).values()) {
    const text = entry.type === "blob" ? (await git.blob(entry.sha)).toString("utf8").toLowerCase() : "";
    if (!sought.every((word) => text.includes(word) || entry.path.toLowerCase().includes(word))) continue;
    const url = `${repositoryUrl(repository, asked.baseUrl)}/contents/${entry.path}?ref=${commit.sha}`;
    list.push({
      name: entry.path.split("/").at(-1)!,
      path: entry.path,
      sha: entry.sha,
      url,
      git_url: `${repositoryUrl(repository, asked.baseUrl)}/git/blobs/${entry.sha}`,
      html_url: `${pageUrl(repository, asked.baseUrl)}/blob/${commit.sha}/${entry.path}`,
      repository: presentRepository(repository, asked),
      score: 1,
    });
  }
  return { list, wrap: (items, total) => ({ total_count: total, incomplete_results: false, items }) };
}
