import { wellFormed } from "@aito/base";
import type { FleetBoard, IssueComment } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { latestFleet } from "../fleet/queries.ts";
import type { Fleet } from "@aito/protocol";
import { sendMessageIn } from "../messages/send-message.ts";
import { taskRow } from "../tasks/task-view.ts";
import { type AskedTool, askToShow, shadowRoles } from "./hold-back.ts";
import { noteIn } from "./issue-text.ts";
import {
  type BoardRow,
  deleteBoard,
  forgetMirrored,
  insertBoard,
  insertComment,
  markDone,
  markFailed,
  markGone,
  markNote,
  type NoteRow,
  selectBoard,
  selectMirrored,
  selectNotes,
  selectWanted,
  takeBoard,
  updateBoard,
  updateMirrored,
  wantOpenTasks,
} from "./queries.ts";
import { boardFields, type BoardSession, fenceBoard, mayDirect } from "./settle-issue.ts";
import { type BoardFields } from "./issue-text.ts";

/** A gateway that is silent for so long no longer mirrors. */
export const boardLeaseMs = 120_000;
const commentCharactersMax = 6_000;
const retryMs = { first: 5_000, most: 600_000 };

type Held = Pick<BoardSession, "holder">;

/**
 * The board as the newest fleet file names it, held by this gateway until `boardLeaseMs` from now. "none": it names none; null: another
 * gateway mirrors it. A fleet file that no longer names one ends it; one that names another repository begins it anew.
 */
export async function takeBoardFor(
  deps: CompanyDeps,
  holder: string,
): Promise<{ board: FleetBoard; row: BoardRow } | "none" | null> {
  return await transact(deps, async (unit) => {
    const board = ((await latestFleet(unit))?.document.fleet as Fleet | undefined)?.file.board;
    const there = await selectBoard(unit);
    if (!board) {
      if (there) await deleteBoard(unit);
      return "none";
    }
    if (there?.repository !== board.repository) {
      if (there) await deleteBoard(unit);
      await forgetMirrored(unit);
      await insertBoard(unit, board.repository);
      await wantOpenTasks(unit);
      await unit.event({ type: "board.opened", source: "system", payload: { repository: board.repository } });
    }
    const row = await takeBoard(unit, holder, new Date(unit.now.getTime() + boardLeaseMs));
    return row === null ? null : { board, row };
  });
}

/** What a gateway that closes does, so that the next one need not wait. */
export async function leaveBoard(deps: CompanyDeps, session: Held): Promise<void> {
  await transact(deps, async (unit) => {
    await fenceBoard(unit, session);
    await updateBoard(unit, { lease_until: unit.now });
  });
}

export interface BoardProgress {
  /** Issues changed before it have been read. */
  readTo?: string | null;
  etag?: string | null;
  /** Read through to the end: the next look is due then. */
  pollAt?: Date;
  pausedUntil?: Date | null;
  error?: string | null;
}

/** How far it came, and what stopped it; renews the hold. Error: AITO_BOARD_LEASE. */
export async function recordProgress(deps: CompanyDeps, session: Held, progress: BoardProgress): Promise<void> {
  await transact(deps, async (unit) => {
    await fenceBoard(unit, session);
    await updateBoard(unit, {
      lease_until: new Date(unit.now.getTime() + boardLeaseMs),
      ...(progress.readTo === undefined ? {} : { read_to: progress.readTo }),
      ...(progress.etag === undefined ? {} : { etag: progress.etag }),
      ...(progress.pollAt === undefined ? {} : { poll_at: progress.pollAt, synced_at: unit.now }),
      ...(progress.pausedUntil === undefined ? {} : { paused_until: progress.pausedUntil }),
      ...(progress.error === undefined ? {} : { last_error: progress.error }),
    });
  });
}

export interface BoardJob {
  taskId: string;
  /** What is told by this job; a later change of the task makes another. */
  generation: bigint;
  number: number | null;
  /** An issue may have been made for it since then. */
  createdSince: Date | null;
  draft: BoardFields;
}

/**
 * The next task of which GitHub is to be told; null: it knows everything that it may. What is held back for a human is put before one.
 */
