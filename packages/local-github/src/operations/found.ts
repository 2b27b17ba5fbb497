import type { Asked } from "../asked.ts";
import { notFound } from "../github-problem.ts";
import type { BareRepository } from "../git/bare-repository.ts";
import type { Issue, Repository } from "../github-state.ts";
import type { PullRequest } from "../present/pull.ts";

/** The repository that a path names, with its git. Error: 404. */
export function repositoryIn(asked: Asked): { repository: Repository; git: BareRepository } {
  const repository = asked.state.repository(asked.params["owner"] ?? "", asked.params["repo"] ?? "");
  if (!repository || (asked.account !== null && asked.account.toLowerCase() !== repository.owner.toLowerCase())) throw notFound();
  return { repository, git: asked.gitOf(repository) };
}

export function issueIn(asked: Asked): { repository: Repository; issue: Issue } {
  const { repository } = repositoryIn(asked);
  const issue = repository.issues.find(({ number }) => number === Number(asked.params["issue_number"]));
  if (!issue) throw notFound();
  return { repository, issue };
}

export function pullIn(asked: Asked): { repository: Repository; git: BareRepository; issue: PullRequest } {
  const { repository, git } = repositoryIn(asked);
  const issue = repository.issues.find(({ number }) => number === Number(asked.params["pull_number"]));
  if (!issue?.pull) throw notFound();
  return { repository, git, issue: issue as PullRequest };
}
