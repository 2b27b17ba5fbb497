import type { ChangedFile, ChangeRecord, ChangeSummary } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { changeUnknown } from "./propose-change.ts";
import { type ChangeRow, type CommitRow, selectChange, selectChanges, selectCommits, selectReviews } from "./queries.ts";

const summaryOf = (row: ChangeRow): ChangeSummary => ({
  id: row.id,
  repository: row.repository,
  branch: row.branch,
  base: row.base,
  title: row.title,
  status: row.status,
  number: row.number,
  url: row.url,
  owner: row.owner,
  by: row.agent,
  task: { id: row.task_id, title: row.task_title, status: row.task_status },
  decision: row.decision_id === null ? null : { id: row.decision_id, title: row.decision_title!, status: row.decision_status! },
  mergeSha: row.merge_sha,
  mergedBy: row.merged_by_name,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

/** Newest first. */
export async function changeSummaries(
  deps: CompanyDeps,
  page: { limit: number; before?: string | undefined },
): Promise<ChangeSummary[]> {
  return await transact(deps, async (unit) => (await selectChanges(unit, page)).map(summaryOf));
}

/** What the change holds at its head; a commit that was found late may be listed after it. */
const filesOf = ({ head_sha: head }: ChangeRow, commits: readonly CommitRow[]): ChangedFile[] =>
  (commits.findLast(({ sha }) => sha === head) ?? commits.at(-1))?.files ?? [];

/** A change from its decision to its merge commit, as the records have it. Error: AITO_CHANGE_UNKNOWN. */
export async function changeRecord(deps: CompanyDeps, id: string): Promise<ChangeRecord> {
  return await transact(deps, async (unit) => {
    const row = await selectChange(unit, id);
    if (!row) throw changeUnknown(id);
    const commits = await selectCommits(unit, id);
    const reviews = await selectReviews(unit, id);
    return {
      ...summaryOf(row),
      commits: commits.map(({ sha, title, agent, created_at }) => ({ sha, title, by: agent, at: created_at.toISOString() })),
      files: filesOf(row, commits).map(({ path, status, diff, whole }) => ({ path, status, diff, whole })),
      reviews: reviews.map(({ agent, verdict, body, head_sha, comments, created_at }) => ({
        by: agent,
        verdict,
        body,
        commit: head_sha,
        comments,
        at: created_at.toISOString(),
      })),
    };
  });
}
