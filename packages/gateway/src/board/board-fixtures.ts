import { AitoError } from "@aito/base";
import { type BoardFields, type BoardJob, commentsAt, levelOf, mergeIssue, type Settled, taskIdIn } from "@aito/company";
import type { IssueComment, IssueSnapshot, IssueWrite } from "@aito/protocol";
import type { BoardRecords, IssueBoard } from "./sync-board.ts";

export const botLogin = "bot";
export const boardLabel = "aito";
export const boardAgents = new Set(["ceo", "cmo", "cto"]);

export type GithubFault = "limit" | "lost-request" | "lost-answer" | null;

/** GitHub's issues in memory: each call is one request that may be refused, lost, or made without its answer arriving. */
export class FakeGithub implements IssueBoard {
  readonly issues: (IssueSnapshot & { said: IssueComment[] })[] = [];
  /** What goes wrong with the next request, and what happens right before it. */
  next: { fault: () => GithubFault; before: (kind: "read" | "write") => void } = {
    fault: () => null,
    before: () => {},
  };
  requests = 0;
  #tick = 0;

  /** Two changes in a row may have the same time, as within one of GitHub's seconds. */
  now(): string {
    this.#tick += 1;
    return new Date(1_772_442_000_000 + Math.floor(this.#tick / 3) * 1_000).toISOString().replace(".000Z", "Z");
  }

  add(issue: { title: string; body: string; labels: string[]; author: string }): IssueSnapshot {
    const made = {
      ...issue,
      number: this.issues.length + 1,
      open: true,
      reason: null,
      association: "MEMBER",
      comments: 0,
      updatedAt: this.now(),
      closedAt: null,
      said: [],
    };
    this.issues.push(made);
    return structuredClone(made);
  }

  change(number: number, write: IssueWrite): IssueSnapshot {
    const issue = this.issues[number - 1]!;
    const updatedAt = this.now();
    const closedAt = write.open === undefined || write.open === issue.open ? issue.closedAt : write.open ? null : updatedAt;
    Object.assign(issue, structuredClone(write), { updatedAt, closedAt });
    return structuredClone(issue);
  }

  say(number: number, author: string, body: string): void {
    const issue = this.issues[number - 1]!;
    issue.said.push({ id: this.requests * 1_000 + issue.said.length + number * 1_000_000, author, association: "MEMBER", body });
    issue.comments += 1;
    issue.updatedAt = this.now();
  }

  list({ since, page, etag }: { since: string | null; page: number; etag: string | null }) {
    return this.#request("read", () => {
      const all = this.issues
        .filter((issue) => since === null || issue.updatedAt >= since)
        .toSorted((a, b) => (a.updatedAt === b.updatedAt ? a.number - b.number : a.updatedAt < b.updatedAt ? -1 : 1));
      const issues = structuredClone(all.slice((page - 1) * pageItems, page * pageItems));
      const tag = JSON.stringify([since, issues]);
      return {
        issues,
        more: all.length > page * pageItems,
        etag: issues.length < pageItems ? tag : null,
        unchanged: tag === etag,
      };
    });
  }

  get = (number: number): Promise<IssueSnapshot | null> =>
    this.#request("read", () => structuredClone(this.issues[number - 1] ?? null));
  create = (issue: { title: string; body: string; labels: string[] }): Promise<IssueSnapshot> =>
    this.#request("write", () => this.add({ ...issue, author: botLogin }));
  update = (number: number, write: IssueWrite): Promise<IssueSnapshot> =>
    this.#request("write", () => this.change(number, write));
  comments = (number: number): Promise<IssueComment[]> =>
    this.#request("read", () => structuredClone(this.issues[number - 1]!.said));
  comment = (number: number, body: string): Promise<void> => this.#request("write", () => this.say(number, botLogin, body));

  #request<T>(kind: "read" | "write", run: () => T): Promise<T> {
    this.requests += 1;
    this.next.before(kind);
    const fault = this.next.fault();
    if (fault === "limit") return Promise.reject(new AitoError("AITO_GITHUB_LIMIT", "too many requests", { fate: "retry" }));
    if (fault === "lost-request") return Promise.reject(lost());
    const answer = run();
    return fault === "lost-answer" ? Promise.reject(lost()) : Promise.resolve(answer);
  }
}

const pageItems = 3;
const lost = (): AitoError => new AitoError("AITO_GITHUB_UNAVAILABLE", "no answer", { fate: "retry" });

export interface ModelTask extends BoardFields {
  id: string;
  wanted: bigint;
  done: bigint;
  number: number | null;
  base: BoardFields | null;
  sent: BoardFields | null;
  since: Date | null;
  commentsAt: string | null;
  notes: Map<string, { body: string; attempted: boolean; sent: boolean }>;
  comments: IssueComment[];
}

