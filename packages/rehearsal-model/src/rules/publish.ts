import type { Intent } from "../intent.ts";
import type { Situation } from "../situation.ts";
import { titleCharsMax } from "./worker-type.ts";

const isForTheWorld = /\b(announcement|article|blog post|press)\b/i;
const result = /^Task done: ([^\n]+?)(?: — [^\n]*)?\n\n(.+)$/s;

/** A text that a worker has written for the world goes out: in a supervised role that puts it before a human. */
export function publishIntents({ context }: Situation): Intent[] {
  if (context.agent.kind === "worker" || context.autonomy?.mode !== "supervised") return [];
  return context.messages.flatMap(({ type, payload }) => {
    const [, task, text] = (type === "direct" && payload["task_id"] !== undefined && result.exec(String(payload["text"]))) || [];
    if (!task || !text || !isForTheWorld.test(task)) return [];
    const title = (/^#+ (.+)$/m.exec(text)?.[1] ?? task.replace(/^[^:]{1,40}: /, "")).slice(0, titleCharsMax);
    return [{ tool: "publish_text", input: { title, text }, say: `I publish "${title}".` }];
  });
}
