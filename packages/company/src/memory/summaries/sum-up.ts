import { redactText, wellFormed } from "@aito/base";
import { type CompanyDeps, transact } from "../../company.ts";
import { extract } from "./extract.ts";
import { type Period, periodAround, periodName } from "./periods.ts";
import { daysWithin, type DuePeriod, dueDay, dueLonger, entriesWithin, insertSummary, type PartRow } from "./queries.ts";

/** Who writes a summary; null: nobody can now, and the parts' own sentences are taken. It is asked outside any transaction. */
export type Summarizer = (request: {
  agent: { id: string; name: string };
  /** "day 2026-03-02" */
  of: string;
  texts: readonly string[];
  charsMax: number;
}) => Promise<{ text: string; model: string } | null>;

const charsMax: Record<Period, number> = { day: 700, week: 1_000, month: 1_400 };
/** What is this short is its own summary: no model is asked. */
const shortChars = 400;
const entriesMax = 500;
/** Further back than this nothing is summed up that was not before. */
const lookBackMs = 400 * 86_400_000;
/** A transaction that began before midnight may still write into the day. */
const settleMs = 10 * 60_000;
const weights = { decision: 1.5, error: 1.3, task: 1.2, communication: 1 } as const;

/**
 * Sums up the oldest day, week or month that is over and has no summary; says which, or null when none is left. The originals stay and are
 * linked (`parts`). Doing it twice, also by two programs at once, makes one summary; one whose parts were set aside meanwhile is not stored.
 */
export async function sumUpNext(deps: CompanyDeps, summarizer: Summarizer | null): Promise<string | null> {
  const next = await transact(deps, async (unit) => {
    const now = new Date(unit.now.getTime() - settleMs);
    const today = periodAround("day", now).start;
    const since = new Date(today.getTime() - lookBackMs);
    const day = await dueDay(unit, { since, before: today });
    if (day) return await partsOf(unit, "day", day);
    for (const period of ["week", "month"] as const) {
      const due = await dueLonger(unit, { period, before: today });
      if (due) return await partsOf(unit, period, due);
    }
    return null;
  });
  if (!next) return null;
  const { period, due, start, end, parts } = next;
  const name = `${period} ${periodName(period, start)}`;
  // Set aside in between: the next look does not find it due.
  if (parts.length === 0) return `${due.agent}, ${name}: nothing left`;
  const written = await write(summarizer, { period, name, due, parts });
  const stored = await transact(deps, async (unit) => {
    const entries = parts.reduce((sum, part) => sum + part.entries, 0);
    const made = await insertSummary(unit, {
      id: unit.newId(),
      due,
      period,
      start,
      end,
      text: written.text,
      model: written.model,
      parts: parts.map(({ id }) => id),
      entries,
      source: parts.some(({ source }) => source === "agent") ? "agent" : "own",
    });
    if (made)
      await unit.event({
        type: "memory.summed_up",
        source: "system",
        target: due.agent,
        payload: { period, of: periodName(period, start), entries, by: written.model ?? "extract" },
      });
    return made;
  });
  return `${due.agent}, ${name}${stored ? "" : ": changed meanwhile"}`;
}

async function partsOf(unit: Parameters<typeof entriesWithin>[0], period: Period, due: DuePeriod) {
  const within = { due, ...periodAround(period, due.at) };
  const parts = period === "day" ? await entriesWithin(unit, within, entriesMax) : await daysWithin(unit, within);
  return { period, ...within, parts };
}

async function write(
  summarizer: Summarizer | null,
  { period, name, due, parts }: { period: Period; name: string; due: DuePeriod; parts: PartRow[] },
): Promise<{ text: string; model: string | null }> {
  const texts = parts.map(({ text }) => text);
  const whole = texts.join("; ");
  if (whole.length > shortChars && summarizer) {
    const answer = await summarizer({
      agent: { id: due.agent_id, name: due.agent },
      of: name,
      texts,
      charsMax: charsMax[period],
    });
    const text = answer ? wellFormed(redactText(answer.text)).trim() : "";
    if (answer && text !== "") return { text: text.slice(0, charsMax[period] * 2), model: answer.model };
  }
  const told = parts.map(({ text, action_type }) => ({ text, weight: action_type ? weights[action_type] : 1 }));
  return { text: extract(told, charsMax[period]), model: null };
}
