import type { Tx } from "@aito/db";
import { sql } from "kysely";
import type { BoardFields } from "./issue-text.ts";

export interface BoardRow {
  repository: string;
  read_to: string | null;
  etag: string | null;
  poll_at: Date;
  synced_at: Date | null;
  paused_until: Date | null;
  last_error: string | null;
  holder: string | null;
  lease_until: Date | null;
}

export interface BoardIssueRow {
  task_id: string;
  wanted: bigint;
  done: bigint;
  number: number | null;
  base: BoardFields | null;
  sent: BoardFields | null;
  creating_at: Date | null;
  comments_at: string | null;
  attempts: number;
  last_error: string | null;
}

const issueColumns = sql`i.task_id, i.wanted, i.done, i.number, i.base, i.sent, i.creating_at, i.comments_at, i.attempts, i.last_error`;

export async function selectBoard(tx: Tx): Promise<BoardRow | null> {
  const found = await sql<BoardRow>`select * from boards`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function insertBoard(tx: Tx, repository: string): Promise<void> {
  await sql`insert into boards (company_id, repository, poll_at, created_at)
    values (${tx.companyId}, ${repository}, ${tx.now}, ${tx.now}) on conflict do nothing`.execute(tx.queries);
}

export async function deleteBoard(tx: Tx): Promise<void> {
  await sql`delete from boards`.execute(tx.queries);
}

/** A board in another repository begins anew; what was mirrored elsewhere stays there. */
export async function forgetMirrored(tx: Tx): Promise<void> {
  await sql`delete from board_issues`.execute(tx.queries);
  await sql`delete from board_notes`.execute(tx.queries);
  await sql`delete from board_comments`.execute(tx.queries);
}

/** Tasks that have not ended and are not on the board yet. */
export async function wantOpenTasks(tx: Tx): Promise<void> {
  await sql`insert into board_issues (task_id, company_id) select id, company_id from tasks
    where status in ('blocked', 'pending', 'running') on conflict do nothing`.execute(tx.queries);
}

/** The board for `holder`, or null while another holds it. */
export async function takeBoard(tx: Tx, holder: string, until: Date): Promise<BoardRow | null> {
  const found = await sql<BoardRow>`update boards set holder = ${holder}, lease_until = ${until}
    where holder is null or holder = ${holder} or lease_until <= ${tx.now} returning *`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** True while `holder` holds it; its row is then locked against being taken. */
export async function holdsBoard(tx: Tx, holder: string): Promise<boolean> {
  const found = await sql`select 1 from boards where holder = ${holder} and lease_until > ${tx.now} for share`.execute(
    tx.queries,
  );
  return found.rows.length > 0;
}

export async function updateBoard(
  tx: Tx,
  set: Partial<Pick<BoardRow, "read_to" | "etag" | "poll_at" | "synced_at" | "paused_until" | "last_error" | "lease_until">>,
): Promise<void> {
  const assignments = Object.entries(set).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  await sql`update boards set ${sql.join(assignments)}`.execute(tx.queries);
}

export async function selectMirrored(
  tx: Tx,
  by: { number: number } | { taskId: string },
  lock = false,
): Promise<BoardIssueRow | null> {
  const which = "number" in by ? sql`number = ${by.number}` : sql`task_id = ${by.taskId}`;
  const found = await sql<BoardIssueRow>`select ${issueColumns} from board_issues i where ${which}
    ${lock ? sql`for update` : sql``}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function insertMirrored(tx: Tx, taskId: string): Promise<void> {
  await sql`insert into board_issues (task_id, company_id) values (${taskId}, ${tx.companyId}) on conflict do nothing`.execute(
    tx.queries,
  );
}

type Settable = "number" | "base" | "sent" | "creating_at" | "comments_at";
export async function updateMirrored(
  tx: Tx,
  taskId: string,
  set: Partial<Pick<BoardIssueRow, Settable>> & { want?: boolean },
): Promise<void> {
  const { want, ...columns } = set;
  const assignments = Object.entries(columns).map(([column, value]) =>
    column === "base" || column === "sent"
      ? sql`${sql.ref(column)} = ${value === null ? null : JSON.stringify(value)}::jsonb`
      : sql`${sql.ref(column)} = ${value}`,
  );
  if (want) assignments.push(sql`wanted = greatest(wanted, done + 1)`);
  await sql`update board_issues set ${sql.join(assignments)} where task_id = ${taskId}`.execute(tx.queries);
}

/** A task's words, as the board would tell them. */
const words = sql`md5(t.title || E'\n' || t.description || E'\n' || coalesce(t.result->>'summary', ''))`;
const isOver = sql`t.status in ('done', 'failed', 'cancelled')`;
/** Its words come from a run that had read from outside; what people wrote on the board itself is no news there. */
const isTainted = sql`(t.taint is not null
  and t.taint !~ ('(^|: )GitHub issue ' || regexp_replace(b.repository, '[.]', '[.]', 'g') || '#[0-9]+$'))`;
/** They are those of a role that does nothing but record, or of its workers. */
const isShadowed = (roles: readonly string[]) => sql`exists (select 1 from agents a
  left join agents p on p.id = a.parent_agent_id left join agents g on g.id = p.parent_agent_id
  where (a.id = t.created_by or (${isOver} and a.id in (t.assigned_to, t.worker_agent_id)))
    and (a.type = any(${[...roles]}::text[]) or p.type = any(${[...roles]}::text[]) or g.type = any(${[...roles]}::text[])))`;
const isHeld = (shadow: readonly string[]) =>
  sql`(${isShadowed(shadow)} or (${isTainted} and i.released is distinct from ${words}))`;

/** Whether GitHub is told nothing of this task now. */
export async function isHeldBack(tx: Tx, taskId: string, shadow: readonly string[]): Promise<boolean> {
  const found =
    await sql`select 1 from board_issues i join tasks t on t.id = i.task_id join boards b on b.company_id = i.company_id
    where i.task_id = ${taskId} and ${isHeld(shadow)}`.execute(tx.queries);
  return found.rows.length > 0;
}

export interface HeldRow {
  task_id: string;
  title: string;
  text: string;
  summary: string;
  taint: string;
  repository: string;
  words: string;
  /** Whose words they are; null: nobody's who can be named. */
  author: string | null;
}
const held = sql`select t.id as task_id, t.title, t.description as text, coalesce(t.result->>'summary', '') as summary, t.taint,
    b.repository, ${words} as words,
    case when ${isOver} then coalesce(t.worker_agent_id, t.assigned_to) else coalesce(t.created_by, t.assigned_to) end as author
  from board_issues i join tasks t on t.id = i.task_id join boards b on b.company_id = i.company_id`;

/** Tasks that a human has not been asked about yet as they stand: of each author the first. */
export async function selectUnasked(tx: Tx, shadow: readonly string[], limit: number): Promise<(HeldRow & { author: string })[]> {
  const found = await sql<HeldRow & { author: string }>`select distinct on (author) * from (${held}
      where i.wanted > i.done and ${isTainted} and not ${isShadowed(shadow)}
        and i.released is distinct from ${words} and i.asked is distinct from ${words}) waiting
    where author is not null order by author, task_id limit ${limit}`.execute(tx.queries);
  return found.rows;
}

/** The task as the board would tell it now; locked. */
export async function lockTold(tx: Tx, taskId: string): Promise<HeldRow | null> {
  const found = await sql<HeldRow>`${held} where i.task_id = ${taskId} for update of i, t`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function markWords(tx: Tx, taskId: string, which: "asked" | "released", hash: string): Promise<void> {
  await sql`update board_issues set ${sql.ref(which)} = ${hash}, retry_at = null where task_id = ${taskId}`.execute(tx.queries);
}

/** The longest waiting first; those that failed wait for their time, and those that are held back for a human. */
export async function selectWanted(tx: Tx, shadow: readonly string[]): Promise<BoardIssueRow | null> {
  const found = await sql<BoardIssueRow>`select ${issueColumns} from board_issues i
    join tasks t on t.id = i.task_id join boards b on b.company_id = i.company_id
    where i.wanted > i.done and (i.retry_at is null or i.retry_at <= ${tx.now}) and not ${isHeld(shadow)}
    order by i.task_id limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function markDone(tx: Tx, taskId: string, generation: bigint): Promise<void> {
  await sql`update board_issues set done = greatest(done, ${generation}), attempts = 0, retry_at = null, last_error = null
    where task_id = ${taskId}`.execute(tx.queries);
}

export async function markFailed(tx: Tx, taskId: string, input: { error: string; retryAt: Date }): Promise<void> {
  await sql`update board_issues set attempts = attempts + 1, last_error = ${input.error}, retry_at = ${input.retryAt}
    where task_id = ${taskId}`.execute(tx.queries);
}

/** Its issue is not there any more: nothing is written until the task changes again. */
export async function markGone(tx: Tx, taskId: string, input: { generation: bigint; error: string }): Promise<void> {
  await sql`update board_issues set done = greatest(done, ${input.generation}), last_error = ${input.error}
    where task_id = ${taskId}`.execute(tx.queries);
}

export interface NoteRow {
  key: string;
  body: string;
  attempted: boolean;
}

export async function insertNote(tx: Tx, note: { taskId: string; key: string; body: string }): Promise<void> {
  await sql`insert into board_notes (company_id, task_id, key, body, created_at)
    values (${tx.companyId}, ${note.taskId}, ${note.key}, ${note.body}, ${tx.now}) on conflict do nothing`.execute(tx.queries);
}

export async function selectNotes(tx: Tx, taskId: string): Promise<NoteRow[]> {
  const found = await sql<NoteRow>`select key, body, attempted from board_notes where task_id = ${taskId} and not sent
    order by created_at, key`.execute(tx.queries);
  return found.rows;
}

export async function markNote(tx: Tx, note: { taskId: string; key: string; sent: boolean }): Promise<void> {
  await sql`update board_notes set attempted = true, sent = ${note.sent} where task_id = ${note.taskId} and key = ${note.key}`.execute(
    tx.queries,
  );
}

/** False when it was brought in before. */
export async function insertComment(tx: Tx, comment: { id: number; taskId: string }): Promise<boolean> {
  const found = await sql`insert into board_comments (company_id, comment_id, task_id, created_at)
    values (${tx.companyId}, ${comment.id}, ${comment.taskId}, ${tx.now}) on conflict do nothing returning 1`.execute(tx.queries);
  return found.rows.length > 0;
}

/** A human's words for a task; the text counts as from outside. */
export async function takeWords(
  tx: Tx,
  taskId: string,
  set: { title?: string; description?: string; priority?: number; assigned_to?: string },
  taint: string,
): Promise<void> {
  const assignments = Object.entries(set).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  await sql`update tasks set ${sql.join([...assignments, sql`updated_at = ${tx.now}`, sql`taint = coalesce(taint, ${taint})`])}
    where id = ${taskId}`.execute(tx.queries);
}

export async function selectStandingNames(tx: Tx): Promise<string[]> {
  const found = await sql<{
    name: string;
  }>`select name from agents where kind = 'agent' and desired <> 'gone' order by name`.execute(tx.queries);
  return found.rows.map((row) => row.name);
}

export async function countBoard(tx: Tx): Promise<{ tasks: number; mirrored: number; waiting: number }> {
  const found = await sql<{ tasks: number; mirrored: number; waiting: number }>`select count(*)::int as tasks,
    count(number)::int as mirrored, count(*) filter (where wanted > done)::int as waiting from board_issues`.execute(tx.queries);
  return found.rows[0]!;
}

export async function selectProblems(tx: Tx, limit: number): Promise<{ task: string; number: number | null; error: string }[]> {
  const found = await sql<{
    task: string;
    number: number | null;
    error: string;
  }>`select task_id as task, number, last_error as error
    from board_issues where last_error is not null order by task_id desc limit ${limit}`.execute(tx.queries);
  return found.rows;
}