/** Our side as a model: the same rules over tasks in memory. */
export class ModelRecords implements BoardRecords {
  readonly tasks: ModelTask[] = [];
  readTo: string | null = null;
  etag: string | null = null;

  add(fields: BoardFields, number: number | null = null): ModelTask {
    const id = `01234567-89ab-7cde-8fab-${String(this.tasks.length).padStart(12, "0")}`;
    const task: ModelTask = {
      ...fields,
      id,
      wanted: 1n,
      done: 0n,
      number,
      base: null,
      sent: null,
      since: null,
      commentsAt: null,
      notes: new Map(),
      comments: [],
    };
    this.tasks.push(task);
    return task;
  }

  change(task: ModelTask, fields: Partial<BoardFields>): void {
    Object.assign(task, fields);
    task.wanted += 1n;
  }

  settle(issue: IssueSnapshot, { writing }: { writing: boolean }): Promise<Settled | null> {
    const marked = issue.author === botLogin ? taskIdIn(issue.body) : null;
    const task = this.tasks.find((one) => one.number === issue.number) ?? this.tasks.find((one) => one.id === marked);
    if (!task) return Promise.resolve(this.#adopt(issue));
    if (task.number !== null && task.number !== issue.number) {
      return Promise.resolve({ taskId: task.id, write: null, comments: false, double: issue.number });
    }
    const { title, text, level, assignee, status, open } = task;
    const ours = { title, text, level, assignee, status, open };
    const plan = mergeIssue(issue, { mirror: task, ours, agents: boardAgents, label: boardLabel, taskId: task.id });
    if (Object.keys(plan.take).length > 0) this.change(task, plan.take);
    if (plan.closedByHuman) task.notes.set(`reopened:${issue.closedAt}`, { body: "reopened", attempted: false, sent: false });
    if (!open && (task.base?.open ?? true) && !task.notes.has("end")) {
      task.notes.set("end", { body: "ended", attempted: false, sent: false });
    }
    Object.assign(task, { number: issue.number, base: plan.base, sent: writing ? plan.want : null, since: null });
    if (plan.write && !writing && task.wanted === task.done) task.wanted += 1n;
    const comments = issue.comments > 0 && task.commentsAt !== commentsAt(issue);
    return Promise.resolve({ taskId: task.id, write: writing ? plan.write : null, comments, double: null });
  }

  #adopt(issue: IssueSnapshot): Settled | null {
    if (issue.author === botLogin || !issue.open || !issue.labels.includes(boardLabel)) return null;
    const fields: BoardFields = {
      title: issue.title,
      text: issue.body,
      level: levelOf(5),
      assignee: "ceo",
      status: "pending",
      open: true,
    };
    const task = this.add(fields, issue.number);
    task.base = { ...fields, status: "" };
    return { taskId: task.id, write: null, comments: issue.comments > 0, double: null };
  }

  nextJob(): Promise<BoardJob | null> {
    const task = this.tasks.find((one) => one.wanted > one.done);
    if (!task) return Promise.resolve(null);
    const { title, text, level, assignee, status, open } = task;
    return Promise.resolve({
      taskId: task.id,
      generation: task.wanted,
      number: task.number,
      createdSince: task.since,
      draft: { title, text, level, assignee, status, open },
    });
  }

  beginCreate(job: BoardJob): Promise<void> {
    Object.assign(this.#of(job.taskId), { since: new Date(0), sent: job.draft });
    return Promise.resolve();
  }

  endJob(job: BoardJob, end: { done: true } | { gone: string } | { failed: string }): Promise<void> {
    if (!("done" in end)) throw new Error(JSON.stringify(end));
    this.#of(job.taskId).done = job.generation;
    return Promise.resolve();
  }

  told = (): Promise<void> => Promise.resolve();

  waitingNotes(taskId: string) {
    return Promise.resolve([...this.#of(taskId).notes].filter(([, note]) => !note.sent).map(([key, note]) => ({ key, ...note })));
  }

  recordNote({ taskId, key, sent }: { taskId: string; key: string; sent: boolean }): Promise<void> {
    Object.assign(this.#of(taskId).notes.get(key)!, { attempted: true, sent });
    return Promise.resolve();
  }

  takeComments(input: { taskId: string; comments: IssueComment[]; readTo: string }): Promise<void> {
    const task = this.#of(input.taskId);
    for (const comment of input.comments) {
      if (comment.author !== botLogin && !task.comments.some(({ id }) => id === comment.id)) task.comments.push(comment);
    }
    task.commentsAt = input.readTo;
    return Promise.resolve();
  }

  progress({ readTo, etag }: { readTo?: string | null; etag?: string | null }): Promise<void> {
    if (readTo !== undefined) this.readTo = readTo;
    if (etag !== undefined) this.etag = etag;
    return Promise.resolve();
  }

  #of = (id: string): ModelTask => this.tasks.find((task) => task.id === id)!;
}
