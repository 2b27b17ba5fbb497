import { microToUsd, type RunContext, type TaskView } from "@aito/protocol";
import { amountIn, dollars } from "../amounts.ts";
import { composeText } from "../compose-text.ts";
import { type Intent, madeCall } from "../intent.ts";
import { answerOf, type Situation } from "../situation.ts";
import { askedOfChanges, changeFor } from "./changes.ts";
import { changeToRead } from "./code-review.ts";
import { proposal } from "./propose.ts";

/** Every task that is this agent's to do: it is done, or what it costs is proposed first. */
export function taskIntents(situation: Situation): Intent[] {
  const { context } = situation;
  const underReview = new Set(context.agent.kind === "worker" ? askedOfChanges(context).map(({ task }) => task) : []);
  return ownTasks(context).flatMap((task) => {
    // Its change is what is asked about: the review says what is left to do.
    if (underReview.has(task.id) || changeToRead(context, task) !== null) return [];
    const amount = amountToPropose(context, task);
    return amount === null ? doTask(situation, task) : proposeThenClose(situation, task, amount);
  });
}

/** The open tasks that are this agent's own to do. */
export function ownTasks({ agent, tasks }: RunContext): TaskView[] {
  const open = tasks.filter((task) => task.status === "pending" || task.status === "running");
  if (agent.kind === "worker") return open;
  // A task with a worker type is the worker's to do, also while it is on the list of whoever answers for it.
  return open.filter((task) => task.assignedTo === agent.name && task.workerType === null);
}

/** An approved task's money is settled; a worker has no authority of its own. */
function amountToPropose({ agent }: RunContext, task: TaskView): bigint | null {
  if (agent.kind === "worker" || task.decisionId !== null) return null;
  const amount = amountIn(task.title) ?? amountIn(task.description.split("\n\n")[0]!);
  return amount === null || amount === 0n ? null : amount;
}

function proposeThenClose(situation: Situation, task: TaskView, amount: bigint): Intent[] {
  const work = task.description || task.title;
  const intent = proposal(situation.context, { title: task.title, why: `${task.createdBy} asked for it: ${work}`, amount, work });
  const forTask = { ...intent, input: { ...intent.input, for_task: task.id } };
  const made = madeCall(situation, forTask);
  if (!made) return [{ ...forTask, slots: 2 }];
  if (!made.ok) return [];
  const { type = "a", status = "pending", receipt } = answerOf(made);
  const summary = `Proposed as a ${String(type)} decision of ${dollars(amount)}; it is ${String(status)}.`;
  const asked = { metric: "proposed_amount", value: microToUsd(amount), unit: "USD", entity: answerOf(made)["decision_id"] };
  return [completion(task, summary, null, claimOf(asked, receipt))];
}

function doTask(situation: Situation, task: TaskView): Intent[] {
  const { text, summary } = composeText(situation, task);
  if (!situation.offered.has("complete_task") && situation.offered.has("Write")) return [writeFile(task, text)];
  if (!situation.offered.has("save_work")) return [completion(task, summary, text)];
  const saving: Intent = {
    tool: "save_work",
    input: { task_id: task.id, text },
    say: `I keep the text of "${task.title}".`,
    slots: 2,
  };
  const saved = madeCall(situation, saving);
  if (!saved) return [saving];
  if (!saved.ok) return [];
  const change = changeFor(situation, task, text);
  const proposed = change && madeCall(situation, change);
  if (change && !proposed) return [change];
  // The task is handed in when it is merged; the review and the merge wake this worker.
  if (proposed?.ok) return [];
  const { words, receipt } = answerOf(saved);
  const counted = { metric: "words", value: String(words), unit: "count", entity: task.id };
  const whole = `${summary.replace(/\.$/, "")}, ${String(words)} words.${proposed ? notProposed(answerOf(proposed)) : ""}`;
  return [completion(task, whole, null, claimOf(counted, receipt))];
}

/** "Done" beside a call that did not succeed is believed where the report names that call. */
const notProposed = ({ receipt }: Record<string, unknown>): string =>
  ` It could not be proposed as a change${typeof receipt === "string" ? ` (receipt ${receipt})` : ""}.`;

/** A number of its report, with the receipt of the call that said it; none where the call named no receipt. */
const claimOf = (said: Record<string, unknown>, receipt: unknown): Record<string, unknown>[] =>
  typeof receipt === "string" ? [{ ...said, period: null, receipts: [receipt] }] : [];

/** Inside Claude Code the work is a file in the workspace; what changed there is handed in. */
const writeFile = (task: TaskView, text: string): Intent => {
  const name = task.title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 60);
  return { tool: "Write", input: { file_path: `${name || "result"}.md`, content: `${text}\n` }, say: `I write "${task.title}".` };
};

const completion = (task: TaskView, summary: string, text: string | null, claims: Record<string, unknown>[] = []): Intent => ({
  tool: "complete_task",
  input: { task_id: task.id, summary, ...(text === null ? {} : { text }), ...(claims.length > 0 ? { claims } : {}) },
  say: `I complete "${task.title}".`,
  // Without a text it closes a task whose text was kept, or whose cost was proposed, earlier in this run.
  followUp: text === null,
});
