import type { Tx } from "@aito/db";
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
}

const select = sql`select c.*, a.name as agent, o.name as owner, o.type as owner_role, m.name as merged_by_name from changes c
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

export async function selectChanges(tx: Tx, limit: number): Promise<ChangeRow[]> {
  return (await sql<ChangeRow>`${select} order by c.id desc limit ${limit}`.execute(tx.queries)).rows;
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
  created_at: Date;
}

export async function insertReview(
  tx: Tx,
  row: Pick<ReviewRow, "id" | "agent_id" | "head_sha" | "verdict" | "body"> & { changeId: string },
): Promise<void> {
  await sql`insert into change_reviews (id, company_id, change_id, agent_id, head_sha, verdict, body, created_at)
    values (${row.id}, ${tx.companyId}, ${row.changeId}, ${row.agent_id}, ${row.head_sha}, ${row.verdict}, ${row.body}, ${tx.now})`.execute(
    tx.queries,
  );
}

/** Oldest first. */
export async function selectReviews(tx: Tx, changeId: string): Promise<ReviewRow[]> {
  const found = await sql<ReviewRow>`select r.id, r.agent_id, a.name as agent, a.kind, r.head_sha, r.verdict, r.body, r.created_at
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
