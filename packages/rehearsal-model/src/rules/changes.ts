import type { RunContext, TaskView } from "@aito/protocol";
import { type Intent, madeCall } from "../intent.ts";
import { answerOf, asRecord, type Situation, textOr } from "../situation.ts";

/** What a reviewer misses in a text for the world, and its author adds. */
const imprint = "Published by the company. Questions are welcome: write to us, and a person answers.";

/** A worker's finished text becomes a change in the repository of whom it works for, in the first folder that it may write. */
export function changeFor({ context, offered }: Situation, task: TaskView, text: string): Intent | null {
  const folder = /^([\w.-]+)\/\*/.exec(context.git?.paths[0] ?? "")?.[1];
  const writes = context.agent.kind === "worker" && task.workerType === "content-writer" && offered.has("propose_change");
  if (!writes || folder === undefined) return null;
  if (context.git!.repository.endsWith("/*")) return null;
  const name = task.title
    .replace(/^[^:]{1,40}: /, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 50)
    .replace(/^-|-$/g, "");
  const files = [{ path: `${folder}/${name || "text"}.md`, text: `${text}\n` }];
  return {
    tool: "propose_change",
    input: { task_id: task.id, title: task.title.slice(0, 200), why: `The text that the task "${task.title}" asked for.`, files },
    say: `I propose the text of "${task.title}" as a change.`,
    followUp: true,
    slots: 2,
  };
}

interface Asked {
  id: string;
  ask: string;
  task: string | null;
  /** A code reviewer has looked at it, or tried to. */
  looked?: boolean;
}

const reviewTitle = "Review the change";
const looked = new RegExp(`^Task (?:done|failed): ${reviewTitle} ([0-9a-f-]{36})`);

/** What a change asks of this agent, by its messages. */
export function askedOfChanges({ messages }: RunContext): Asked[] {
  return messages.flatMap(({ payload }): Asked[] => {
    const [, seen] = (payload["task_id"] !== undefined && looked.exec(textOr(payload["text"]))) || [];
    if (seen !== undefined) return [{ id: seen, ask: "review", task: null, looked: true }];
    const { id, ask, task } = asRecord(payload["change"]);
    return typeof id === "string" && typeof ask === "string" ? [{ id, ask, task: typeof task === "string" ? task : null }] : [];
  });
}

/** A change that asks something of this agent: it is read, and then reviewed, mended, merged or handed in. */
export function changeIntents(situation: Situation): Intent[] {
  return askedOfChanges(situation.context).flatMap(({ id, ask, task, looked: isLooked = false }) => {
    const forTask = task === null ? {} : { for_task: task };
    if (ask === "merge") {
      return [{ tool: "merge_change", input: { change_id: id, ...forTask }, say: "I merge the approved change." }];
    }
    if (ask === "hand_in" && task !== null) {
      const summary = "The text was reviewed, mended as asked and merged.";
      return [{ tool: "complete_task", input: { task_id: task, summary }, say: "My change is merged: I hand in the task." }];
    }
    if (ask !== "review" && ask !== "fix") return [];
    const read: Intent = { tool: "read_change", input: { change_id: id }, say: "I read the change.", slots: 2 };
    const seen = madeCall(situation, read);
    if (!seen) return [read];
    if (!seen.ok) return [];
    const change = answerOf(seen);
    if (ask === "fix") return fix(id, change);
    return [(isLooked ? null : codeReview(situation, id, change)) ?? review(id, change)];
  });
}

interface ShownFile {
  path: string;
  text: string;
  lines: number;
}

/** The new files of a change, put together again from the diff that was read. */
function newFiles(change: Record<string, unknown>): ShownFile[] {
  const files = Array.isArray(change["files"]) ? change["files"].map(asRecord) : [];
  return files
    .filter(({ status, whole }) => status === "added" && whole === true)
    .map(({ path, diff }) => {
      const lines = textOr(diff)
        .split("\n")
        .filter((line) => line.startsWith("+"))
        .map((line) => line.slice(1));
      return { path: String(path), text: lines.join("\n"), lines: lines.length };
    });
}

/** Who is asked to review code has a code reviewer look at the lines first; its result wakes it. */
function codeReview({ context, offered }: Situation, id: string, change: Record<string, unknown>): Intent | null {
  const files = Array.isArray(change["files"]) ? change["files"].map(asRecord) : [];
  const reviews = Array.isArray(change["reviews"]) ? change["reviews"].map(asRecord) : [];
  const isCode = files.some(({ path }) => textOr(path).startsWith("src/") || !textOr(path).endsWith(".md"));
  const isKnown = reviews.some(({ agent }) => textOr(agent).startsWith("code-reviewer"));
  if (!isCode || isKnown || !offered.has("spawn_worker") || !context.workerTypes.includes("code-reviewer")) return null;
  const input = {
    worker_type: "code-reviewer",
    title: `${reviewTitle} ${id}`,
    description: "Read its diff and mark on its lines what is wrong.",
  };
  return { tool: "spawn_worker", input, say: "A code reviewer looks at the lines first.", followUp: true };
}

/** It asks once for what a reader must know; what has it is approved. */
function review(id: string, change: Record<string, unknown>): Intent {
  const missing = newFiles(change).filter(({ text }) => !text.includes(imprint));
  const say = "I review the change.";
  if (missing.length === 0) {
    const body = "It says who speaks and whom to ask. I have read it whole and approve it.";
    return { tool: "review_change", input: { change_id: id, verdict: "approve", body }, say, followUp: true };
  }
  const comments = missing.map(({ path, lines }) => ({ path, line: lines, body: `Add after this: "${imprint}"` }));
  const body = "One change, please: a reader has to learn who speaks and whom to ask.";
  return { tool: "review_change", input: { change_id: id, verdict: "request_changes", body, comments }, say, followUp: true };
}

function fix(id: string, change: Record<string, unknown>): Intent[] {
  const files = newFiles(change)
    .filter(({ text }) => !text.includes(imprint))
    .map(({ path, text }) => ({ path, text: `${text}\n\n${imprint}\n` }));
  if (files.length === 0 || typeof change["task_id"] !== "string") return [];
  const input = { change_id: id, task_id: change["task_id"], title: "Say who speaks", why: "The review asked for it.", files };
  return [{ tool: "propose_change", input, say: "I mend what the review asked for.", followUp: true }];
}
