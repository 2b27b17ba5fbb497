import type { TaskView } from "@aito/protocol";
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

/** A change that asks something of this agent: it is read, and then reviewed, mended or merged. */
export function changeIntents(situation: Situation): Intent[] {
  return situation.context.messages.flatMap(({ payload }) => {
    const { id, ask } = asRecord(payload["change"]);
    if (typeof id !== "string") return [];
    const merge: Intent = { tool: "merge_change", input: { change_id: id }, say: "I merge the approved change." };
    if (ask === "merge") return [merge];
    if (ask !== "review" && ask !== "fix") return [];
    const read: Intent = { tool: "read_change", input: { change_id: id }, say: "I read the change.", slots: 2 };
    const seen = madeCall(situation, read);
    if (!seen) return [read];
    if (!seen.ok) return [];
    const change = answerOf(seen);
    return ask === "review" ? [review(id, change)] : fix(id, change);
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
