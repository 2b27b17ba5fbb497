import type { HookOutcome } from "@aito/protocol";
import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface DeliveryRow {
  id: string;
  hook: string;
  delivery_id: string;
  /** SHA-256 of what was signed. */
  proof: string;
  event: string | null;
  action: string | null;
  outcome: HookOutcome;
  why: string | null;
  task_id: string | null;
  received_at: Date;
}

const columns = sql`id, hook, delivery_id, proof, event, action, outcome, why, task_id, received_at`;

/** The delivery with this id or of these signed bytes, if it came before. */
export async function selectDelivery(
  tx: Tx,
  by: Pick<DeliveryRow, "hook" | "delivery_id" | "proof">,
): Promise<DeliveryRow | null> {
  const found = await sql<DeliveryRow>`select ${columns} from hook_deliveries
    where hook = ${by.hook} and (delivery_id = ${by.delivery_id} or proof = ${by.proof})
    order by (delivery_id = ${by.delivery_id}) desc limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** False when it came before; one that comes twice at this moment waits for the first one's transaction. */
export async function insertDelivery(tx: Tx, row: Omit<DeliveryRow, "received_at">): Promise<boolean> {
  const found = await sql`insert into hook_deliveries
      (id, company_id, hook, delivery_id, proof, event, action, outcome, why, task_id, received_at)
    values (${row.id}, ${tx.companyId}, ${row.hook}, ${row.delivery_id}, ${row.proof}, ${row.event}, ${row.action}, ${row.outcome},
      ${row.why}, ${row.task_id}, ${tx.now}) on conflict do nothing returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function setDeliveryTask(tx: Tx, id: string, taskId: string | null): Promise<void> {
  await sql`update hook_deliveries set task_id = ${taskId} where id = ${id}`.execute(tx.queries);
}

export async function countDeliveries(tx: Tx, hook: string, since: Date): Promise<number> {
  const found = await sql<{ count: number }>`select count(*)::int as count from hook_deliveries
    where hook = ${hook} and received_at > ${since}`.execute(tx.queries);
  return found.rows[0]!.count;
}

export async function selectDeliveries(
  tx: Tx,
  page: { limit: number; before?: string | undefined; hook?: string | undefined },
): Promise<DeliveryRow[]> {
  const found = await sql<DeliveryRow>`select ${columns} from hook_deliveries
    where (${page.before ?? null}::uuid is null or id < ${page.before ?? null}::uuid)
      and (${page.hook ?? null}::text is null or hook = ${page.hook ?? null}::text)
    order by id desc limit ${page.limit}`.execute(tx.queries);
  return found.rows;
}
