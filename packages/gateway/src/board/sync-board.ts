import { AitoError, type Clock, errorText, isAitoError, sha256 } from "@aito/base";
import {
  type BoardJob,
  canonicalText,
  commentsAt,
  issueBody,
  issueTitle,
  labelsFor,
  noteBody,
  noteIn,
  type Settled,
  taskIdIn,
} from "@aito/company";
import type { IssueComment, IssueSnapshot, IssueWrite } from "@aito/protocol";

/**
 * The other side. Each call is one request and may fail with AITO_GITHUB_{LIMIT,UNAVAILABLE,REFUSED,INVALID}; after a failure nobody knows whether
 * a write was made. A missing issue is null.
 */
export interface IssueBoard {
  /** Pages of issues changed at or after `since`, oldest change first; `unchanged` when `etag` still holds; a full page has none. */
  list(input: { since: string | null; page: number; etag: string | null }): Promise<IssuePage>;
  get(number: number): Promise<IssueSnapshot | null>;
  create(issue: { title: string; body: string; labels: string[] }): Promise<IssueSnapshot>;
  update(number: number, write: IssueWrite): Promise<IssueSnapshot>;
  comments(number: number): Promise<IssueComment[]>;
  comment(number: number, body: string): Promise<void>;
}

export interface IssuePage {
  issues: IssueSnapshot[];
  more: boolean;
  etag: string | null;
  unchanged: boolean;
}

/** Our side, already bound to a session that is fenced: use cases over the database, or a model of them. */
export interface BoardRecords {
  settle(issue: IssueSnapshot, options: { writing: boolean }): Promise<Settled | null>;
  nextJob(): Promise<BoardJob | null>;
  beginCreate(job: BoardJob): Promise<void>;
  endJob(job: BoardJob, end: { done: true } | { gone: string } | { failed: string }): Promise<void>;
  waitingNotes(taskId: string): Promise<{ key: string; body: string; attempted: boolean }[]>;
  /** A write that was made, as it stands on record. */
  told(told: { taskId: string; issue: number; what: "created" | "updated" | "commented"; digest: string }): Promise<void>;
  recordNote(note: { taskId: string; key: string; sent: boolean }): Promise<void>;
  takeComments(input: { taskId: string; number: number; comments: IssueComment[]; readTo: string }): Promise<void>;
  progress(input: { readTo?: string | null; etag?: string | null; pollAt?: Date }): Promise<void>;
}

export interface SyncSetup {
  records: BoardRecords;
  issues: IssueBoard;
  label: string;
  login: string;
  clock: Pick<Clock, "now">;
  /** Waits for the next place in the pace of writes. */
  pace: () => Promise<void>;
}

/** Looks at an issue for one job; between any two of them a human may have changed the issue again. */
const roundsMax = 8;
const pagesMax = 1_000;
/** GitHub's clock and ours may differ by so much, when an issue is looked for that may have been made. */
const clockSlackMs = 15 * 60_000;

/** Reads what changed there since the last time. Every page is stored before the next: a crash goes on where it was. */
export async function pullIssues(
  setup: SyncSetup,
  from: { readTo: string | null; etag: string | null },
  pollSeconds: number,
): Promise<void> {
  const { records, issues, clock } = setup;
  let since = from.readTo;
  let etag: string | null = from.etag;
  let page = 1;
  let run = new Set<string>();
  let before: Set<string> | null = null;
  for (let count = 0; count < pagesMax; count += 1) {
    const found = await issues.list({ since, page, etag: page === 1 ? etag : null });
    if (found.unchanged) break;
    for (const issue of found.issues) await pullOne(setup, issue);
    for (const { number, updatedAt } of found.issues) run.add(`${number} ${updatedAt}`);
    const newest = found.issues.at(-1)?.updatedAt ?? since;
    const moved = newest !== since;
    if (page > 1 && (moved || !found.more) && !sameSet(before, run)) {
      // What is changed while pages are turned moves to the end, and another one slips into the page before: they are turned again.
      [before, run, page] = [run, new Set(), 1];
      continue;
    }
    // A later time begins a new first page, from which nothing can slip; only within one second are pages turned.
    since = newest;
    etag = moved || page > 1 ? null : found.etag;
    await records.progress({ readTo: since, etag });
    if (!found.more) break;
    page = moved ? 1 : page + 1;
    if (moved) [before, run] = [null, new Set()];
  }
  await records.progress({ pollAt: new Date(clock.now().getTime() + pollSeconds * 1_000) });
}

const sameSet = (before: Set<string> | null, now: Set<string>): boolean =>
  before !== null && before.size === now.size && [...now].every((one) => before.has(one));

async function pullOne(setup: SyncSetup, issue: IssueSnapshot): Promise<void> {
  const settled = await setup.records.settle(issue, { writing: false });
  if (!settled) return;
  if (settled.double !== null) return await closeDouble(setup, issue);
  if (settled.comments) await bringComments(setup, settled.taskId, issue);
}

