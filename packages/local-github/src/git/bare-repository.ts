import fs from "node:fs";
import git, { type CommitObject, type TreeEntry } from "isomorphic-git";

export interface GitPerson {
  name: string;
  email: string;
  date: string;
}

export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  message: string;
  author: GitPerson;
  committer: GitPerson;
  /** Armoured; null for one that nobody signed. */
  signature: string | null;
}

/** One entry of a tree, with its whole path. */
export interface Entry {
  path: string;
  mode: string;
  type: "blob" | "tree" | "commit";
  sha: string;
}

const typeOf = (mode: string): Entry["type"] => (mode === "040000" ? "tree" : mode === "160000" ? "commit" : "blob");
const sixDigits = (mode: string): string => mode.padStart(6, "0");

/** What went wrong in git, as a short word: the callers know what GitHub answers to it. */
export class GitProblem extends Error {
  readonly kind: "missing" | "conflict" | "invalid";
  constructor(kind: GitProblem["kind"], message: string) {
    super(message);
    this.name = "GitProblem";
    this.kind = kind;
  }
}

const isNotFound = (error: unknown): boolean => error instanceof Error && ["NotFoundError", "ENOENT"].includes(codeOf(error));
const codeOf = (error: Error): string => (error as Error & { code?: string }).code ?? error.name;

/** A bare repository on disk, in git's own format: `git --git-dir=FOLDER log` reads it too. */
export class BareRepository {
  readonly gitdir: string;
  readonly #cache = {};

  constructor(gitdir: string) {
    this.gitdir = gitdir;
  }

  get #at() {
    return { fs, gitdir: this.gitdir, cache: this.#cache };
  }

  async init(defaultBranch: string): Promise<void> {
    await git.init({ fs, gitdir: this.gitdir, bare: true, defaultBranch });
  }

