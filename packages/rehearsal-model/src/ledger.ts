/** One call as an outside observer sees it. */
export interface LedgerEntry {
  id: string;
  at: string;
  role: string | null;
  agent: string | null;
  run: string | null;
  status: number;
  stream: boolean;
  stopReason: string | null;
  tools: string[];
  inputTokens: number;
  outputTokens: number;
}

export interface LedgerView {
  calls: number;
  byRole: Record<string, number>;
  byStatus: Record<string, number>;
  inputTokens: number;
  outputTokens: number;
  /** The newest last; older ones are counted above and dropped here. */
  entries: LedgerEntry[];
}

export const entriesKept = 1_000;

/** The model's own count of its calls, for comparison with what the company recorded. */
export class Ledger {
  readonly #view: LedgerView = { calls: 0, byRole: {}, byStatus: {}, inputTokens: 0, outputTokens: 0, entries: [] };

  add(entry: LedgerEntry): void {
    const view = this.#view;
    const role = entry.role ?? "unknown";
    view.calls += 1;
    view.byRole[role] = (view.byRole[role] ?? 0) + 1;
    view.byStatus[entry.status] = (view.byStatus[entry.status] ?? 0) + 1;
    view.inputTokens += entry.inputTokens;
    view.outputTokens += entry.outputTokens;
    view.entries.push(entry);
    if (view.entries.length > entriesKept) view.entries.shift();
  }

  view(): LedgerView {
    return structuredClone(this.#view);
  }
}
