import { listItems, type MarkdownNode, plain, type Section } from "./parse-markdown.ts";
import { quote, type Report } from "./parse-problem.ts";

export interface Field {
  name: string;
  line: number;
  /** As written, on one line: a glob such as `content/*` must not be read as emphasis. */
  value: string;
  /** The list that stands under the field. */
  list: MarkdownNode[] | null;
}

export type FieldKind = "text" | "list";

export const fieldCharsMax = 255;

/**
 * The bold fields (`**Name:** value`) of a section. Reports unknown, repeated, missing and empty ones, and anything between
 * them; what is missing is left out of the result.
 */
export function readFields<K extends string>(
  section: Section,
  kinds: Record<K, FieldKind>,
  report: Report,
): Partial<Record<K, Field>> {
  const names = Object.keys(kinds) as K[];
  const form = names.map((name) => `**${name}:**`).join(", ");
  const found: Partial<Record<K, Field>> = {};
  for (const field of collectFields(section, form, report)) {
    const name = names.find((each) => each.toLowerCase() === field.name.toLowerCase());
    if (!name) report(field.line, `one of the fields ${form}`, quote(`**${field.name}:**`));
    else if (found[name]) report(field.line, `**${name}:** once in "${section.title}"`, "it a second time");
    else {
      found[name] = field;
      checkField(field, kinds[name], report);
    }
  }
  return found;
}

export function reportMissing<K extends string>(
  section: Section,
  fields: Partial<Record<K, Field>>,
  names: readonly K[],
  report: Report,
): void {
  for (const name of names) {
    if (!fields[name]) report(section.line, `the field **${name}:** in "${section.title}"`, "none");
  }
}

function checkField(field: Field, kind: FieldKind, report: Report): void {
  if (kind === "text") {
    if (field.value === "") report(field.line, `a value after **${field.name}:**`, "nothing");
    else if (field.value.length > fieldCharsMax) {
      report(field.line, `at most ${fieldCharsMax} characters after **${field.name}:**`, `${field.value.length}`);
    }
    if (field.list) report(field.list[0]?.position.start.line ?? field.line, `no list under **${field.name}:**`, "one");
  } else if (!field.list || field.list.length === 0) {
    report(field.line, `a list under **${field.name}:** (numbered from 1, or with dashes)`, quote(field.value));
  } else if (field.value !== "") report(field.line, `nothing but a list under **${field.name}:**`, quote(field.value));
}

function collectFields(section: Section, form: string, report: Report): Field[] {
  const fields: Field[] = [];
  let previous: MarkdownNode | undefined;
  for (const block of section.blocks) {
    const last = fields.at(-1);
    if (block.type === "paragraph") fields.push(...paragraphFields(block, section, form, report));
    else if (block.type === "list" && previous?.type === "paragraph" && last && !last.list) last.list = listItems(block);
    else if (block.type !== "html")
      report(block.position.start.line, `only the fields ${form}`, quote(plain(block) || block.type));
    previous = block;
  }
  return fields;
}

function paragraphFields(paragraph: MarkdownNode, section: Section, form: string, report: Report): Field[] {
  const { source } = section;
  const labels = strongNodes(paragraph).filter(
    (node) => plain(node).endsWith(":") && startsLine(source, node.position.start.offset),
  );
  const first = labels[0]?.position.start.offset ?? paragraph.position.end.offset;
  const stray = source.slice(paragraph.position.start.offset, first).trim();
  if (stray !== "") report(paragraph.position.start.line, `one of the fields ${form}`, quote(stray));
  return labels.map((label, at) => ({
    name: plain(label).slice(0, -1).trim(),
    line: label.position.start.line,
    value: oneLine(
      source.slice(label.position.end.offset, labels[at + 1]?.position.start.offset ?? paragraph.position.end.offset),
    ),
    list: null,
  }));
}

const strongNodes = (node: MarkdownNode): MarkdownNode[] =>
  node.type === "strong" ? [node] : (node.children ?? []).flatMap(strongNodes);

const startsLine = (source: string, offset: number): boolean =>
  /(^|[\r\n])[ \t]*$/.test(source.slice(Math.max(0, offset - 100), offset));

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
