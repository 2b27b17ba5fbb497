import type { Tx } from "@aito/db";
import type { Lesson } from "@aito/protocol";
import { sql } from "kysely";

type LessonRow = Omit<Lesson, "at"> & { at: Date };

/**
 * The newest of what failed and of what humans refused with a reason, for everybody who has or had this role. Each kind is cut by itself
 * first, so that many failed runs hide no human's word.
 */
export async function selectLessons(tx: Tx, role: string, each: number): Promise<LessonRow[]> {
  const found = await sql<LessonRow>`with who as (select id from agents where name = ${role} or type = ${role})
    (select 'task' as kind, t.id, t.title::text as title, 'failed' as outcome, coalesce(t.result ->> 'summary', '') as said,
        coalesce(t.completed_at, t.updated_at) as at
      from tasks t where t.status = 'failed' and (t.assigned_to in (select id from who) or t.worker_agent_id in (select id from who))
      order by t.id desc limit ${each})
    union all
    (select 'run', r.id, 'A run', 'failed', coalesce(r.error, r.summary, ''), r.ended_at
      from runs r where r.status = 'failed' and r.ended_at is not null and r.agent_id in (select id from who)
      order by r.id desc limit ${each})
    union all
    (select 'decision', d.id, d.title::text, case when d.status in ('vetoed', 'overridden') then d.status::text else 'sent back' end,
        coalesce(nullif(d.human_comment, ''), d.outcome_reason, ''), coalesce(d.resolved_at, d.created_at)
      from decisions d where d.proposed_by in (select id from who)
        and (d.status in ('vetoed', 'overridden') or d.human_decision = 'send_back')
      order by d.id desc limit ${each})
    union all
    (select 'call', p.id, p.summary, p.status::text, p.comment, p.answered_at
      from approvals p where p.agent_id in (select id from who) and p.status in ('denied', 'edited') and p.answered_at is not null
        and coalesce(p.comment, '') <> ''
      order by p.id desc limit ${each})
    order by at desc, id`.execute(tx.queries);
  return found.rows;
}
