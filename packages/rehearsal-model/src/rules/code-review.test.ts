import { expect, test } from "vitest";
import { decide, type Step } from "../decide.ts";
import { contextOf, id, requestOf, situationOf, taskOf } from "../rehearsal-fixtures.ts";
import { addedLines } from "./code-review.ts";

const tools = ["read_change", "review_change", "complete_task", "save_work"].map((name) => ({
  name,
  input_schema: { type: "object" as const },
}));
const task = taskOf(`Review the change ${id(80)}`, { workerType: "code-reviewer", assignedTo: "ceo" });

/** A code reviewer's whole run over this diff. */
function play(files: object[]): Step["calls"] {
  const context = contextOf({ name: "code-reviewer-1", role: "code-reviewer", kind: "worker", context: { tasks: [task] } });
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
      content: JSON.stringify(name === "read_change" ? { files } : {}),
      is_error: false,
    }));
    request.messages.push({ role: "assistant", content: uses }, { role: "user", content: results });
  }
  throw new Error("the run does not end");
}

test("A10 a code reviewer reads the diff, marks what is wrong on its lines in the new file, and hands that in", () => {
  const diff =
    '@@ -1,3 +1,4 @@\n one\n-two\n+two \n+const token = "abcdefghij";\n three\n@@ -20,2 +21,3 @@\n x\n+see http://example.org\n y';
  const calls = play([{ path: "src/a.ts", status: "modified", whole: true, diff }]);
  expect(calls.map(({ name }) => name)).toEqual(["read_change", "review_change", "complete_task"]);
  expect(calls[1]!.input).toMatchObject({ change_id: id(80), verdict: "request_changes" });
  expect((calls[1]!.input["comments"] as { path: string; line: number }[]).map(({ path, line }) => `${path}:${line}`)).toEqual([
    "src/a.ts:2",
    "src/a.ts:3",
    "src/a.ts:22",
  ]);
  expect(calls[2]!.input).toMatchObject({ task_id: task.id, outcome: "done", text: expect.stringContaining("src/a.ts:22") });
});

test("A10 a diff without a flaw gets a comment and no marks", () => {
  const calls = play([
    { path: "logo.png", status: "added", whole: true, diff: null },
    { path: "a.md", status: "added", whole: true, diff: "@@ -0,0 +1 @@\n+Good." },
  ]);
  expect(calls[1]!.input).toMatchObject({ verdict: "comment", comments: [] });
});

test("added lines are numbered as in the new file, whatever is deleted between them", () => {
  expect(addedLines("@@ -5,4 +7,3 @@ head\n a\n-b\n-c\n+d\n e\n\\ No newline at end of file")).toEqual([{ line: 8, text: "d" }]);
  expect(addedLines("")).toEqual([]);
});
