import { wellFormed } from "@aito/base";
import { type CallFile, pageItemsMax, type PublicationView } from "@aito/protocol";
import type { Permission } from "../autonomy/use-gate.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { insertPublication, selectPublications } from "./queries.ts";

/** Adds a text to the company's public journal. Only behind the gate: what the public has read cannot be taken back. */
export async function publishIn(
  unit: Unit,
  { agent, decisionId, approvalId, permissionId }: Permission,
  input: { title: string; text: string; files?: readonly CallFile[] },
): Promise<string> {
  const id = unit.newId();
  const title = wellFormed(input.title).trim().slice(0, 255);
  await insertPublication(unit, {
    id,
    title,
    text: wellFormed(input.text),
    files: input.files ?? [],
    agentId: agent.id,
    decisionId,
    approvalId,
    permissionId,
  });
  await unit.event({
    type: "publication.added",
    source: agent.name,
    payload: {
      publication: id,
      title,
      decision: decisionId,
      ...(approvalId === null ? {} : { approval: approvalId }),
      ...(permissionId === null ? {} : { permission: permissionId }),
    },
  });
  return id;
}

/** The public journal, newest first, older than the publication `before`. */
export async function listPublications(
  deps: CompanyDeps,
  page: { limit: number; before?: string | undefined },
): Promise<PublicationView[]> {
  const rows = await transact(deps, (unit) => selectPublications(unit, { ...page, limit: Math.min(page.limit, pageItemsMax) }));
  return rows.map(({ id, title, text, agent, decision_id, approval_id, files, created_at }) => ({
    id,
    title,
    text,
    agent,
    decisionId: decision_id,
    approvalId: approval_id,
    files,
    createdAt: created_at.toISOString(),
  }));
}
