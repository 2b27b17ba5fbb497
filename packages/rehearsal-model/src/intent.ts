import type { PastCall, Situation } from "./situation.ts";

/** One tool call that a rule wants. */
export interface Intent {
  tool: string;
  input: Record<string, unknown>;
  /** What it does, for the text beside the call. */
  say: string;
  /** Calls that it needs in all: 2 where a second one must follow in the same run. */
  slots?: number;
  /** It follows an earlier call of this run and goes before new work. */
  followUp?: boolean;
}

/** What makes two calls of a tool the same act. */
const identity: Record<string, readonly string[]> = {
  argue: ["decision_id"],
  cast_vote: ["decision_id"],
  complete_task: ["task_id"],
  Write: ["file_path"],
  create_task: ["title", "assign_to"],
  propose_decision: ["title"],
  propose_idea: ["title"],
  publish_text: ["title"],
  read_change: ["change_id"],
  propose_change: ["task_id", "change_id"],
  review_change: ["change_id"],
  merge_change: ["change_id"],
  record_metric: ["name"],
  save_state: ["key"],
  save_work: ["task_id"],
  read_figures: [],
  spawn_worker: ["title", "worker_type"],
  send_message: ["to", "in_reply_to", "text"],
};

const keyOf = (tool: string, input: Record<string, unknown>): string =>
  JSON.stringify([tool, ...(identity[tool] ?? Object.keys(input)).map((name) => input[name] ?? null)]);

/** The earlier call of this run that did the same, if any. */
export const madeCall = ({ past }: Situation, intent: Pick<Intent, "tool" | "input">): PastCall | undefined =>
  past.find((call) => keyOf(call.tool, call.input) === keyOf(intent.tool, intent.input));
