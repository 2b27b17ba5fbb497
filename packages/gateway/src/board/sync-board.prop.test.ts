import { systemClock } from "@aito/base";
import { cleanText, cleanTitle, levels, noteIn, taskIdIn } from "@aito/company";
import fc from "fast-check";
import { expect, test } from "vitest";
import { boardAgents, boardLabel, botLogin, FakeGithub, type GithubFault, ModelRecords } from "./board-fixtures.ts";
import { pullIssues, pushOne, type SyncSetup } from "./sync-board.ts";

/** What people and agents do, at any moment: also between a request and the next one. */
type Deed =
  | { do: "add" | "open" | "close" | "reopen" | "end" | "comment" | "pull" | "push"; at: number }
  | { do: "ours" | "theirs"; at: number; field: "title" | "text" | "level" | "assignee"; to: number };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ do: fc.constantFrom("add", "open", "close", "reopen", "end", "comment", "pull", "push"), at: fc.nat(50) }),
  fc.record({
    do: fc.constantFrom("ours", "theirs"),
    at: fc.nat(50),
    field: fc.constantFrom("title", "text", "level", "assignee"),
    to: fc.nat(50),
  }),
) as fc.Arbitrary<Deed>;
const fault: fc.Arbitrary<GithubFault> = fc.constantFrom(null, null, null, null, "limit", "lost-request", "lost-answer");

function makeWorld() {
  const github = new FakeGithub();
  const records = new ModelRecords();
  const setup: SyncSetup = {
    records,
    issues: github,
    label: boardLabel,
    login: botLogin,
    clock: systemClock,
    pace: () => Promise.resolve(),
  };
  /** The last title and text that a human gave an issue, unless the company, which had read it, gave a later one. */
  const human = new Map<string, string>();
  /** What the company last gave a title or text that no human ever touched. */
  const company = new Map<string, string>();
  const touched = new Set<string>();
  const said: string[] = [];
  const opened: string[] = [];
  let words = 0;

  const edit = (number: number, field: "title" | "text" | "level" | "assignee", to: number): void => {
    const issue = github.issues[number - 1]!;
    words += 1;
    const value =
      field === "level" ? levels[to % 4]! : field === "assignee" ? [...boardAgents][to % 3]! : `human ${field} ${words}`;
    if (field === "title") github.change(number, { title: value });
    else if (field === "text") github.change(number, { body: `${value}\r\n${issue.body.slice(issue.body.indexOf("<!--"))}` });
    else {
      const prefix = field === "level" ? "priority:" : "agent:";
      const labels = [...issue.labels.filter((name) => !name.startsWith(prefix)), `${prefix}${value}`];
      github.change(number, { labels });
    }
    touched.add(`${taskIdIn(issue.body)} ${field}`);
    if (field === "title" || field === "text") human.set(`${number} ${field}`, value);
  };

  const act = (one: Deed): void => {
    const task = records.tasks[one.at % Math.max(1, records.tasks.length)];
    const ours = github.issues.filter((issue) => taskIdIn(issue.body) !== null);
    const issue = ours[one.at % Math.max(1, ours.length)];
    words += 1;
    if (one.do === "add") {
      const fields = { level: "normal", assignee: "cmo", status: "pending", open: true } as const;
      records.add({ title: `task ${words}`, text: `text ${words}`, ...fields });
    } else if (one.do === "open") {
      opened.push(`issue ${words}`);
      github.add({ title: `issue ${words}`, body: `asked ${words}`, labels: [boardLabel], author: "ann" });
    } else if (one.do === "end" && task) records.change(task, { open: false, status: "done" });
    else if (one.do === "ours" && task?.open) {
      const value =
        one.field === "level" ? levels[one.to % 4]! : one.field === "assignee" ? [...boardAgents][one.to % 3]! : `our ${words}`;
      const key = `${task.number} ${one.field}`;
      if (human.get(key) === task[one.field]) human.delete(key);
      records.change(task, { [one.field]: value });
      if (one.field === "title" || one.field === "text") company.set(`${task.id} ${one.field}`, value);
    } else if (!issue) return;
    else if (one.do === "close") github.change(issue.number, { open: false });
    else if (one.do === "reopen") github.change(issue.number, { open: true });
    else if (one.do === "comment") {
      said.push(`comment ${words}`);
      github.say(issue.number, "ann", `comment ${words}`);
    } else if (one.do === "theirs") edit(issue.number, one.field, one.to);
  };
  return { github, records, setup, human, company, touched, said, opened, act };
}

