import type { IssueSnapshot } from "@aito/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type BoardFields,
  cleanText,
  cleanTitle,
  issueBody,
  issueTitle,
  labelsFor,
  levels,
  readIssue,
  taskIdIn,
} from "./issue-text.ts";
import { mergeIssue, planIssue } from "./rules.ts";

const taskId = "01234567-89ab-7cde-8fab-0123456789ab";
const agents = new Set(["ceo", "cmo", "cto"]);
const label = "aito";

const words = fc.string({
  unit: fc.constantFrom(
    "a",
    "b",
    "@",
    " ",
    "\n",
    "\r",
    "\u2060",
    "<!--",
    " aito:task:",
    taskId,
    " -->",
    "é",
    "\ud83d",
    "😀",
    "#",
  ),
});
const fields = (text: fc.Arbitrary<string> = words): fc.Arbitrary<BoardFields> =>
  fc.record({
    title: text.map((title) => cleanTitle(title) || "title"),
    text: text.map(cleanText),
    level: fc.constantFrom(...levels),
    assignee: fc.constantFrom("ceo", "cmo", "cto"),
    status: fc.constantFrom("pending", "running", "blocked"),
    open: fc.constant(true),
  });

/** The issue as it is right after we wrote it. */
const issueOf = (said: BoardFields, changes: Partial<IssueSnapshot> = {}): IssueSnapshot => ({
  number: 1,
  title: issueTitle(said.title),
  body: issueBody(said.text, taskId),
  labels: labelsFor(said, label, ["a human's"]),
  open: said.open,
  reason: null,
  author: "bot",
  association: "MEMBER",
  comments: 0,
  updatedAt: "2026-03-02T09:00:00Z",
  closedAt: null,
  ...changes,
});

test("G09 what is written into an issue is read back as it was", () => {
  fc.assert(
    fc.property(fields(), fields(), (said, before) => {
      const issue = issueOf(said);
      expect(readIssue(issue, { ...before, level: said.level, assignee: said.assignee }, agents)).toEqual(said);
      expect(taskIdIn(issue.body)).toBe(taskId);
    }),
  );
});

test("G09 an issue that says what it should is left alone, and our own words coming back change nothing", () => {
  fc.assert(
    fc.property(fields(), fields(), (base, ours) => {
      const input = { ours, agents, label, taskId };
      expect(mergeIssue(issueOf(ours), { ...input, mirror: { base: ours, sent: null } })).toMatchObject({
        take: {},
        write: null,
      });
      // Written, but the answer was lost: what comes is what was sent.
      expect(mergeIssue(issueOf(ours), { ...input, mirror: { base, sent: ours } })).toMatchObject({ take: {}, write: null });
      // Written, and the request was lost: it is written again.
      const again = mergeIssue(issueOf(base), { ...input, mirror: { base, sent: ours } });
      expect(again.take).toEqual({});
      expect(again.want ?? ours).toEqual(ours);
    }),
  );
});

test("G09 a human's edit wins field by field, ours stands elsewhere, and one write makes both sides say the same", () => {
  fc.assert(
    fc.property(fields(), fields(), fields(), (base, ours, theirs) => {
      const plan = planIssue({ mirror: { base, sent: null }, ours, theirs });
      const merged = { ...ours, ...plan.take };
      for (const field of ["title", "text", "level", "assignee"] as const) {
        expect(merged[field]).toBe(theirs[field] === base[field] ? ours[field] : theirs[field]);
      }
      const settled = planIssue({ mirror: { base: plan.base, sent: plan.want }, ours: merged, theirs: plan.want ?? theirs });
      expect(settled).toMatchObject({ take: {}, want: null });
    }),
  );
});

test("G09 labels are read as a human means them: a second one is the new one, nonsense is nothing", () => {
  const base: BoardFields = { title: "t", text: "", level: "normal", assignee: "cmo", status: "pending", open: true };
  const read = (labels: string[]) => readIssue(issueOf(base, { labels }), base, agents);
  expect(read(["aito", "priority:normal", "priority:urgent", "agent:cmo"])).toMatchObject({ level: "urgent", assignee: "cmo" });
  expect(read([])).toMatchObject({ level: "normal", assignee: "cmo" });
  expect(read(["priority:soon", "agent:nobody"])).toMatchObject({ level: "normal", assignee: "cmo" });
  expect(read(["agent:cto", "agent:ceo"])).toMatchObject({ assignee: "cmo" });
});

test("G09 whether a task has ended is ours to say: a label never says it, and a close by a human is told apart", () => {
  const base: BoardFields = { title: "t", text: "", level: "normal", assignee: "cmo", status: "running", open: true };
  const closed = { ...base, open: false };
  const plan = (mirror: BoardFields, ours: BoardFields, theirs: BoardFields, sent: BoardFields | null = null) =>
    planIssue({ mirror: { base: mirror, sent }, ours, theirs });
  expect(plan(base, base, closed)).toMatchObject({ closedByHuman: true, openedByHuman: false, want: base });
  expect(plan(closed, closed, base)).toMatchObject({ closedByHuman: false, openedByHuman: true, want: closed });
  expect(plan(base, closed, closed, closed)).toMatchObject({ closedByHuman: false, want: null });
  expect(plan(base, base, { ...base, status: "done" })).toMatchObject({ take: {}, want: base });
});
