import type { Asked, Handler } from "../asked.ts";
import { GithubProblem } from "../github-problem.ts";
import { commentableLines } from "../git/tree-changes.ts";
import type { LineComment, Review } from "../github-state.ts";
import { presentLineComment, presentReview } from "../present/pull.ts";
import { pullIn } from "./found.ts";
import { filesOfPull } from "./pulls.ts";

const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;

interface GivenComment {
  path: string;
  body: string;
  line?: number;
  side?: "LEFT" | "RIGHT";
}

async function createReview(asked: Asked) {
  const { repository, git, issue } = pullIn(asked);
  const {
    event,
    body = "",
    comments = [],
    commit_id: commit,
  } = asked.body as {
    event?: keyof typeof states;
    body?: string;
    comments?: GivenComment[];
    commit_id?: string;
  };
  if (event === undefined) throw new GithubProblem(422, "Unprocessable Entity: pending reviews are not served here");
  const refuse = (message: string): never => {
    throw new GithubProblem(422, "Unprocessable Entity", { errors: [message] });
  };
  if (event !== "COMMENT" && issue.user === asked.user.login) {
    refuse(event === "APPROVE" ? "Can not approve your own pull request" : "Can not request changes on your own pull request");
  }
  if (event !== "APPROVE" && body === "" && comments.length === 0) refuse("Review body can't be blank");
  const files = await filesOfPull(git, issue);
  const review: Review = {
    id: asked.state.nextId(),
    user: asked.user.login,
    body,
    state: states[event],
    commit: commit ?? issue.pull.headSha,
    submittedAt: asked.now,
  };
  const placed = comments.map(({ path, body: text, line, side = "RIGHT" }): LineComment => {
    const patch = files.find((file) => file.path === path)?.patch ?? null;
    if (patch === null) return refuse("Path could not be resolved");
    const at = commentableLines(patch).find((one) => one.line === line && one.side === side);
    if (!at) return refuse("Line could not be resolved");
    return {
      id: asked.state.nextId(),
      reviewId: review.id,
      user: asked.user.login,
      body: text,
      path,
      line: at.line,
      side,
      hunk: at.hunk,
      commit: review.commit,
      createdAt: asked.now,
      updatedAt: asked.now,
    };
  });
  issue.pull.reviews.push(review);
  issue.pull.comments.push(...placed);
  issue.updatedAt = asked.now;
  const shown = presentReview(review, issue, repository, asked);
  asked.tell({ repository, event: "pull_request_review", payload: { action: "submitted", review: shown, number: issue.number } });
  return { body: shown };
}

export const reviewHandlers: Record<string, Handler> = {
  "pulls/create-review": createReview,
  "pulls/list-reviews": (asked) => {
    const { repository, issue } = pullIn(asked);
    return { list: issue.pull.reviews.map((review) => presentReview(review, issue, repository, asked)) };
  },
  "pulls/list-review-comments": (asked) => {
    const { repository, issue } = pullIn(asked);
    return { list: issue.pull.comments.map((comment) => presentLineComment(comment, issue, repository, asked)) };
  },
};
