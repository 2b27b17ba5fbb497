import { type EscalationRule, GitRight, type LoopAction, type Profile } from "@aito/protocol";
import type { z } from "zod";
import { parseAuthority } from "./parse-authority.ts";
import { readFields, reportMissing } from "./parse-fields.ts";
import { cronForm, parseCron } from "./cron.ts";
import { intervalForm, isOnDemand, onDemandSeconds, parseInterval, parsePace } from "./parse-interval.ts";
import { itemText, listItems, type MarkdownNode, plain, readSections, type Section } from "./parse-markdown.ts";
import { parseTrigger } from "./parse-trigger.ts";
import { fleetInvalid, type Problem, quote, type Report } from "./parse-problem.ts";

export const sectionTitles = [
  "Identity",
  "Mission",
  "Core Responsibilities",
  "Decision Authority",
  "Loop Schedule",
  "Git Integration",
  "Communication Style",
  "Escalation Rules",
] as const;
type SectionTitle = (typeof sectionTitles)[number];

export interface ProfileSource {
  /** How the file is named in problems. */
  file: string;
  markdown: string;
  /** A worker may be "On demand": it has no loop. */
  kind: "agent" | "worker";
}

/** A profile, or everything that is wrong with it. The order of the sections is free. */
export function readProfile({ file, markdown, kind }: ProfileSource): { profile: Profile | null; problems: Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (line, expected, found) => void problems.push({ file, line, expected, found });
  const list = readSections(markdown, report);
  if (!list) return { profile: null, problems };
  const sections = byTitle(list, report);
  const parsed = {
    ...read(sections, "Identity", (section) => identity(section, report)),
    ...read(sections, "Mission", (section) => ({ mission: mission(section, report) })),
    ...read(sections, "Core Responsibilities", (section) => ({ responsibilities: responsibilities(section, report) })),
    ...read(sections, "Decision Authority", (section) => ({ authority: parseAuthority(section, report) })),
    ...read(sections, "Loop Schedule", (section) => ({ loop: loop(section, kind, report) })),
    ...read(sections, "Git Integration", (section) => ({ git: git(section, report) })),
    ...read(sections, "Communication Style", (section) => ({ communicationStyle: bullets(section, report) })),
    ...read(sections, "Escalation Rules", (section) => ({ escalationRules: escalationRules(section, report) })),
  };
  return { profile: problems.length === 0 ? (parsed as Profile) : null, problems };
}

/** Like `readProfile`, but throws AITO_FLEET_INVALID when there is a problem. */
export function parseProfile(source: ProfileSource): Profile {
  const { profile, problems } = readProfile(source);
  if (profile) return profile;
  throw fleetInvalid(problems);
}

type Sections = Partial<Record<SectionTitle, Section>>;

function read<T extends Partial<Profile>>(sections: Sections, title: SectionTitle, parse: (section: Section) => T): Partial<T> {
  const section = sections[title];
  return section ? parse(section) : {};
}

function byTitle(list: Section[], report: Report): Sections {
  const sections: Sections = {};
  const form = sectionTitles.map((title) => `"## ${title}"`).join(", ");
  for (const section of list) {
    const title = sectionTitles.find((each) => each.toLowerCase() === section.title.toLowerCase());
    if (!title) report(section.line, `one of the sections ${form}`, quote(`## ${section.title}`));
    else if (sections[title]) report(section.line, `"## ${title}" once`, "it a second time");
    else sections[title] = section;
    if (title === "Decision Authority") continue;
    for (const block of section.blocks) {
      if (block.type === "heading")
        report(block.position.start.line, `no heading inside "${section.title}"`, quote(plain(block)));
    }
    section.blocks = section.blocks.filter((block) => block.type !== "heading");
  }
  const missing = sectionTitles.filter((title) => !sections[title]);
  for (const title of missing) report(list.at(-1)?.line ?? 1, `the section "## ${title}"`, "none in this file");
  return sections;
}

function identity(section: Section, report: Report): Pick<Profile, "name" | "department" | "reportsTo" | "manages"> {
  const kinds = { Name: "text", Department: "text", "Reports To": "text", Manages: "text" } as const;
  const fields = readFields(section, kinds, report);
  reportMissing(section, fields, ["Name", "Department", "Reports To", "Manages"], report);
  const manages = fields.Manages?.value ?? "";
  return {
    name: fields.Name?.value ?? "",
    department: fields.Department?.value ?? "",
    reportsTo: fields["Reports To"]?.value ?? "",
    manages: isNone(manages) ? [] : commaList(manages),
  };
}

function mission(section: Section, report: Report): string {
  const text = section.blocks
    .filter((block) => block.type !== "html")
    .map(plain)
    .join("\n\n")
    .trim();
  if (text === "") report(section.line, 'a text under "## Mission"', "nothing");
  return text;
}

