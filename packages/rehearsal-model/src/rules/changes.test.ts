import type { AgentMessage, RunContext } from "@aito/protocol";
import { expect, test } from "vitest";
import { decide, type Step } from "../decide.ts";
import { at, contextOf, id, requestOf, situationOf, taskOf } from "../rehearsal-fixtures.ts";

const toolNames = [
  "spawn_worker",
  "save_work",
  "complete_task",
  "propose_change",
  "read_change",
  "review_change",
  "merge_change",
];
const tools = toolNames.map((name) => ({ name, input_schema: { type: "object" as const } }));
const git = { repository: "acme/social", paths: ["content/*", "campaigns/*"], right: "write" as const };

/** A whole run with these answers, by tool. */
function play(context: RunContext, answers: Record<string, object> = {}): Step["calls"] {
  const request = requestOf(context);
  const calls: Step["calls"] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    const next = decide(situationOf(context, 1, { messages: request.messages, tools })).calls;
    if (next.length === 0) return calls;
    calls.push(...next);
    const uses = next.map(({ name, input }, index) => ({ type: "tool_use", id: `t${turn}_${index}`, name, input }));
    const results = uses.map(({ id: of, name }) => ({
      type: "tool_result",
      tool_use_id: of,
      content: JSON.stringify(answers[name] ?? {}),
      is_error: false,
    }));
    request.messages.push({ role: "assistant", content: uses }, { role: "user", content: results });
  }
  throw new Error("the run does not end");
}

const asked = (ask: string, task?: string): AgentMessage => ({
  id: id(70),
  type: "direct",
  from: "system",
  to: "cco",
  payload: { text: "A change.", change: { id: id(80), ask, ...(task === undefined ? {} : { task }) } },
  priority: "normal",
  timestamp: at,
  requires_response: false,
  response_deadline: null,
  in_reply_to: null,
});

test("G04 a content writer's text becomes a change in the first folder of its scope, and the task waits for what becomes of it", () => {
  const task = taskOf("Write the text for: A launch campaign", { workerType: "content-writer", assignedTo: "cmo" });
  const calls = play(
    contextOf({ name: "content-writer-1", role: "content-writer", kind: "worker", context: { git, tasks: [task] } }),
  );
  expect(calls.map(({ name }) => name)).toEqual(["save_work", "propose_change"]);
  expect(calls[1]!.input["files"]).toMatchObject([{ path: "content/a-launch-campaign.md" }]);
  const told = (ask: string) =>
    play(
      contextOf({
        name: "content-writer-1",
        role: "content-writer",
        kind: "worker",
        context: { git, tasks: [task], messages: [asked(ask, task.id)] },
      }),
      { read_change: { task_id: task.id, files: [] } },
    ).map(({ name }) => name);
  expect(told("hand_in")).toEqual(["complete_task"]);
  expect(told("fix")).toEqual(["read_change"]);
  const without = play(contextOf({ role: "content-writer", kind: "worker", context: { git: null, tasks: [task] } }));
  expect(without.map(({ name }) => name)).toEqual(["save_work", "complete_task"]);
});

test("A10 who is asked to review code has a code reviewer look first, and decides when that is back", () => {
  const change = { task_id: id(60), files: [{ path: "src/a.md", status: "added", whole: true, diff: "@@ -0,0 +1 @@\n+# A" }] };
  const told = (message: AgentMessage, answer: object = change) =>
    play(contextOf({ role: "ceo", context: { messages: [message] } }), { read_change: answer });
  const first = told(asked("review"));
  expect(first.map(({ name }) => name)).toEqual(["read_change", "spawn_worker"]);
  expect(first[1]!.input).toMatchObject({ worker_type: "code-reviewer", title: `Review the change ${id(80)}` });
  const back = { ...asked("review"), payload: { text: `Task failed: Review the change ${id(80)} — no`, task_id: id(61) } };
  expect(told(back).map(({ name }) => name)).toEqual(["read_change", "review_change"]);
  const known = { ...change, reviews: [{ agent: "code-reviewer-1", verdict: "comment" }] };
  expect(told(asked("review"), known).map(({ name }) => name)).toEqual(["read_change", "review_change"]);
});

test("G05 G06 a reviewer asks once for what is missing, its author adds it, then it is approved and merged", () => {
  const seen = (text: string) => ({
    task_id: id(60),
    files: [{ path: "content/a.md", status: "added", whole: true, diff: `@@ -0,0 +1,2 @@\n${text.replace(/^/gm, "+")}` }],
  });
  const first = play(contextOf({ role: "cco", context: { messages: [asked("review")] } }), { read_change: seen("# A\nB") });
  expect(first.map(({ name }) => name)).toEqual(["read_change", "review_change"]);
  expect(first[1]!.input).toMatchObject({ verdict: "request_changes", comments: [{ path: "content/a.md", line: 2 }] });

  const mended = play(contextOf({ role: "cmo", context: { git, messages: [asked("fix")] } }), { read_change: seen("# A\nB") });
  expect(mended.map(({ name }) => name)).toEqual(["read_change", "propose_change"]);
  const { files, change_id: change } = mended[1]!.input as { files: { text: string }[]; change_id: string };
  expect(change).toBe(id(80));
  expect(files[0]!.text).toMatch(/^# A\nB\n\nPublished by the company\./);

  const again = play(contextOf({ role: "cco", context: { messages: [asked("review")] } }), { read_change: seen(files[0]!.text) });
  expect(again[1]!.input).toMatchObject({ verdict: "approve" });
  expect(play(contextOf({ role: "cmo", context: { messages: [asked("merge")] } })).map(({ name }) => name)).toEqual([
    "merge_change",
  ]);
});
