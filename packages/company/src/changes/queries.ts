import type { Tx } from "@aito/db";
import type { ChangeComment, ChangedFile } from "@aito/protocol";
import { sql } from "kysely";

export interface ChangeRow {
  id: string;
  task_id: string;
  agent_id: string;
  owner_id: string;
  repository: string;
  branch: string;
  base: string;
  title: string;
  status: "begun" | "open" | "merged";
  number: number | null;
  url: string | null;
  head_sha: string | null;
  merge_sha: string | null;
  created_at: Date;
  updated_at: Date;
  agent: string;
  owner: string;
  owner_role: string;
  merged_by_name: string | null;
  task_title: string;
  task_status: string;
  decision_id: string | null;
  decision_title: string | null;
  decision_status: string | null;
}

const select = sql`select c.*, a.name as agent, o.name as owner, o.type as owner_role, m.name as merged_by_name, t.title as task_title,
    t.status as task_status, t.decision_id, d.title as decision_title, d.status as decision_status from changes c
  join tasks t on t.id = c.task_id left join decisions d on d.id = t.decision_id
  join agents a on a.id = c.agent_id join agents o on o.id = c.owner_id left join agents m on m.id = c.merged_by`;

/** Nothing where the task has a change in this repository already. */
export async function insertChange(
  tx: Tx,
  row: Pick<ChangeRow, "id" | "task_id" | "agent_id" | "owner_id" | "repository" | "branch" | "base" | "title">,
): Promise<void> {
  await sql`insert into changes (id, company_id, task_id, agent_id, owner_id, repository, branch, base, title, status, created_at, updated_at)
    values (${row.id}, ${tx.companyId}, ${row.task_id}, ${row.agent_id}, ${row.owner_id}, ${row.repository}, ${row.branch}, ${row.base},
      ${row.title}, 'begun', ${tx.now}, ${tx.now}) on conflict do nothing`.execute(tx.queries);
}

export async function selectChange(tx: Tx, id: string, lock = false): Promise<ChangeRow | null> {
  const found = await sql<ChangeRow>`${select} where c.id = ${id} ${lock ? sql`for update of c` : sql``}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function selectChangeOfTask(tx: Tx, taskId: string, repository: string): Promise<ChangeRow | null> {
  const found = await sql<ChangeRow>`${select} where c.task_id = ${taskId} and c.repository = ${repository}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** Whether this commit of a branch is what an agent pushed there for a change. */
export async function isOwnHead(tx: Tx, at: { repository: string; branch: string; commit: string }): Promise<boolean> {
  const found = await sql`select 1 from changes where lower(repository) = lower(${at.repository}) and branch = ${at.branch}
    and head_sha = ${at.commit} limit 1`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function selectChanges(
  tx: Tx,
  { limit, before }: { limit: number; before?: string | undefined },
): Promise<ChangeRow[]> {
  const older = before === undefined ? sql`` : sql`where c.id < ${before}`;
  return (await sql<ChangeRow>`${select} ${older} order by c.id desc limit ${limit}`.execute(tx.queries)).rows;
}

/** Whether a worker's change waits for its review or its merge. */
export async function hasOpenChange(tx: Tx, workerId: string): Promise<boolean> {
  const found = await sql`select 1 from changes where agent_id = ${workerId} and status = 'open' limit 1`.execute(tx.queries);
  return found.rows.length > 0;
}

export interface CommitRow {
  sha: string;
  title: string;
  agent: string;
  files: ChangedFile[];
  created_at: Date;
}

/** A commit that is known already stays as it is. */
export async function insertCommit(
  tx: Tx,
  row: Pick<CommitRow, "sha" | "title" | "files"> & { id: string; changeId: string; agentId: string },
): Promise<void> {
  await sql`insert into change_commits (id, company_id, change_id, agent_id, sha, title, files, created_at)
    values (${row.id}, ${tx.companyId}, ${row.changeId}, ${row.agentId}, ${row.sha}, ${row.title}, ${JSON.stringify(row.files)}::jsonb,
      ${tx.now}) on conflict (company_id, change_id, sha) do nothing`.execute(tx.queries);
}

/** Oldest first. */
export async function selectCommits(tx: Tx, changeId: string): Promise<CommitRow[]> {
  const found = await sql<CommitRow>`select k.sha, k.title, a.name as agent, k.files, k.created_at from change_commits k
    join agents a on a.id = k.agent_id where k.change_id = ${changeId} order by k.id`.execute(tx.queries);
  return found.rows;
}

/** The change stands as a pull request with this head. */
export async function updateOpened(tx: Tx, row: { id: string; number: number; url: string; headSha: string }): Promise<void> {
  await sql`update changes set status = 'open', number = ${row.number}, url = ${row.url}, head_sha = ${row.headSha}, updated_at = ${tx.now}
    where id = ${row.id} and status <> 'merged'`.execute(tx.queries);
}

export async function updateMerged(tx: Tx, row: { id: string; mergeSha: string; by: string }): Promise<void> {
  await sql`update changes set status = 'merged', merge_sha = ${row.mergeSha}, merged_by = ${row.by}, updated_at = ${tx.now}
    where id = ${row.id}`.execute(tx.queries);
}

export interface ReviewRow {
  id: string;
  agent_id: string;
  agent: string;
  kind: "agent" | "worker";
  head_sha: string;
  verdict: "approve" | "request_changes" | "comment";
  body: string;
  comments: ChangeComment[];
  created_at: Date;
}

export async function insertReview(
  tx: Tx,
  row: Pick<ReviewRow, "id" | "agent_id" | "head_sha" | "verdict" | "body" | "comments"> & { changeId: string },
): Promise<void> {
  await sql`insert into change_reviews (id, company_id, change_id, agent_id, head_sha, verdict, body, comments, created_at)
    values (${row.id}, ${tx.companyId}, ${row.changeId}, ${row.agent_id}, ${row.head_sha}, ${row.verdict}, ${row.body},
      ${JSON.stringify(row.comments)}::jsonb, ${tx.now})`.execute(tx.queries);
}

/** Oldest first. */
export async function selectReviews(tx: Tx, changeId: string): Promise<ReviewRow[]> {
  const found =
    await sql<ReviewRow>`select r.id, r.agent_id, a.name as agent, a.kind, r.head_sha, r.verdict, r.body, r.comments, r.created_at
    from change_reviews r join agents a on a.id = r.agent_id where r.change_id = ${changeId} order by r.id`.execute(tx.queries);
  return found.rows;
}

/** What model calls for the task have cost so far. */
export async function selectTaskCost(tx: Tx, taskId: string): Promise<{ micro_usd: bigint; unknown: number }> {
  const found = await sql<{ micro_usd: string; unknown: number }>`select coalesce(sum(cost_micro_usd), 0)::text as micro_usd,
      (count(*) filter (where cost_micro_usd is null))::int as unknown from usage where task_id = ${taskId}`.execute(tx.queries);
  const row = found.rows[0]!;
  return { micro_usd: BigInt(row.micro_usd), unknown: row.unknown };
}
