import type { Asked, Handler } from "../asked.ts";
import { unprocessable } from "../github-problem.ts";
import { type Issue, nextNumber, type Repository } from "../github-state.ts";
import { labelsOf, presentComment, presentIssue, presentLabel } from "../present/issue.ts";
import { issueIn, repositoryIn } from "./found.ts";

type GivenLabel = string | { name?: string };

/** The names; a label that the repository does not know is made, as GitHub does. */
function labelNames(asked: Asked, repository: Repository, given: readonly GivenLabel[]): string[] {
  const names = given.map((one) => (typeof one === "string" ? one : (one.name ?? "")));
  for (const name of names) {
    if (name === "" || name.length > 50) throw unprocessable("Label", "name", { code: "invalid" });
    if (repository.labels.some((label) => label.name === name)) continue;
    repository.labels.push({ id: asked.state.nextId(), name, color: "ededed", description: null });
  }
  return [...new Set(names)];
}

function knownAccounts(asked: Asked, logins: readonly string[]): string[] {
  const unknown = logins.find((login) => !asked.state.knows(login));
  if (unknown !== undefined) throw unprocessable("Issue", "assignees", { code: "invalid" });
  return [...new Set(logins)];
}

const tellIssue = (asked: Asked, repository: Repository, issue: Issue, action: string): void =>
  asked.tell({ repository, event: "issues", payload: { action, issue: presentIssue(issue, repository, asked) } });

function createIssue(asked: Asked) {
  const { repository } = repositoryIn(asked);
  const {
    title,
    body,
    labels = [],
    assignees = [],
  } = asked.body as {
    title: string | number;
    body?: string;
    labels?: GivenLabel[];
    assignees?: string[];
  };
  const issue: Issue = {
    id: asked.state.nextId(),
    number: nextNumber(repository),
    title: String(title),
    body: body ?? null,
    user: asked.user.login,
    state: "open",
    stateReason: null,
    labels: labelNames(asked, repository, labels),
    assignees: knownAccounts(asked, assignees),
    createdAt: asked.now,
    updatedAt: asked.now,
    closedAt: null,
    comments: [],
    pull: null,
  };
  repository.issues.push(issue);
  tellIssue(asked, repository, issue, "opened");
  return { status: 201, body: presentIssue(issue, repository, asked) };
}

function updateIssue(asked: Asked) {
  const { repository, issue } = issueIn(asked);
  const given = asked.body as {
    title?: string | number | null;
    body?: string | null;
    state?: "open" | "closed";
    state_reason?: Issue["stateReason"];
    labels?: GivenLabel[];
    assignees?: string[];
  };
  if (given.title != null) issue.title = String(given.title);
  if (given.body !== undefined) issue.body = given.body;
  if (given.labels) issue.labels = labelNames(asked, repository, given.labels);
  if (given.assignees) issue.assignees = knownAccounts(asked, given.assignees);
  issue.updatedAt = asked.now;
  const moved = given.state !== undefined && given.state !== issue.state;
  if (moved) {
    const closed = given.state === "closed";
    issue.state = given.state!;
    issue.closedAt = closed ? asked.now : null;
    issue.stateReason = closed ? (given.state_reason ?? "completed") : "reopened";
  }
  tellIssue(asked, repository, issue, moved ? (issue.state === "closed" ? "closed" : "reopened") : "edited");
  return { body: presentIssue(issue, repository, asked) };
}

export const issueHandlers: Record<string, Handler> = {
  "issues/create": createIssue,
  "issues/update": updateIssue,
  "issues/get": (asked) => {
    const { repository, issue } = issueIn(asked);
    return { body: presentIssue(issue, repository, asked) };
  },
  "issues/list-for-repo": (asked) => {
    const { repository } = repositoryIn(asked);
    const { state = "open", labels, since, sort = "created", direction = "desc" } = asked.query;
    const wanted = labels?.split(",").filter((name) => name !== "") ?? [];
    const key = sort === "updated" ? "updatedAt" : "createdAt";
    const found = repository.issues
      .filter(
        (issue) =>
          (state === "all" || issue.state === state) &&
          wanted.every((name) => issue.labels.includes(name)) &&
          (since === undefined || Date.parse(issue.updatedAt) >= Date.parse(since)),
      )
      .toSorted((a, b) => (a[key] === b[key] ? a.number - b.number : a[key] < b[key] ? -1 : 1));
    const ordered = direction === "asc" ? found : found.toReversed();
    return { list: ordered.map((issue) => presentIssue(issue, repository, asked)) };
  },
  "issues/list-comments": (asked) => {
    const { repository, issue } = issueIn(asked);
    return { list: issue.comments.map((comment) => presentComment(comment, issue, repository, asked)) };
  },
  "issues/create-comment": (asked) => {
    const { repository, issue } = issueIn(asked);
    const { id, body } = { id: asked.state.nextId(), body: String(asked.body["body"]) };
    const comment = { id, user: asked.user.login, body, createdAt: asked.now, updatedAt: asked.now };
    issue.comments.push(comment);
    issue.updatedAt = asked.now;
    const shown = presentComment(comment, issue, repository, asked);
    const payload = { action: "created", issue: presentIssue(issue, repository, asked), comment: shown };
    asked.tell({ repository, event: "issue_comment", payload });
    return { status: 201, body: shown };
  },
  "issues/add-labels": (asked) => setLabels(asked, true),
  "issues/set-labels": (asked) => setLabels(asked, false),
  "issues/list-labels-for-repo": (asked) => {
    const { repository } = repositoryIn(asked);
    return { list: repository.labels.map((label) => presentLabel(label, repository, asked)) };
  },
  "issues/create-label": (asked) => {
    const { repository } = repositoryIn(asked);
    const { name, color, description } = asked.body as { name: string; color?: string; description?: string };
    if (repository.labels.some((label) => label.name.toLowerCase() === name.toLowerCase())) {
      throw unprocessable("Label", "name", { code: "already_exists" });
    }
    const label = { id: asked.state.nextId(), name, color: color ?? "ededed", description: description ?? null };
    repository.labels.push(label);
    return { status: 201, body: presentLabel(label, repository, asked) };
  },
};

function setLabels(asked: Asked, keep: boolean) {
  const { repository, issue } = issueIn(asked);
  const { body } = asked;
  const given = (Array.isArray(body) ? body : ((body["labels"] as GivenLabel[] | undefined) ?? [])) as GivenLabel[];
  const names = labelNames(asked, repository, given);
  issue.labels = keep ? [...new Set([...issue.labels, ...names])] : names;
  issue.updatedAt = asked.now;
  tellIssue(asked, repository, issue, "labeled");
  return { body: labelsOf(issue, repository, asked) };
}