  /** Where a ref stands; null when there is none. */
  async ref(name: string): Promise<string | null> {
    try {
      return await git.resolveRef({ ...this.#at, ref: name });
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  async setRef(name: string, sha: string): Promise<void> {
    await git.writeRef({ ...this.#at, ref: name, value: sha, force: true });
  }

  async deleteRef(name: string): Promise<void> {
    await git.deleteRef({ ...this.#at, ref: name });
  }

  async branches(): Promise<string[]> {
    return (await git.listBranches(this.#at)).toSorted();
  }

  /** A branch, a full ref or a commit's SHA as the SHA of a commit; null when there is no such. */
  async commitOf(name: string): Promise<string | null> {
    const found = (await this.ref(`refs/heads/${name}`)) ?? (await this.ref(name.startsWith("refs/") ? name : `refs/${name}`));
    if (found !== null) return found;
    if (!/^[0-9a-f]{40}$/.test(name)) return null;
    return (await this.commit(name).catch(() => null)) ? name : null;
  }

  async writeBlob(content: Uint8Array): Promise<string> {
    return await git.writeBlob({ ...this.#at, blob: content });
  }

  async blob(sha: string): Promise<Buffer> {
    try {
      return Buffer.from((await git.readBlob({ ...this.#at, oid: sha })).blob);
    } catch {
      throw new GitProblem("missing", `there is no blob ${sha}`);
    }
  }

  async commit(sha: string): Promise<Commit> {
    try {
      const { commit } = await git.readCommit({ ...this.#at, oid: sha });
      return commitOf(sha, commit);
    } catch {
      throw new GitProblem("missing", `there is no commit ${sha}`);
    }
  }

  async writeCommit(commit: Omit<Commit, "sha" | "signature"> & { signature?: string | undefined }): Promise<string> {
    const { tree, parents: parent, message, author, committer, signature } = commit;
    const people = { author: toGit(author), committer: toGit(committer) };
    return await git.writeCommit({
      ...this.#at,
      commit: { tree, parent, message, ...people, ...(signature === undefined ? {} : { gpgsig: signature }) },
    });
  }

  /** One folder of a tree. Error: GitProblem missing. */
  async tree(sha: string): Promise<Entry[]> {
    try {
      const { tree } = await git.readTree({ ...this.#at, oid: sha });
      return tree.map(({ path, mode, oid }) => ({ path, mode: sixDigits(mode), type: typeOf(sixDigits(mode)), sha: oid }));
    } catch {
      throw new GitProblem("missing", `there is no tree ${sha}`);
    }
  }

  /** All files below a tree, by path; with folders where asked. */
  async files(sha: string, options: { folders?: boolean } = {}): Promise<Map<string, Entry>> {
    const found = new Map<string, Entry>();
    const walk = async (tree: string, prefix: string): Promise<void> => {
      for (const entry of await this.tree(tree)) {
        const path = prefix + entry.path;
        if (entry.type !== "tree" || options.folders) found.set(path, { ...entry, path });
        if (entry.type === "tree") await walk(entry.sha, `${path}/`);
      }
    };
    await walk(sha, "");
    return found;
  }

  /** Writes the trees that hold exactly these files; an empty map is the empty tree. */
  async writeTree(files: ReadonlyMap<string, { mode: string; sha: string }>): Promise<string> {
    const entries: TreeEntry[] = [];
    const folders = new Map<string, Map<string, { mode: string; sha: string }>>();
    for (const [path, file] of files) {
      const at = path.indexOf("/");
      if (at === -1) {
        const type = file.mode === "160000" ? "commit" : "blob";
        entries.push({ path, mode: file.mode, oid: file.sha, type });
        continue;
      }
      const folder = path.slice(0, at);
      const inside = folders.get(folder) ?? new Map<string, { mode: string; sha: string }>();
      inside.set(path.slice(at + 1), file);
      folders.set(folder, inside);
    }
    for (const [path, inside] of folders) {
      if (files.has(path)) throw new GitProblem("invalid", `${path} is a file and a folder at once`);
      entries.push({ path, mode: "040000", oid: await this.writeTree(inside), type: "tree" });
    }
    return await git.writeTree({ ...this.#at, tree: entries });
  }

  /** Newest first. */
  async log(sha: string, depth: number): Promise<Commit[]> {
    const found = await git.log({ ...this.#at, ref: sha, depth });
    return found.map(({ oid, commit }) => commitOf(oid, commit));
  }

  async mergeBase(one: string, other: string): Promise<string | null> {
    const found = (await git.findMergeBase({ ...this.#at, oids: [one, other] })) as string[];
    return found[0] ?? null;
  }

  /** Merges `theirs` into the branch `ours` as a merge commit, nothing of a working folder. Error: GitProblem conflict. */
  async merge(
    ours: string,
    theirs: string,
    commit: { message: string; by: GitPerson; dryRun?: boolean },
  ): Promise<string | null> {
    const person = toGit(commit.by);
    try {
      const merged = await git.merge({
        ...this.#at,
        ours: `refs/heads/${ours}`,
        theirs,
        fastForward: false,
        abortOnConflict: true,
        dryRun: commit.dryRun ?? false,
        message: commit.message,
        author: person,
        committer: person,
      });
      return merged.oid ?? null;
    } catch (error) {
      if (error instanceof Error && ["MergeConflictError", "MergeNotSupportedError"].includes(codeOf(error))) {
        throw new GitProblem("conflict", "the branches conflict");
      }
      throw error;
    }
  }
}

function toGit({ name, email, date }: GitPerson): { name: string; email: string; timestamp: number; timezoneOffset: number } {
  return { name, email, timestamp: Math.floor(Date.parse(date) / 1_000), timezoneOffset: 0 };
}

const commitOf = (sha: string, commit: CommitObject): Commit => ({
  sha,
  tree: commit.tree,
  parents: commit.parent,
  message: commit.message,
  signature: commit.gpgsig?.trim() ?? null,
  ...peopleOf(commit),
});

function peopleOf(commit: CommitObject): Pick<Commit, "author" | "committer"> {
  const of = ({ name, email, timestamp }: CommitObject["author"]): GitPerson => ({
    name,
    email,
    date: new Date(timestamp * 1_000).toISOString().replace(".000Z", "Z"),
  });
  return { author: of(commit.author), committer: of(commit.committer) };
}
