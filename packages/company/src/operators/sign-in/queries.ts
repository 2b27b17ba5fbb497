import type { Tx } from "@aito/db";
import { sql } from "kysely";

/** Counts an attempt of each subject within its window; the numbers with this one. Subjects are locked in order. */
export async function countAttempts(tx: Tx, subjects: string[], windowSeconds: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const subject of subjects.toSorted()) {
    const found = await sql<{ attempts: number }>`insert into operator_attempts as a (company_id, subject, attempts, since)
      values (${tx.companyId}, ${subject}, 1, ${tx.now})
      on conflict (company_id, subject) do update set
        attempts = case when a.since < ${tx.now}::timestamptz - make_interval(secs => ${windowSeconds}) then 1 else a.attempts + 1 end,
        since = case when a.since < ${tx.now}::timestamptz - make_interval(secs => ${windowSeconds}) then ${tx.now} else a.since end
      returning attempts`.execute(tx.queries);
    counts.set(subject, found.rows[0]!.attempts);
  }
  await sql`delete from operator_attempts where since < ${tx.now}::timestamptz - interval '1 day'`.execute(tx.queries);
  return counts;
}

export async function forgetAttempts(tx: Tx, subjects: string[]): Promise<void> {
  await sql`delete from operator_attempts where subject = any(${subjects}::text[])`.execute(tx.queries);
}

/** A code of the app works once: of two at the same time one wins. */
export async function takeStep(tx: Tx, operatorId: string, step: number): Promise<boolean> {
  const found = await sql`update operators set totp_last_step = ${step}
    where id = ${operatorId} and (totp_last_step is null or totp_last_step < ${step}) returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function takeRecoveryCode(tx: Tx, operatorId: string, codeHash: string): Promise<boolean> {
  const found = await sql`update operator_recovery_codes set used_at = ${tx.now}
    where operator_id = ${operatorId} and code_hash = ${codeHash} and used_at is null returning id`.execute(tx.queries);
  return found.rows.length > 0;
}
