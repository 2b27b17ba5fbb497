import type { SqlRunner } from "@aito/db";

const isQuarantined = "status = 'error' and retry_at is null and failures > 0";

/** As the owner, within the transaction that loaded the rows; nobody else sees the company yet. */

/**
 * No incarnation of before lives on: epochs jump past any that the lost time after the backup may have used. Who was quarantined stays so,
 * with the alert that tells of it.
 */
export async function endIncarnations(runner: SqlRunner, company: string, epochsAhead: number, now: Date): Promise<void> {
  await runner.query(
    `update agents set epoch = epoch + $2::int, container_id = null, doing = null, last_heartbeat = null, started_at = null,
      status = case when ${isQuarantined} then 'error' else 'inactive' end,
      status_reason = case when ${isQuarantined} then status_reason end, retry_at = null, updated_at = $3
    where company_id = $1 and epoch > 0`,
    [company, epochsAhead, now],
  );
  await runner.query(`update sessions set revoked_at = $2 where company_id = $1 and revoked_at is null`, [company, now]);
}

/** What was being worked on waits again, without counting as a loss. */
export async function reopenAllWork(runner: SqlRunner, company: string, now: Date): Promise<void> {
  await runner.query(
    `update runs set status = 'lost', error = 'the company was restored from a backup', ended_at = $2
    where company_id = $1 and status = 'running'`,
    [company, now],
  );
  await runner.query(
    `update work set run_id = null, claimed_epoch = null, dedup_key = null where company_id = $1 and run_id is not null and done_at is null`,
    [company],
  );
}

/** Sessions, API keys, login links, escalation links and linked chats of before open nothing any more. */
export async function endAccess(runner: SqlRunner, company: string, now: Date): Promise<void> {
  await runner.query(`update operator_sessions set revoked_at = $2 where company_id = $1 and revoked_at is null`, [company, now]);
  await runner.query(`update operator_api_keys set revoked_at = $2 where company_id = $1 and revoked_at is null`, [company, now]);
  await runner.query(`update login_links set used_at = $2 where company_id = $1 and used_at is null`, [company, now]);
  await runner.query(`update chats set ended_at = $2 where company_id = $1 and ended_at is null`, [company, now]);
  await runner.query(`update chat_codes set used_at = $2 where company_id = $1 and used_at is null`, [company, now]);
  await runner.query(
    `update escalation_links set expires_at = $2 where company_id = $1 and used_at is null and expires_at > $2`,
    [company, now],
  );
}

/** What was waiting or under way may have been sent, answered or carried out after the backup: nothing of it is done again. */
export async function endUncertain(runner: SqlRunner, company: string, now: Date): Promise<void> {
  await runner.query(
    `update escalation_notices set status = 'unknown', last_error = 'the company was restored from a backup'
    where company_id = $1 and status = 'sending'`,
    [company],
  );
  await runner.query(
    `update approvals set status = case status when 'waiting' then 'expired' else 'unknown' end, ended_at = $2,
      error = 'the company was restored from a backup' where company_id = $1 and status in ('waiting', 'approved', 'executing')`,
    [company, now],
  );
  await runner.query(`update alerts set closed_at = $2 where company_id = $1 and kind = 'approval' and closed_at is null`, [
    company,
    now,
  ]);
  await runner.query(
    `update commands set done_at = $2, result = '{"v":1,"ok":false,"code":"AITO_RESTORED"}'
    where company_id = $1 and done_at is null`,
    [company, now],
  );
}

/** A leader of before finds another's term. */
export async function passTerm(runner: SqlRunner, company: string, now: Date): Promise<void> {
  await runner.query(
    `update terms set term = term + 1, holder = 'restore', renewed_at = $2, lease_until = $2::timestamptz - interval '1 second'
    where company_id = $1`,
    [company, now],
  );
}

export async function addEvent(
  runner: SqlRunner,
  event: { id: string; company: string; type: string; source: string; body: string; at: Date },
): Promise<void> {
  await runner.query(
    `insert into events (id, company_id, event_type, source_name, body, created_at) values ($1, $2, $3, $4, $5, $6)`,
    [event.id, event.company, event.type, event.source, event.body, event.at],
  );
}