export async function nextBoardJob(deps: CompanyDeps, session: Held, tool: AskedTool): Promise<BoardJob | null> {
  return await transact(deps, async (unit) => {
    await fenceBoard(unit, session);
    const { file } = await currentFleet(unit);
    await askToShow(unit, file, tool);
    const row = await selectWanted(unit, shadowRoles(file));
    if (!row) return null;
    const draft = boardFields(await taskRow(unit, row.task_id));
    return { taskId: row.task_id, generation: row.wanted, number: row.number, createdSince: row.creating_at, draft };
  });
}

/** Stored before an issue is made: whoever finds it without a number looks for the issue first. */
export async function beginCreate(deps: CompanyDeps, session: Held, job: BoardJob): Promise<void> {
  await transact(deps, async (unit) => {
    await fenceBoard(unit, session);
    await updateMirrored(unit, job.taskId, { creating_at: unit.now, sent: job.draft });
  });
}

export async function endBoardJob(
  deps: CompanyDeps,
  session: Held,
  job: Pick<BoardJob, "taskId" | "generation">,
  end: { done: true } | { gone: string } | { failed: string },
): Promise<void> {
  await transact(deps, async (unit) => {
    await fenceBoard(unit, session);
    if ("done" in end) return await markDone(unit, job.taskId, job.generation);
    if ("gone" in end) return await markGone(unit, job.taskId, { generation: job.generation, error: end.gone });
    const attempts = (await selectMirrored(unit, { taskId: job.taskId }))?.attempts ?? 0;
    const wait = Math.min(retryMs.most, retryMs.first * 2 ** Math.min(attempts, 10));
    await markFailed(unit, job.taskId, { error: end.failed.slice(0, 500), retryAt: new Date(unit.now.getTime() + wait) });
  });
}

/** Comments of ours that the issue does not have yet. */
export async function waitingNotes(deps: CompanyDeps, taskId: string): Promise<NoteRow[]> {
  return await transact(deps, (unit) => selectNotes(unit, taskId));
}

/** One write on GitHub that was made, with the hash of what it said. */
export async function recordTold(
  deps: CompanyDeps,
  told: { taskId: string; issue: number; what: "created" | "updated" | "commented"; digest: string },
): Promise<void> {
  const { taskId: task, ...payload } = told;
  await transact(deps, (unit) => unit.event({ type: "board.told", source: "system", payload: { task, ...payload } }));
}

export async function recordNote(
  deps: CompanyDeps,
  session: Held,
  note: { taskId: string; key: string; sent: boolean },
): Promise<void> {
  await transact(deps, async (unit) => {
    await fenceBoard(unit, session);
    await markNote(unit, note);
  });
}

/**
 * Brings in what people wrote below an issue, each comment once: whoever does the task is told, and the text counts as from outside.
 * `readTo`: `commentsAt` of the issue when they were read.
 */
export async function takeComments(
  deps: CompanyDeps,
  session: BoardSession,
  input: { taskId: string; number: number; comments: readonly IssueComment[]; readTo: string },
): Promise<void> {
  await transact(deps, async (unit) => {
    await fenceBoard(unit, session);
    const task = await taskRow(unit, input.taskId, { lock: true });
    const from = `GitHub issue ${session.board.repository}#${input.number}`;
    for (const comment of input.comments) {
      const own = comment.author === session.login || noteIn(comment.body) !== null;
      if (own || !mayDirect(comment.association) || !(await insertComment(unit, { id: comment.id, taskId: task.id }))) continue;
      const reader = task.worker_name ?? task.assigned_name;
      const open = task.status === "pending" || task.status === "running" || task.status === "blocked";
      await unit.event({
        type: "board.commented",
        source: "human",
        target: reader,
        payload: { task: task.id, issue: input.number, comment: String(comment.id), author: comment.author.slice(0, 100) },
      });
      if (reader === null || !open) continue;
      const text = wellFormed(comment.body).slice(0, commentCharactersMax);
      await sendMessageIn(unit, "operator", {
        type: "direct",
        to: reader,
        payload: {
          text: `${comment.author.slice(0, 100)} on ${from}, about your task «${task.title}»:\n\n${text}`,
          task_id: task.id,
        },
        taint: from,
      });
    }
    await updateMirrored(unit, task.id, { comments_at: input.readTo });
  });
}
