import type { Asked } from "../asked.ts";
import type { Repository } from "../github-state.ts";
import { presentPull, type PullRequest } from "../present/pull.ts";

/** A branch stands somewhere else: open pull requests follow it, and hooks hear of it. `after` null: it is gone. */
export function branchMoved(asked: Asked, repository: Repository, branch: string, { before, after }: Moved): void {
  repository.pushedAt = asked.now;
  const zero = "0".repeat(40);
  asked.tell({
    repository,
    event: "push",
    payload: { ref: `refs/heads/${branch}`, before: before ?? zero, after: after ?? zero },
  });
  for (const issue of repository.issues) {
    if (!issue.pull || issue.state !== "open" || issue.pull.head !== branch) continue;
    issue.updatedAt = asked.now;
    if (after === null) {
      Object.assign(issue, { state: "closed", closedAt: asked.now });
    } else issue.pull.headSha = after;
    const action = after === null ? "closed" : "synchronize";
    const pull = presentPull(issue as PullRequest, repository, asked);
    asked.tell({ repository, event: "pull_request", payload: { action, number: issue.number, pull_request: pull } });
  }
}

interface Moved {
  before: string | null;
  after: string | null;
}
