import type { RunContext, TaskView } from "@aito/protocol";
import { type Intent, madeCall } from "../intent.ts";
import { answerOf, asRecord, type Situation, textOr } from "../situation.ts";

const commentsMax = 20;
const lineCharsMax = 160;

/** The change that a code reviewer's task names; null for any other task. */
export function changeToRead({ agent }: RunContext, { title, description }: TaskView): string | null {
  if (agent.kind !== "worker" || agent.role !== "code-reviewer") return null;
  return /\bchange ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/i.exec(`${title}\n${description}`)?.[1] ?? null;
}

/** A code reviewer reads the diff, writes what it finds on its lines, and hands in what it found. */
export function codeReviewIntents(situation: Situation): Intent[] {
  const { context } = situation;
  return context.tasks.flatMap((task): Intent[] => {
    const id = changeToRead(context, task);
    if (id === null || (task.status !== "pending" && task.status !== "running")) return [];
    const read: Intent = { tool: "read_change", input: { change_id: id }, say: "I read the diff.", slots: 3 };
    const seen = madeCall(situation, read);
    if (!seen) return [read];
    if (!seen.ok) return [handIn(task, "failed", `The change could not be read: ${seen.text.slice(0, 200)}`)];
    const comments = remarksOn(answerOf(seen));
    const verdict = comments.length > 0 ? "request_changes" : "comment";
    const body = comments.length > 0 ? "Please look at the lines that I marked." : "I read every added line and found nothing.";
    const input = { change_id: id, verdict, body, comments };
    const review: Intent = { tool: "review_change", input, say: "I write what I found.", slots: 2, followUp: true };
    const made = madeCall(situation, review);
    if (!made) return [review];
    if (!made.ok) return [handIn(task, "failed", `The review was refused: ${made.text.slice(0, 200)}`)];
    const lines = comments.map((one) => `- ${one.path}:${one.line}: ${one.body}`);
    return [handIn(task, "done", body, lines.join("\n"))];
  });
}

const handIn = (task: TaskView, outcome: "done" | "failed", summary: string, text = ""): Intent => ({
  tool: "complete_task",
  input: { task_id: task.id, summary, outcome, ...(text === "" ? {} : { text }) },
  say: "I hand in my review.",
  followUp: true,
});

interface Remark {
  path: string;
  line: number;
  body: string;
}

/** What a careful reader marks in any file. */
const flaws: { find: RegExp; say: string }[] = [
  { find: /[ \t]+$/, say: "Blanks at the end of the line." },
  { find: new RegExp(`^.{${lineCharsMax + 1},}$`), say: "A long line: a diff of it is hard to read." },
  { find: /<{7}|>{7}/, say: "Left over from a merge." },
  { find: /\bhttp:\/\/(?!localhost|127\.)/, say: "Without TLS anybody on the way may change it: use https." },
  {
    find: /\b(password|secret|token|api[_-]?key)\b\s*[:=]\s*["'][^"']{6,}/i,
    say: "This looks like a secret: it does not belong here.",
  },
  { find: /\bconsole\.log\(|\bdebugger\b/, say: "Left over from debugging." },
];

/** Every added line of the diff, with its number in the new file, against the flaws. */
function remarksOn(change: Record<string, unknown>): Remark[] {
  const files = Array.isArray(change["files"]) ? change["files"].map(asRecord) : [];
  const all = files.flatMap(({ path, diff }) =>
    addedLines(textOr(diff)).flatMap(({ line, text }) =>
      flaws.filter(({ find }) => find.test(text)).map(({ say }) => ({ path: String(path), line, body: say })),
    ),
  );
  return all.slice(0, commentsMax);
}

/** The added lines of unified hunks. */
export function addedLines(diff: string): { line: number; text: string }[] {
  const added: { line: number; text: string }[] = [];
  let line = 0;
  for (const text of diff.split("\n")) {
    const start = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(text)?.[1];
    if (start !== undefined) line = Number(start);
    else if (text.startsWith("+")) added.push({ line: line++, text: text.slice(1) });
    else if (text.startsWith(" ")) line += 1;
  }
  return added;
}
