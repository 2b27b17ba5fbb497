import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface User {
  id: number;
  login: string;
  type: "User" | "Bot" | "Organization";
}

export interface Label {
  id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Comment {
  id: number;
  user: string;
  body: string;
  createdAt: string;
  updatedAt: string;
}

/** A comment on a line of a pull request's diff. */
export interface LineComment extends Comment {
  reviewId: number;
  path: string;
  line: number;
  side: "LEFT" | "RIGHT";
  hunk: string;
  commit: string;
}

export interface Review {
  id: number;
  user: string;
  body: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED";
  commit: string;
  submittedAt: string;
}

export interface Pull {
  head: string;
  /** Where the head stands; kept when the branch is gone. */
  headSha: string;
  base: string;
  baseSha: string;
  draft: boolean;
  mergedAt: string | null;
  mergedBy: string | null;
  mergeSha: string | null;
  reviews: Review[];
  comments: LineComment[];
}

/** An issue, or a pull request: GitHub numbers both together. */
export interface Issue {
  id: number;
  number: number;
  title: string;
  body: string | null;
  user: string;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "reopened" | null;
  labels: string[];
  assignees: string[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  comments: Comment[];
  pull: Pull | null;
}

export interface Check {
  id: number;
  sha: string;
  name: string;
  state: string;
  conclusion: string | null;
  description: string | null;
  user: string;
  createdAt: string;
}

export interface Hook {
  id: number;
  url: string;
  secret: string | null;
  events: string[];
  active: boolean;
  createdAt: string;
}

export interface Repository {
  id: number;
  owner: string;
  name: string;
  private: boolean;
  defaultBranch: string;
  createdAt: string;
  pushedAt: string;
  issues: Issue[];
  labels: Label[];
  statuses: Check[];
  checkRuns: Check[];
  hooks: Hook[];
}

interface Kept {
  nextId: number;
  users: User[];
  repositories: Repository[];
}

/** What is not in git: accounts, issues, pull requests, hooks. One JSON file, replaced whole after each change. */
export class GithubState {
  #kept: Kept = { nextId: 1_000, users: [], repositories: [] };
  #saving: Promise<void> = Promise.resolve();
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(folder: string): Promise<GithubState> {
    const state = new GithubState(folder);
    await mkdir(folder, { recursive: true });
    const text = await readFile(join(folder, "state.json"), "utf8").catch(() => null);
    if (text !== null) state.#kept = JSON.parse(text) as Kept;
    return state;
  }

  /** Resolves when everything up to now is on disk. */
  async save(): Promise<void> {
    const saved = this.#saving.then(async () => {
      const file = join(this.folder, "state.json");
      await writeFile(`${file}.new`, JSON.stringify(this.#kept));
      await rename(`${file}.new`, file);
    });
    this.#saving = saved.catch(() => {});
    await saved;
  }

  nextId(): number {
    this.#kept.nextId += 1;
    return this.#kept.nextId;
  }

  get repositories(): readonly Repository[] {
    return this.#kept.repositories;
  }

  /** The account of this name, made when it is new. */
  account(login: string, type: User["type"] = "User"): User {
    const known = this.#kept.users.find((user) => user.login.toLowerCase() === login.toLowerCase());
    if (known) return known;
    const made: User = { id: this.nextId(), login, type };
    this.#kept.users.push(made);
    return made;
  }

  knows(login: string): boolean {
    return this.#kept.users.some((user) => user.login.toLowerCase() === login.toLowerCase());
  }

  repository(owner: string, name: string): Repository | null {
    const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
    return this.#kept.repositories.find((one) => same(one.owner, owner) && same(one.name, name)) ?? null;
  }

  addRepository(repository: Repository): void {
    this.#kept.repositories.push(repository);
  }

  folderOf({ owner, name }: Pick<Repository, "owner" | "name">): string {
    return join(this.folder, owner, `${name}.git`);
  }
}

export const nextNumber = ({ issues }: Repository): number => Math.max(0, ...issues.map(({ number }) => number)) + 1;
