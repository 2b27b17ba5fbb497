import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface PublicationRow {
  id: string;
  title: string;
  text: string;
  agent: string;
  decision_id: string;
  created_at: Date;
}

export async function insertPublication(
  tx: Tx,
  row: { id: string; title: string; text: string; agentId: string; decisionId: string },
): Promise<void> {
  await sql`insert into publications (id, company_id, title, text, agent_id, decision_id, created_at)
    values (${row.id}, ${tx.companyId}, ${row.title}, ${row.text}, ${row.agentId}, ${row.decisionId}, ${tx.now})`.execute(
    tx.queries,
  );
}

/** Newest first. */
export async function selectPublications(
  tx: Tx,
  page: { before?: string | undefined; limit: number },
): Promise<PublicationRow[]> {
  const before = page.before ? sql`where p.id < ${page.before}::uuid` : sql``;
  const found = await sql<PublicationRow>`select p.id, p.title, p.text, a.name as agent, p.decision_id, p.created_at
    from publications p join agents a on a.id = p.agent_id ${before} order by p.id desc limit ${page.limit}`.execute(tx.queries);
  return found.rows;
}
