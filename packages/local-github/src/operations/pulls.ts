import type { Asked, Handler } from "../asked.ts";
import { GithubProblem, unprocessable } from "../github-problem.ts";
import { type BareRepository, GitProblem } from "../git/bare-repository.ts";
import { type TreeChange, treeChanges } from "../git/tree-changes.ts";
import { nextNumber, type Repository } from "../github-state.ts";
import { presentCommit, presentFile } from "../present/commit.ts";
import { presentPull, type PullRequest, type Standing } from "../present/pull.ts";
import { branchMoved } from "./branch-moved.ts";
import { pullIn, repositoryIn } from "./found.ts";
import { commitsBetween } from "./repositories.ts";

const pullsOf = ({ issues }: Repository): PullRequest[] => issues.filter((issue): issue is PullRequest => issue.pull !== null);

/** What the pull request changes, against where its branch left the base. */
export async function filesOfPull(git: BareRepository, { pull }: PullRequest): Promise<TreeChange[]> {
  const base = await git.mergeBase(pull.baseSha, pull.headSha);
  const before = base === null ? null : (await git.commit(base)).tree;
  return await treeChanges(git, before, (await git.commit(pull.headSha)).tree);
}

async function standingOf(git: BareRepository, issue: PullRequest): Promise<Standing> {
  const { pull } = issue;
  const files = await filesOfPull(git, issue);
  const sum = (of: "additions" | "deletions"): number => files.reduce((total, file) => total + file[of], 0);
  return {
    mergeable: issue.state === "closed" ? null : await mergeable(git, pull),
    commits: (await commitsBetween(git, pull.baseSha, pull.headSha)).length,
    additions: sum("additions"),
    deletions: sum("deletions"),
    changedFiles: files.length,
  };
}

async function mergeable(git: BareRepository, { base, headSha }: PullRequest["pull"]): Promise<boolean> {
  const by = { name: "check", email: "check@localhost", date: "2026-01-01T00:00:00Z" };
  try {
    await git.merge(base, headSha, { message: "check", by, dryRun: true });
    return true;
  } catch (error) {
    if (error instanceof GitProblem) return false;
    throw error;
  }
}

const whole = async (asked: Asked, issue: PullRequest): Promise<Record<string, unknown>> => {
  const { repository, git } = repositoryIn(asked);
  return presentPull(issue, repository, asked, await standingOf(git, issue));
};

async function createPull(asked: Asked) {
  const { repository, git } = repositoryIn(asked);
  const {
    title,
    body,
    head: named,
    base,
    draft,
  } = asked.body as {
    title?: string;
    body?: string;
    head: string;
    base: string;
    draft?: boolean;
  };
  if (!title) throw unprocessable("PullRequest", "title", { code: "missing_field" });
  const head = named.replace(/^[^:]+:/, "");
  const [headSha, baseSha] = [await git.ref(`refs/heads/${head}`), await git.ref(`refs/heads/${base}`)];
  if (headSha === null) throw unprocessable("PullRequest", "head", { code: "invalid" });
  if (baseSha === null) throw unprocessable("PullRequest", "base", { code: "invalid" });
  if (pullsOf(repository).some(({ state, pull }) => state === "open" && pull.head === head && pull.base === base)) {
    const message = `A pull request already exists for ${repository.owner}:${head}.`;
    throw new GithubProblem(422, "Validation Failed", { errors: [{ resource: "PullRequest", code: "custom", message }] });
  }
  if ((await commitsBetween(git, baseSha, headSha)).length === 0) {
    const message = `No commits between ${base} and ${head}`;
    throw new GithubProblem(422, "Validation Failed", { errors: [{ resource: "PullRequest", code: "custom", message }] });
  }
  const issue: PullRequest = {
    id: asked.state.nextId(),
    number: nextNumber(repository),
    title,
    body: body ?? null,
    user: asked.user.login,
    state: "open",
    stateReason: null,
    labels: [],
    assignees: [],
    createdAt: asked.now,
    updatedAt: asked.now,
    closedAt: null,
    comments: [],
    pull: {
      head,
      headSha,
      base,
      baseSha,
      draft: draft ?? false,
      mergedAt: null,
      mergedBy: null,
      mergeSha: null,
      reviews: [],
      comments: [],
    },
  };
  repository.issues.push(issue);
  tellPull(asked, repository, issue, "opened");
  return { status: 201, body: await whole(asked, issue) };
}

