import { wellFormed } from "@aito/base";
import type { Permission } from "../autonomy/use-gate.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { insertPublication, type PublicationRow, selectPublications } from "./queries.ts";

const listedMax = 200;

/** Adds a text to the company's public journal. Only behind the gate: what the public has read cannot be taken back. */
export async function publishIn(
  unit: Unit,
  { agent, decisionId }: Permission,
  input: { title: string; text: string },
): Promise<string> {
  const id = unit.newId();
  const title = wellFormed(input.title).trim().slice(0, 255);
  await insertPublication(unit, { id, title, text: wellFormed(input.text), agentId: agent.id, decisionId });
  await unit.event({ type: "publication.added", source: agent.name, payload: { publication: id, title, decision: decisionId } });
  return id;
}

/** The public journal, newest first. */
export async function listPublications(deps: CompanyDeps, limit = 50): Promise<PublicationRow[]> {
  return await transact(deps, (unit) => selectPublications(unit, Math.min(limit, listedMax)));
}
