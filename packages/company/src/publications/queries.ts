import type { Tx } from "@aito/db";
import type { CallFile } from "@aito/protocol";
import { sql } from "kysely";

export interface PublicationRow {
  id: string;
  title: string;
  text: string;
  agent: string;
  decision_id: string | null;
  approval_id: string | null;
  files: CallFile[];
  created_at: Date;
}

export async function insertPublication(
  tx: Tx,
  row: {
    id: string;
    title: string;
    text: string;
    files: readonly CallFile[];
    agentId: string;
    decisionId: string | null;
    approvalId: string | null;
    permissionId: string | null;
  },
): Promise<void> {
  await sql`insert into publications (id, company_id, title, text, files, agent_id, decision_id, approval_id, permission_id,
      created_at)
    values (${row.id}, ${tx.companyId}, ${row.title}, ${row.text}, ${JSON.stringify(row.files)}::jsonb, ${row.agentId}, ${row.decisionId},
      ${row.approvalId}, ${row.permissionId}, ${tx.now})`.execute(tx.queries);
}

/** Newest first. */
export async function selectPublications(
  tx: Tx,
  page: { before?: string | undefined; limit: number },
): Promise<PublicationRow[]> {
  const before = page.before ? sql`where p.id < ${page.before}::uuid` : sql``;
  const found =
    await sql<PublicationRow>`select p.id, p.title, p.text, a.name as agent, p.decision_id, p.approval_id, p.files, p.created_at
    from publications p join agents a on a.id = p.agent_id ${before} order by p.id desc limit ${page.limit}`.execute(tx.queries);
  return found.rows;
}
