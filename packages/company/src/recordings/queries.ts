import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface StoredText {
  sha256: string;
  gzip: Buffer;
}

export async function insertTexts(tx: Tx, texts: StoredText[]): Promise<void> {
  for (const text of texts.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1))) {
    await sql`insert into recording_texts (company_id, sha256, gzip, stored_bytes, created_at)
      values (${tx.companyId}, ${text.sha256}, ${text.gzip}, ${text.gzip.length}, ${tx.now}) on conflict do nothing`.execute(
      tx.queries,
    );
  }
}

export async function insertRecording(
  tx: Tx,
  row: { id: string; request: string; response: string; whole: boolean },
): Promise<void> {
  await sql`insert into recordings (id, company_id, request_sha256, response_sha256, whole, created_at)
    values (${row.id}, ${tx.companyId}, ${row.request}, ${row.response}, ${row.whole}, ${tx.now}) on conflict do nothing`.execute(
    tx.queries,
  );
}

export interface RecordingRow {
  id: string;
  created_at: Date;
  agent: string | null;
  run_id: string | null;
  model: string | null;
  status: number | null;
  whole: boolean;
  request_sha256: string;
  response_sha256: string;
}

const columns = sql`r.id, r.created_at, a.name as agent, u.run_id, u.model, u.status, r.whole, r.request_sha256, r.response_sha256`;
const from = sql`recordings r left join usage u on u.id = r.id left join agents a on a.id = u.agent_id`;

/** Newest first, older than `before`, of one run if it is named. */
export async function selectRecordings(
  tx: Tx,
  page: { limit: number; before: string | null; run: string | null },
): Promise<RecordingRow[]> {
  const { limit, before, run } = page;
  const found = await sql<RecordingRow>`select ${columns} from ${from}
    where (${before}::uuid is null or r.id < ${before}) and (${run}::uuid is null or u.run_id = ${run})
    order by r.id desc limit ${limit}`.execute(tx.queries);
  return found.rows;
}

export async function selectRecording(
  tx: Tx,
  id: string,
): Promise<(RecordingRow & { request: Uint8Array; response: Uint8Array }) | null> {
  const found = await sql<RecordingRow & { request: Uint8Array; response: Uint8Array }>`select ${columns}, q.gzip as request,
      s.gzip as response
    from ${from} join recording_texts q on q.sha256 = r.request_sha256 join recording_texts s on s.sha256 = r.response_sha256
    where r.id = ${id}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function deleteRecordingsBefore(tx: Tx, before: Date): Promise<void> {
  await sql`delete from recordings where created_at < ${before}`.execute(tx.queries);
}

/** Deletes the oldest recordings, as many as it takes to bring what the others refer to under `bytesMax`. */
export async function deleteRecordingsOver(tx: Tx, bytesMax: number): Promise<void> {
  await sql`with used as (
      select r.id, sum(q.stored_bytes + s.stored_bytes) over (order by r.created_at desc, r.id desc) as upto
      from recordings r join recording_texts q on q.sha256 = r.request_sha256 join recording_texts s on s.sha256 = r.response_sha256)
    delete from recordings where id in (select id from used where upto > ${bytesMax})`.execute(tx.queries);
}

/** Texts that no recording refers to; those of this minute may be about to be. */
export async function deleteLooseTexts(tx: Tx): Promise<void> {
  const before = new Date(tx.now.getTime() - 60_000);
  await sql`delete from recording_texts t where t.created_at < ${before}
    and not exists (select from recordings r where r.request_sha256 = t.sha256)
    and not exists (select from recordings r where r.response_sha256 = t.sha256)`.execute(tx.queries);
}
