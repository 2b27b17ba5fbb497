import type { Lesson } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { selectLessons } from "./queries.ts";

const eachMax = 10;

/** What there is to learn from for a role or an agent's name, newest first: at most ten of each kind. Empty for who never was. */
export async function listLessons(deps: CompanyDeps, role: string): Promise<Lesson[]> {
  const rows = await transact(deps, (unit) => selectLessons(unit, role, eachMax));
  return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
}
