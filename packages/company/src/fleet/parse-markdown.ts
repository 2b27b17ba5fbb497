import { errorText } from "@aito/base";
import { toString as textOf } from "mdast-util-to-string";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { quote, type Report } from "./parse-problem.ts";

/** The part of a Markdown syntax tree that the profile parser looks at. */
export interface MarkdownNode {
  type: string;
  depth?: number;
  value?: string;
  children?: MarkdownNode[];
  position: { start: { line: number; offset: number }; end: { line: number; offset: number } };
}

/** A `## Heading` and what stands under it. */
export interface Section {
  title: string;
  line: number;
  source: string;
  blocks: MarkdownNode[];
}

export const markdownBytesMax = 256 * 1024;

/**
 * The sections of a Markdown file in their order. Reports what does not belong to a section; null when the text cannot be
 * read at all.
 */
export function readSections(source: string, report: Report): Section[] | null {
  if (Buffer.byteLength(source) > markdownBytesMax) {
    report(1, `at most ${markdownBytesMax / 1024} KB of Markdown`, `${Math.ceil(Buffer.byteLength(source) / 1024)} KB`);
    return null;
  }
  const broken = source.isWellFormed() ? source.indexOf("\0") : 0;
  if (broken >= 0) {
    report(source.slice(0, broken).split("\n").length, "UTF-8 text", "a character that text cannot hold");
    return null;
  }
  const root = parse(source, report);
  if (!root) return null;
  const sections: Section[] = [];
  let titled = false;
  for (const block of root.children ?? []) {
    const { line } = block.position.start;
    if (isComment(block)) continue;
    if (block.type === "heading" && block.depth === 2) sections.push({ title: plain(block), line, source, blocks: [] });
    else if (block.type === "heading" && block.depth === 1) {
      if (titled || sections.length > 0) report(line, "one title line (#) before the first section", quote(plain(block)));
      titled = true;
    } else if (sections.length === 0) report(line, 'a section heading such as "## Identity"', quote(plain(block)));
    else sections.at(-1)!.blocks.push(block);
  }
  return sections;
}

function parse(source: string, report: Report): MarkdownNode | null {
  try {
    return unified().use(remarkParse).parse(source) as unknown as MarkdownNode;
  } catch (error) {
    report(1, "readable Markdown", errorText(error));
    return null;
  }
}

const isComment = (block: MarkdownNode): boolean => block.type === "html" && (block.value ?? "").startsWith("<!--");

/** The words of a node without its markup, on one line. */
export const plain = (node: MarkdownNode): string => textOf(node).replace(/\s+/g, " ").trim();

/** The items of a list block; null when the block is none. */
export const listItems = (block: MarkdownNode | undefined): MarkdownNode[] | null =>
  block?.type === "list" ? (block.children ?? []) : null;

/** The text of a list item without what is nested under it. */
export const itemText = (item: MarkdownNode): string =>
  (item.children ?? [])
    .filter((child) => child.type !== "list")
    .map(plain)
    .join(" ")
    .trim();
