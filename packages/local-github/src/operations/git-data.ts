import type { Asked, Handler } from "../asked.ts";
import { GithubProblem, notFound, unprocessable } from "../github-problem.ts";
import type { Entry, GitPerson } from "../git/bare-repository.ts";
import type { Repository } from "../github-state.ts";
import { nodeId } from "../present/account.ts";
import { presentGitCommit } from "../present/commit.ts";
import { repositoryUrl } from "../present/repository.ts";
import { branchMoved } from "./branch-moved.ts";
import { repositoryIn } from "./found.ts";

const refBody = (repository: Repository, ref: string, sha: string, baseUrl: string): Record<string, unknown> => {
  const url = `${repositoryUrl(repository, baseUrl)}/git`;
  return {
    ref,
    node_id: nodeId("Ref", ref),
    url: `${url}/${ref}`,
    object: { sha, type: "commit", url: `${url}/commits/${sha}` },
  };
};

async function createRef(asked: Asked) {
  const { repository, git } = repositoryIn(asked);
  const { ref, sha } = asked.body as { ref: string; sha: string };
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  if (!branch || /\.\.|[\s~^:?*[\\]|\/$|\.lock$|^\/|\/\/|@\{/.test(ref)) {
    throw new GithubProblem(422, "Reference name must start with 'refs/' and contain at least two slashes.");
  }
  if ((await git.ref(ref)) !== null) throw new GithubProblem(422, "Reference already exists");
  await git.commit(sha).catch(() => {
    throw new GithubProblem(422, "Object does not exist");
  });
  await git.setRef(ref, sha);
  branchMoved(asked, repository, branch, { before: null, after: sha });
  return { status: 201, body: refBody(repository, ref, sha, asked.baseUrl) };
}

async function updateRef(asked: Asked) {
  const { repository, git } = repositoryIn(asked);
  const ref = `refs/${asked.params["ref"]!}`;
  const { sha, force } = asked.body as { sha: string; force?: boolean };
  const before = await git.ref(ref);
  if (before === null) throw new GithubProblem(422, "Reference does not exist");
  await git.commit(sha).catch(() => {
    throw new GithubProblem(422, "Object does not exist");
  });
  if (!force && before !== sha && (await git.mergeBase(before, sha)) !== before) {
    throw new GithubProblem(422, "Update is not a fast forward");
  }
  await git.setRef(ref, sha);
  branchMoved(asked, repository, ref.slice("refs/heads/".length), { before, after: sha });
  return { body: refBody(repository, ref, sha, asked.baseUrl) };
}

interface TreeItem {
  path?: string;
  mode?: string;
  type?: string;
  sha?: string | null;
  content?: string;
}

async function createTree(asked: Asked) {
  const { repository, git } = repositoryIn(asked);
  const { tree: items, base_tree: base } = asked.body as { tree: TreeItem[]; base_tree?: string };
  const files = new Map<string, Pick<Entry, "mode" | "sha">>(base === undefined ? [] : await baseFiles(asked, base));
  for (const { path = "", mode = "100644", sha, content } of items) {
    if (path === "" || path.startsWith("/") || path.split("/").some((part) => ["", ".", "..", ".git"].includes(part))) {
      throw new GithubProblem(422, "tree.path contains a malformed path component");
    }
    if (sha === null) {
      if (!files.delete(path)) throw new GithubProblem(422, "GitRPC::BadObjectState");
      continue;
    }
    if (mode === "040000") throw new GithubProblem(422, "tree entries of whole folders are not served here");
    const blob = content === undefined ? sha : await git.writeBlob(Buffer.from(content, "utf8"));
    if (blob === undefined) throw new GithubProblem(422, "Must supply either tree.sha or tree.content");
    if (mode !== "160000") {
      await git.blob(blob).catch(() => {
        throw new GithubProblem(422, `tree.sha ${blob} is not a valid blob`);
      });
    }
    // A file where a folder was takes the folder's place, and the other way round, as in git.
    for (const other of files.keys()) if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) files.delete(other);
    files.set(path, { mode, sha: blob });
  }
  const made = await git.writeTree(files);
  return { status: 201, body: await treeBody(asked, repository, made, false) };
}

async function baseFiles(asked: Asked, base: string): Promise<Map<string, Entry>> {
  const { git } = repositoryIn(asked);
  const commit = await git.commit(base).catch(() => null);
  return await git.files(commit?.tree ?? base).catch(() => {
    throw new GithubProblem(422, "base_tree is not a valid tree");
  });
}

async function treeBody(asked: Asked, repository: Repository, sha: string, recursive: boolean): Promise<Record<string, unknown>> {
  const { git } = repositoryIn(asked);
  const entries = recursive ? [...(await git.files(sha, { folders: true })).values()] : await git.tree(sha);
  const url = `${repositoryUrl(repository, asked.baseUrl)}/git`;
  const kind = { blob: "blobs", tree: "trees", commit: "commits" } as const;
  const shown = entries.map(({ path, mode, type, sha: of }) => ({
    path,
    mode,
    type,
    sha: of,
    url: `${url}/${kind[type]}/${of}`,
  }));
  return { sha, url: `${url}/trees/${sha}`, tree: shown, truncated: false };
}

async function createCommit(asked: Asked) {
  const { repository, git } = repositoryIn(asked);
  const {
    message,
    tree,
    parents = [],
    author,
    committer,
    signature,
  } = asked.body as {
    message: string;
    tree: string;
    parents?: string[];
    author?: Partial<GitPerson>;
    committer?: Partial<GitPerson>;
    signature?: string;
  };
  await git.tree(tree).catch(() => {
    throw new GithubProblem(422, "Tree SHA does not exist");
  });
  for (const parent of parents) {
    await git.commit(parent).catch(() => {
      throw new GithubProblem(422, "Parent SHA does not exist or is not a commit object");
    });
  }
  const own: GitPerson = { name: asked.user.login, email: `${asked.user.login}@users.noreply.localhost`, date: asked.now };
  const by = { ...own, ...author };
  const sha = await git.writeCommit({ tree, parents, message, author: by, committer: { ...by, ...committer }, signature });
  return { status: 201, body: presentGitCommit(await git.commit(sha), { repository, baseUrl: asked.baseUrl }) };
}

export const gitDataHandlers: Record<string, Handler> = {
  "git/create-ref": createRef,
  "git/update-ref": updateRef,
  "git/delete-ref": async (asked) => {
    const { repository, git } = repositoryIn(asked);
    const ref = `refs/${asked.params["ref"]!}`;
    const before = await git.ref(ref);
    if (before === null) throw new GithubProblem(422, "Reference does not exist");
    await git.deleteRef(ref);
    branchMoved(asked, repository, ref.slice("refs/heads/".length), { before, after: null });
    return { status: 204, body: null };
  },
  "git/get-ref": async (asked) => {
    const { repository, git } = repositoryIn(asked);
    const ref = `refs/${asked.params["ref"]!}`;
    const sha = await git.ref(ref);
    if (sha === null) throw notFound();
    return { body: refBody(repository, ref, sha, asked.baseUrl) };
  },
  "git/list-matching-refs": async (asked) => {
    const { repository, git } = repositoryIn(asked);
    const sought = `refs/${asked.params["ref"]!}`;
    const refs = (await git.branches()).map((name) => `refs/heads/${name}`).filter((ref) => ref.startsWith(sought));
    const list = await Promise.all(refs.map(async (ref) => refBody(repository, ref, (await git.ref(ref))!, asked.baseUrl)));
    return { list };
  },
  "git/create-tree": createTree,
  "git/get-tree": async (asked) => {
    const { repository, git } = repositoryIn(asked);
    const named = asked.params["tree_sha"]!;
    const commit = await git.commitOf(named);
    const sha = commit === null ? named : (await git.commit(commit)).tree;
    return { body: await treeBody(asked, repository, sha, asked.query["recursive"] !== undefined) };
  },
  "git/create-commit": createCommit,
  "git/get-commit": async (asked) => {
    const { repository, git } = repositoryIn(asked);
    return { body: presentGitCommit(await git.commit(asked.params["commit_sha"]!), { repository, baseUrl: asked.baseUrl }) };
  },
  "git/create-blob": async (asked) => {
    const { repository, git } = repositoryIn(asked);
    const { content, encoding = "utf-8" } = asked.body as { content: string; encoding?: string };
    if (!["utf-8", "base64"].includes(encoding)) throw unprocessable("Blob", "encoding", { code: "invalid" });
    const sha = await git.writeBlob(Buffer.from(content, encoding === "base64" ? "base64" : "utf8"));
    return { status: 201, body: { sha, url: `${repositoryUrl(repository, asked.baseUrl)}/git/blobs/${sha}` } };
  },
  "git/get-blob": async (asked) => {
    const { repository, git } = repositoryIn(asked);
    const sha = asked.params["file_sha"]!;
    const blob = await git.blob(sha);
    const url = `${repositoryUrl(repository, asked.baseUrl)}/git/blobs/${sha}`;
    return {
      body: {
        sha,
        node_id: nodeId("Blob", sha),
        size: blob.byteLength,
        url,
        content: blob.toString("base64"),
        encoding: "base64",
      },
    };
  },
};