async function bringComments({ records, issues }: SyncSetup, taskId: string, issue: IssueSnapshot): Promise<void> {
  const { number } = issue;
  await records.takeComments({ taskId, number, comments: await issues.comments(number), readTo: commentsAt(issue) });
}

/** A request of ours that came through after it had been given up: the task has its issue, this one is closed. */
async function closeDouble({ issues, pace }: SyncSetup, issue: IssueSnapshot): Promise<void> {
  if (!issue.open) return;
  await pace();
  await issues.update(issue.number, { open: false, reason: "not_planned" });
}

/** Tells GitHub of one task. False: there is nothing to tell. Errors that concern all tasks are thrown; those of one are kept with it. */
export async function pushOne(setup: SyncSetup): Promise<boolean> {
  const { records, issues, pace } = setup;
  const job = await records.nextJob();
  if (!job) return false;
  try {
    await pace();
    const issue = job.number === null ? await makeIssue(setup, job) : await issues.get(job.number);
    await writeIssue(setup, job, issue);
  } catch (error) {
    if (!isAitoError(error, "AITO_GITHUB_INVALID") && !isAitoError(error, "AITO_BOARD_UNSETTLED")) throw error;
    await records.endJob(job, { failed: errorText(error) });
  }
  return true;
}

/** The task's issue: the one that an earlier attempt made, else a new one. */
async function makeIssue(setup: SyncSetup, job: BoardJob): Promise<IssueSnapshot> {
  const { records, issues, label } = setup;
  const { draft, taskId } = job;
  const made = job.createdSince === null ? null : await findMade(setup, taskId, job.createdSince);
  if (made) return made;
  await records.beginCreate(job);
  const body = issueBody(draft.text, taskId);
  const written = { title: issueTitle(draft.title), body, labels: labelsFor(draft, label, []) };
  const issue = await issues.create(written);
  await records.told({ taskId, issue: issue.number, what: "created", digest: digestOf(written) });
  return issue;
}

async function findMade({ issues, login }: SyncSetup, taskId: string, since: Date): Promise<IssueSnapshot | null> {
  const from = new Date(since.getTime() - clockSlackMs).toISOString().replace(/\.\d+Z$/, "Z");
  for (let page = 1; page <= pagesMax; page += 1) {
    const found = await issues.list({ since: from, page, etag: null });
    const ours = found.issues.find((issue) => issue.author === login && taskIdIn(issue.body) === taskId);
    if (ours) return ours;
    if (!found.more) break;
  }
  return null;
}

/**
 * Merges, says what is to be said, and writes, until both sides say the same. A write follows its reading at once: whatever takes time
 * comes before, and then the issue is read again.
 */
async function writeIssue(setup: SyncSetup, job: BoardJob, first: IssueSnapshot | null): Promise<void> {
  const { records, issues, pace } = setup;
  let issue = first;
  for (let round = 0; round < roundsMax; round += 1) {
    if (issue === null) {
      return await records.endJob(job, { gone: "its issue is not there any more; the task goes on without it" });
    }
    const { number }: IssueSnapshot = issue;
    const settled = await records.settle(issue, { writing: true });
    if (!settled) throw new AitoError("AITO_BOARD_UNSETTLED", `issue ${number} does not say that it is of task ${job.taskId}`);
    if (settled.double !== null) return await closeDouble(setup, issue);
    if (settled.comments) await bringComments(setup, settled.taskId, issue);
    const said = await sayNotes(setup, job.taskId, number);
    if (settled.write === null && !said) return await records.endJob(job, { done: true });
    if (said || settled.comments || settled.write === null) {
      await pace();
      issue = await issues.get(number);
    } else {
      issue = await issues.update(number, settled.write);
      await records.told({ taskId: job.taskId, issue: number, what: "updated", digest: digestOf(settled.write) });
    }
  }
  throw new AitoError("AITO_BOARD_UNSETTLED", `an issue changed again at each of ${roundsMax} looks`);
}

const digestOf = (written: unknown): string => sha256(canonicalText(written));

/** True when something was said. */
async function sayNotes({ records, issues, login, pace }: SyncSetup, taskId: string, number: number): Promise<boolean> {
  const waiting = await records.waitingNotes(taskId);
  for (const { key, body, attempted } of waiting) {
    const there = attempted && (await issues.comments(number)).some((one) => one.author === login && noteIn(one.body) === key);
    if (!there) {
      await records.recordNote({ taskId, key, sent: false });
      await pace();
      const text = noteBody(body, key);
      await issues.comment(number, text);
      await records.told({ taskId, issue: number, what: "commented", digest: digestOf(text) });
    }
    await records.recordNote({ taskId, key, sent: true });
  }
  return waiting.length > 0;
}