const pull = ({ setup, records }: ReturnType<typeof makeWorld>) =>
  pullIssues(setup, { readTo: records.readTo, etag: records.etag }, 5);

/** One pass as the gateway makes it; what fails is tried again at the next one. */
async function pass(world: ReturnType<typeof makeWorld>, most: number): Promise<boolean> {
  try {
    await pull(world);
    for (let count = 0; count < most; count += 1) if (!(await pushOne(world.setup))) return true;
  } catch (error) {
    if (!(error as { code?: string }).code?.startsWith("AITO_GITHUB")) throw error;
  }
  return false;
}

async function play(deeds: readonly Deed[], faults: readonly GithubFault[], between: readonly Deed[]): Promise<void> {
  const world = makeWorld();
  const { github, act } = world;
  const faulty = [...faults];
  const meanwhile = [...between];
  github.next = {
    fault: () => faulty.shift() ?? null,
    // Right before a write a human's edit of the same field would be overwritten: GitHub cannot compare and set.
    before: (kind) => {
      const one = github.requests % 3 === 0 ? meanwhile.shift() : undefined;
      if (one && (kind === "read" || !["theirs", "close", "reopen"].includes(one.do))) act(one);
    },
  };
  for (const one of deeds) {
    if (one.do === "pull") await pull(world).catch(() => undefined);
    else if (one.do === "push") await pass(world, 1 + (one.at % 4));
    else act(one);
  }
  faulty.length = 0;
  meanwhile.length = 0;
  let quiet = 0;
  for (let round = 0; round < 20 && quiet < 2; round += 1) quiet = (await pass(world, 1_000)) ? quiet + 1 : 0;
  converged(world);
}

function converged({ github, records, human, company, touched, said, opened }: ReturnType<typeof makeWorld>): void {
  const label = (labels: string[], prefix: string): string[] => labels.filter((name) => name.startsWith(prefix));
  for (const task of records.tasks) {
    const issue = github.issues[task.number! - 1]!;
    expect(taskIdIn(issue.body)).toBe(task.id);
    expect({ title: cleanTitle(issue.title), text: cleanText(issue.body), open: issue.open }).toEqual({
      title: task.title,
      text: task.text,
      open: task.open,
    });
    expect(label(issue.labels, "priority:")).toEqual([`priority:${task.level}`]);
    expect(label(issue.labels, "agent:")).toEqual([`agent:${task.assignee}`]);
    expect(label(issue.labels, "status:")).toEqual([`status:${task.status}`]);
    // Comments of ours are there once, people's came in once.
    const notes = issue.said.map((one) => noteIn(one.body)).filter((key) => key !== null);
    expect(notes.toSorted()).toEqual([...task.notes.keys()].toSorted());
  }
  const perTask = Map.groupBy(
    github.issues.filter((issue) => issue.author === botLogin && issue.open),
    (issue) => taskIdIn(issue.body),
  );
  for (const issues of perTask.values()) expect(issues).toHaveLength(1);
  expect(records.tasks.flatMap((task) => task.comments.map((comment) => comment.body)).toSorted()).toEqual(said.toSorted());
  // Each issue that a human opened is one task.
  expect(records.tasks.filter((task) => github.issues[task.number! - 1]!.author === "ann")).toHaveLength(opened.length);
  for (const [key, value] of company) {
    const [id, field] = key.split(" ") as [string, "title" | "text"];
    if (!touched.has(key)) expect(records.tasks.find((task) => task.id === id)?.[field]).toBe(value);
  }
  for (const [key, value] of human) {
    const [number, field] = key.split(" ") as [string, "title" | "text"];
    expect(records.tasks.find((task) => task.number === Number(number))?.[field]).toBe(value);
  }
}

test("G09 1,000 interleavings of edits on both sides, lost requests and answers, and rate limits: both sides say the same, once", async () => {
  const many = <T>(one: fc.Arbitrary<T>, minLength: number) =>
    fc.array(one, { minLength, maxLength: 4 * minLength, size: "max" });
  await fc.assert(fc.asyncProperty(many(deed, 15), many(fault, 15), many(deed, 5), play), { numRuns: 1_000 });
});
