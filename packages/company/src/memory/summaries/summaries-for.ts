import type { RunContext } from "@aito/protocol";
import type { Unit } from "../../company.ts";
import type { Meaning } from "../meaning.ts";
import { periodName } from "./periods.ts";
import { ladderOf, summariesAbout, type SummaryRow } from "./queries.ts";

const counts = { day: 7, week: 4, month: 6 } as const;
const aboutMax = 3;

/** For a run: what lies before its verbatim history, coarser the older it is, and those that speak of why it was woken. */
export async function summariesFor(
  unit: Unit,
  input: { agentId: string; clientId: string | null; question: { text: string; meaning: Meaning | null }; before: Date | null },
): Promise<NonNullable<RunContext["historySummaries"]>> {
  const { before, question, ...whose } = input;
  if (before === null) return [];
  const ladder = await ladderOf(unit, { ...whose, before }, counts);
  const known = new Set(ladder.map(({ id }) => id));
  const about = await summariesAbout(unit, { ...whose, ...question, limit: aboutMax });
  return [...ladder, ...about.filter(({ id }) => !known.has(id))].map(line);
}

const line = ({ period, starts_at, summary }: SummaryRow) => ({ period, of: periodName(period, starts_at), summary });
