import { often, type Tx } from "@aito/db";
import { sql } from "kysely";

/**
 * When the next thing falls due by itself, and whether something is under way that must be watched closely: an agent on its way up
 * or down, a lead that is lost or coming back, an order, messages of the outbox that nobody was told.
 */
export async function selectNextDue(
  tx: Tx,
  { headHeardWithinMs, ring }: { headHeardWithinMs: number; ring: { againAfterMs: number; ringsMax: number } },
): Promise<{ at: Date | null; busy: boolean }> {
  const found = await often(sql<{ at: Date | null; busy: boolean }>`select least(
      (select min(least(deadline_at, valid_until)) from decisions where status = 'pending'),
      (select min(valid_until) from decisions where status = 'escalated'),
      (select min(least(next_wake_at, retry_at)) from agents where desired = 'running'),
      (select min(available_at) from work where done_at is null and run_id is null and available_at > ${tx.now}),
      (select min(lease_until) from runs where status = 'running'),
      (select min(last_heartbeat) + make_interval(secs => ${headHeardWithinMs / 1_000}::float8) from agents
        where is_head and desired = 'running' and status = 'active'),
      (select min(lease_until) from reservations),
      (select min(d.rung_at) + make_interval(secs => ${ring.againAfterMs / 1_000}::float8)
        from deliveries d join agents a on a.id = d.agent_id
        where d.acknowledged_at is null and d.rings < ${ring.ringsMax} and a.desired = 'running'),
      (select min(deadline_at) from status_queries where closed_at is null),
      (select next_status_query_at from fleets order by revision desc limit 1),
      (select min(response_deadline) from messages
        where requires_response and responded_at is null and overdue_at is null)) as at,
    exists (select 1 from agents where desired = 'running' and status <> 'active' and not (status = 'error' and retry_at is null)
        and not (kind = 'worker' and status = 'inactive'))
      or exists (select 1 from agents where desired <> 'running' and (status <> 'inactive' or container_id is not null))
      or exists (select 1 from agents where replacing)
      or exists (select 1 from runs where status = 'running')
      or exists (select 1 from lead_terms where ended_at is null and (lost_since is not null or back_since is not null))
      or exists (select 1 from commands where done_at is null)
      or exists (select 1 from outbox where published_at is null) as busy`).execute(tx.queries);
  return found.rows[0]!;
}