function responsibilities(section: Section, report: Report): Profile["responsibilities"] {
  return onlyList(section, report).map((item) => {
    const { line } = item.position.start;
    const [head, ...rest] = item.children ?? [];
    const title = head?.children?.length === 1 && head.children[0]!.type === "strong" ? plain(head) : "";
    const items = rest
      .flatMap((block) => listItems(block) ?? [])
      .map(itemText)
      .filter((text) => text !== "");
    if (title === "") report(line, 'a bold title such as "1. **Content Strategy**"', quote(itemText(item)));
    if (items.length === 0) report(line, `a list of duties under ${quote(title || itemText(item))}`, "nothing");
    return { title, items };
  });
}

function loop(section: Section, kind: ProfileSource["kind"], report: Report): Profile["loop"] {
  const fields = readFields(section, { Interval: "text", Actions: "list" }, report);
  reportMissing(section, fields, ["Interval", "Actions"], report);
  const interval = fields.Interval?.value ?? "";
  const onDemand = kind === "worker" && isOnDemand(interval);
  const cron = kind === "worker" ? null : parseCron(interval);
  const seconds = onDemand ? onDemandSeconds : (cron?.gapSeconds ?? parseInterval(interval));
  if (seconds === null && interval !== "") {
    report(
      fields.Interval!.line,
      kind === "worker" ? `${intervalForm} or "On demand"` : `${intervalForm}, or ${cronForm}`,
      quote(interval),
    );
  }
  const intervalSeconds = seconds ?? onDemandSeconds;
  // A run ends a while after the time that woke it: what is due at each one must be due again a little before the next.
  const paceSeconds = cron ? intervalSeconds - Math.min(300, Math.floor(intervalSeconds / 10)) : intervalSeconds;
  return {
    intervalSeconds,
    ...(cron ? { cron: { pattern: cron.pattern, zone: cron.zone } } : {}),
    actions: (fields.Actions?.list ?? []).map((item) => action(item, paceSeconds, report)),
  };
}

function action(item: MarkdownNode, intervalSeconds: number, report: Report): LoopAction {
  const { line } = item.position.start;
  const pace = parsePace(itemText(item));
  if (pace.unreadable !== null) report(line, `a pace such as "(every 24 hours)", at most 31 days`, quote(pace.unreadable));
  if (pace.text === "") report(line, "an action", "an empty item");
  return { text: pace.text, everySeconds: pace.everySeconds ?? intervalSeconds, creative: pace.everySeconds !== null };
}

function git(section: Section, report: Report): Profile["git"] {
  const kinds = { Repository: "text", "Branch Filter": "text", "Path Filter": "text", Rights: "text", Actions: "list" } as const;
  const fields = readFields(section, kinds, report);
  const repository = fields.Repository?.value ?? "";
  if (isNone(repository)) {
    for (const field of Object.values(fields)) {
      if (field.name !== fields.Repository!.name)
        report(field.line, "no other field where the repository is None", quote(`**${field.name}:**`));
    }
    return null;
  }
  reportMissing(section, fields, ["Repository", "Branch Filter", "Path Filter", "Actions"], report);
  if (repository !== "" && !/^[\w.-]+\/([\w.-]+|\*)$/.test(repository)) {
    report(fields.Repository!.line, 'a repository "owner/name", "owner/*" or "None"', quote(repository));
  }
  const right = GitRight.safeParse(fields.Rights?.value.toLowerCase());
  if (fields.Rights && !right.success) report(fields.Rights.line, "read, write or admin", quote(fields.Rights.value));
  return {
    repository,
    ...(right.success ? { right: right.data } : {}),
    branch: fields["Branch Filter"]?.value ?? "",
    paths: commaList(fields["Path Filter"]?.value ?? ""),
    actions: (fields.Actions?.list ?? []).map(itemText),
  };
}

function bullets(section: Section, report: Report): string[] {
  return onlyList(section, report).map((item) => {
    const text = itemText(item);
    if (text === "") report(item.position.start.line, "a line of text", "an empty item");
    return text;
  });
}

function escalationRules(section: Section, report: Report): z.infer<typeof EscalationRule>[] {
  return onlyList(section, report).map((item) => {
    const text = itemText(item);
    const match = /^(.+?)\s*(?:→|->)\s*(.+)$/.exec(text);
    if (!match) report(item.position.start.line, 'a rule such as "Budget overrun → CFO notification"', quote(text));
    const [when, then] = [match?.[1] ?? "", match?.[2] ?? ""];
    const trigger = parseTrigger(when, then);
    return { when, then, ...(trigger ? { trigger } : {}) };
  });
}

/** The items of a section that is one list. */
function onlyList(section: Section, report: Report): MarkdownNode[] {
  const items = section.blocks.flatMap((block) => {
    if (block.type !== "list" && block.type !== "html") {
      report(block.position.start.line, `only a list in "${section.title}"`, quote(plain(block) || block.type));
    }
    return listItems(block) ?? [];
  });
  if (items.length === 0) report(section.line, `a list under "## ${section.title}"`, "none");
  return items;
}

const isNone = (text: string): boolean => /^none\.?$/i.test(text);
const commaList = (text: string): string[] =>
  text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
