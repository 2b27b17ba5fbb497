import { wellFormed } from "@aito/base";
import type { IssueSnapshot } from "@aito/protocol";

/** GitHub's own bound is 256; ours is that of a task. */
const titleCharactersMax = 255;
const textCharactersMax = 20_000;
const bodyCharactersMax = 65_000;

/** Four steps that people tell apart, for the ten of a task. */
export const levels = ["low", "normal", "high", "urgent"] as const;
export type Level = (typeof levels)[number];
const priorityOf: Record<Level, number> = { low: 2, normal: 5, high: 8, urgent: 10 };
export const levelOf = (priority: number): Level =>
  priority >= 9 ? "urgent" : priority >= 7 ? "high" : priority <= 3 ? "low" : "normal";
export const priorityAt = (level: Level): number => priorityOf[level];

/** What both sides say of a task, in words that can be compared. `status` is ours alone: labels show it and never decide it. */
export interface BoardFields {
  title: string;
  text: string;
  level: Level;
  assignee: string | null;
  status: string;
  open: boolean;
}

const marker = /<!--\s*aito:task:([0-9a-f-]{36})\s*-->/g;
export const markerOf = (taskId: string): string => `<!-- aito:task:${taskId} -->`;
/** The effect key that an issue's body carries; the last one, because ours is written last. */
export const taskIdIn = (body: string): string | null => [...body.matchAll(marker)].at(-1)?.[1] ?? null;

/** Up to where comments were read: two within one second, which have the same time, are told apart by their count. */
export const commentsAt = (issue: Pick<IssueSnapshot, "updatedAt" | "comments">): string =>
  `${issue.updatedAt}#${issue.comments}`;

export const noteMarkerOf = (key: string): string => `<!-- aito:note:${key} -->`;
export const noteIn = (body: string): string | null => /<!-- aito:note:([^\s>]{1,200}) -->/.exec(body)?.[1] ?? null;

/** A zero-width joiner after `@`: GitHub then tells nobody, and what people read stays the same. */
const joiner = "\u2060";

export const cleanTitle = (title: string): string =>
  wellFormed(wellFormed(title).replaceAll(joiner, "").replace(/\s+/g, " ").trim().slice(0, titleCharactersMax)).trim();

/** One spelling of a text, whichever side wrote it: without markers, with `\n` at line ends and nothing around its words. */
export function cleanText(text: string): string {
  let plain = wellFormed(text).replace(/\r\n?/g, "\n").replaceAll(joiner, "");
  // What is left of two markers may be a third.
  for (let before = ""; before !== plain;) {
    before = plain;
    plain = plain.replace(marker, "");
  }
  return wellFormed(plain.trim().slice(0, textCharactersMax)).trim();
}

const inert = (text: string): string => text.replace(/@(?=[\p{L}\p{N}_])/gu, `@${joiner}`);

export const issueBody = (text: string, taskId: string): string =>
  `${inert(text).slice(0, bodyCharactersMax)}\n\n${markerOf(taskId)}`.trimStart();
export const noteBody = (text: string, key: string): string =>
  `${inert(wellFormed(text)).slice(0, bodyCharactersMax)}\n\n${noteMarkerOf(key)}`;
export const issueTitle = (title: string): string => inert(title);

const ours = /^(priority|agent|status):/;

/** The labels that an issue should carry: people's own stay, ours are as the fields say. */
export function labelsFor(fields: BoardFields, label: string, there: readonly string[]): string[] {
  const kept = there.filter((name) => !ours.test(name) && name !== label);
  const agent = fields.assignee === null ? [] : [`agent:${fields.assignee}`];
  return [...kept, label, `priority:${fields.level}`, ...agent, `status:${fields.status}`];
}

/**
 * What an issue says. Where it says nothing that can be read (no label, two new ones, a blank title) it says what it said before:
 * a slip of the hand changes nothing. A human who adds `priority:high` beside the old label means the new one.
 */
export function readIssue(issue: IssueSnapshot, before: BoardFields, agents: ReadonlySet<string>): BoardFields {
  const level = said(issue.labels, "priority:", before.level, (name) => (levels as readonly string[]).includes(name));
  const assignee = said(issue.labels, "agent:", before.assignee, (name) => agents.has(name));
  const status = issue.labels.filter((name) => name.startsWith("status:")).map((name) => name.slice("status:".length));
  return {
    title: cleanTitle(issue.title) || before.title,
    text: cleanText(issue.body),
    level: level as Level,
    assignee,
    status: status.length === 1 ? status[0]! : "",
    open: issue.open,
  };
}

function said<T extends string | null>(
  labels: readonly string[],
  prefix: string,
  before: T,
  known: (name: string) => boolean,
): string | T {
  const names = labels.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  const fresh = names.filter((name) => name !== before && known(name));
  return fresh.length === 1 ? fresh[0]! : before;
}
