import { AitoError } from "@aito/base";
import { type EscalationView, Id } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { linkUrl } from "./link-token.ts";
import { workingLink } from "./mint-link.ts";
import { type EscalationRow, selectEscalations } from "./queries.ts";

/** What addresses are made of. The key never leaves the programs that hand out links. */
export interface LinkMaker {
  linkKey: string;
  publicUrl: string;
}

const pageMax = 500;

export const toEscalationView = (row: EscalationRow, link: { url: string | null; expiresAt: Date } | null): EscalationView => ({
  id: row.id,
  decisionId: row.decision_id,
  title: row.title,
  reason: row.reason,
  url: link?.url ?? null,
  expiresAt: link?.expiresAt.toISOString() ?? null,
  status: row.status,
  answer: row.answer,
  createdAt: row.created_at.toISOString(),
});

/** With a working link where it waits. */
export async function linkedView(unit: Unit, links: LinkMaker, row: EscalationRow): Promise<EscalationView> {
  const link = row.status === "waiting" ? await workingLink(unit, links.linkKey, row.id) : null;
  return toEscalationView(row, link && { url: linkUrl(links.publicUrl, link.token), expiresAt: link.expiresAt });
}

/** Newest first, the waiting ones with a working link; `before` is the id of the last one already seen. */
export async function listEscalations(
  deps: CompanyDeps,
  links: LinkMaker,
  filter: {
    status?: EscalationRow["status"] | undefined;
    decision?: string | undefined;
    limit?: number;
    before?: string | undefined;
  } = {},
): Promise<EscalationView[]> {
  if (filter.before !== undefined) checkEscalationId(filter.before);
  return await transact(deps, async (unit) => {
    const views: EscalationView[] = [];
    const limit = Math.min(Math.max(filter.limit ?? 100, 1), pageMax);
    for (const row of await selectEscalations(unit, { ...filter, limit })) views.push(await linkedView(unit, links, row));
    return views;
  });
}

export const escalationUnknown = (id: string): AitoError =>
  new AitoError("AITO_ESCALATION_UNKNOWN", `there is no escalation with id ${id.slice(0, 60)}`, {
    hint: "see the ids with: aito escalations",
    status: 404,
  });

/** Throws AITO_ESCALATION_UNKNOWN for what is not an id at all. */
export function checkEscalationId(id: string): void {
  if (!Id.safeParse(id).success) throw escalationUnknown(id);
}
