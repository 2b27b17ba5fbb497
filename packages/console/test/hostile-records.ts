import { backNumbers } from "@aito/company";
import type { Records } from "../src/records.ts";
import type { hostileAnswers } from "./hostile-answers.ts";

const rows = 8;
const linesOfRows = 40;
const linesOfOne = 110;

/**
 * What the pages without scripts read, made of the API's own document as the web client's answers are: each field that may hold free text
 * holds the next payloads. `hostile` is null until the document was read; until then these are the records given.
 */
export function hostileRecords(records: Records, hostile: () => ReturnType<typeof hostileAnswers> | null): Records {
  const one = <T>(path: string, method = "GET"): T => hostile()!.answer(`/api/v1/${path}`, method, rows, linesOfOne) as T;
  const list = <T>(path: string): T => (hostile()!.answer(`/api/v1/${path}`, "GET", rows, linesOfRows) as { items: T }).items;
  const or =
    <Args extends unknown[], T>(given: (...args: Args) => Promise<T>, made: (...args: Args) => T) =>
    async (...args: Args): Promise<T> =>
      hostile() === null ? await given(...args) : made(...args);
  return {
    ...records,
    status: or(records.status, () => one("status")),
    escalations: or(records.escalations, () => list("escalations")),
    approvals: or(records.approvals, () => list("approvals")),
    decisions: or(records.decisions, () => list("decisions")),
    decision: or(records.decision, () => one("decisions/x")),
    tasks: or(records.tasks, () => list("tasks")),
    task: or(records.task, () => one("tasks/x")),
    changes: or(records.changes, () => list("changes")),
    change: or(records.change, () => one("changes/x")),
    figures: or(records.figures, () => one("figures")),
    contradictions: or(records.contradictions, () => list("contradictions")),
    settlements: or(records.settlements, () => list("settlements")),
    receipt: or(records.receipt, () => one("receipts/x")),
    costs: or(records.costs, () => list("costs")),
    calls: or(records.calls, () => list("costs/calls")),
    briefing: or(records.briefing, () => one("briefing")),
    searchMemories: or(records.searchMemories, () => one("memory/search", "POST")),
    askRecords: or(records.askRecords, () => one("ask", "POST")),
    numbers: or(records.numbers, (texts) => texts.map(({ text }) => backNumbers(text, []))),
  };
}