const tellPull = (asked: Asked, repository: Repository, issue: PullRequest, action: string): void =>
  asked.tell({
    repository,
    event: "pull_request",
    payload: { action, number: issue.number, pull_request: presentPull(issue, repository, asked) },
  });

async function updatePull(asked: Asked) {
  const { repository, issue } = pullIn(asked);
  const { title, body, state } = asked.body as { title?: string; body?: string; state?: "open" | "closed" };
  if (state === "open" && issue.pull.mergedAt !== null) throw unprocessable("PullRequest", "state", { code: "invalid" });
  if (title !== undefined) issue.title = title;
  if (body !== undefined) issue.body = body;
  if (state !== undefined && state !== issue.state) {
    Object.assign(issue, { state, closedAt: state === "closed" ? asked.now : null });
    tellPull(asked, repository, issue, state === "closed" ? "closed" : "reopened");
  }
  issue.updatedAt = asked.now;
  return { body: await whole(asked, issue) };
}

async function mergePull(asked: Asked) {
  const { repository, git, issue } = pullIn(asked);
  const { pull } = issue;
  const {
    sha,
    commit_title: title,
    commit_message: message,
    merge_method: method = "merge",
  } = asked.body as {
    sha?: string;
    commit_title?: string;
    commit_message?: string;
    merge_method?: string;
  };
  if (issue.state === "closed") throw new GithubProblem(405, "Pull Request is not mergeable");
  if (pull.draft) throw new GithubProblem(405, "Pull Request is still a draft");
  if (method !== "merge") throw new GithubProblem(405, "Only merge commits are allowed in this repository");
  if (sha !== undefined && sha !== pull.headSha) {
    throw new GithubProblem(409, "Head branch was modified. Review and try the merge again.");
  }
  const first = title ?? `Merge pull request #${issue.number} from ${repository.owner}/${pull.head}`;
  const by = { name: asked.user.login, email: `${asked.user.login}@users.noreply.localhost`, date: asked.now };
  const before = await git.ref(`refs/heads/${pull.base}`);
  pull.baseSha = before ?? pull.baseSha;
  const merged = await git
    .merge(pull.base, pull.headSha, { message: `${first}\n\n${message ?? issue.title}`, by })
    .catch((error: unknown) => {
      if (error instanceof GitProblem) throw new GithubProblem(405, "Pull Request is not mergeable");
      throw error;
    });
  Object.assign(issue, { state: "closed", closedAt: asked.now, updatedAt: asked.now });
  Object.assign(pull, { mergedAt: asked.now, mergedBy: asked.user.login, mergeSha: merged });
  branchMoved(asked, repository, pull.base, { before, after: merged });
  tellPull(asked, repository, issue, "closed");
  return { body: { sha: merged, merged: true, message: "Pull Request successfully merged" } };
}

export const pullHandlers: Record<string, Handler> = {
  "pulls/create": createPull,
  "pulls/update": updatePull,
  "pulls/merge": mergePull,
  "pulls/get": async (asked) => ({ body: await whole(asked, pullIn(asked).issue) }),
  "pulls/list": (asked) => {
    const { repository } = repositoryIn(asked);
    const { state = "open", head, base } = asked.query;
    const found = pullsOf(repository).filter(
      (issue) =>
        (state === "all" || issue.state === state) &&
        (head === undefined || `${repository.owner}:${issue.pull.head}`.toLowerCase() === head.toLowerCase()) &&
        (base === undefined || issue.pull.base === base),
    );
    return { list: found.toReversed().map((issue) => presentPull(issue, repository, asked)) };
  },
  "pulls/list-files": async (asked) => {
    const { repository, git, issue } = pullIn(asked);
    const place = { repository, baseUrl: asked.baseUrl };
    return { list: (await filesOfPull(git, issue)).map((file) => presentFile(file, place, issue.pull.headSha)) };
  },
  "pulls/list-commits": async (asked) => {
    const { repository, git, issue } = pullIn(asked);
    const commits = await commitsBetween(git, issue.pull.baseSha, issue.pull.headSha);
    return { list: commits.map((commit) => presentCommit(commit, { repository, baseUrl: asked.baseUrl })) };
  },
  "pulls/check-if-merged": (asked) => {
    if (pullIn(asked).issue.pull.mergedAt === null) throw new GithubProblem(404, "Not Found");
    return { status: 204, body: null };
  },
};
