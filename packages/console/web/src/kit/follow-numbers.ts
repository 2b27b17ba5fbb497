import type { StatedNumber } from "@aito/protocol";
import { visibleText } from "../../../src/visible-parts.ts";

/** Characters of private use around a number while its text is read as Markdown; what the text itself has of them is taken out. */
const [open, mid, close] = ["\uE000", "\uE001", "\uE002"];
const ours = /[\uE000-\uE002]/gu;
const marked = /\uE000(\d+)\uE001([^\uE002]*)\uE002/gu;

/** Visible text in which each number carries its place in `numbers`, for `followNumbers`. */
export function markNumbers(text: string, numbers: readonly StatedNumber[]): string {
  const clean = (part: string): string => visibleText(part.replaceAll(ours, ""));
  let [out, from] = ["", 0];
  for (const [at, { start, end }] of numbers.entries()) {
    out += `${clean(text.slice(from, start))}${open}${at}${mid}${clean(text.slice(start, end))}${close}`;
    from = end;
  }
  return out + clean(text.slice(from));
}

interface Node {
  type: string;
  value?: string;
  children?: Node[];
  tagName?: string;
  properties?: Record<string, unknown>;
}

/** A plugin for the tree of the document: numbers that were marked become links to their receipts, or are said to be unverified. */
export const followNumbers = (numbers: readonly StatedNumber[]) => () => (tree: Node) => {
  walk(tree, numbers);
};

function walk(node: Node, numbers: readonly StatedNumber[]): void {
  if (!node.children) return;
  node.children = node.children.flatMap((child) => {
    if (child.type === "text") return split(child.value ?? "", numbers);
    walk(child, numbers);
    return [child];
  });
}

function split(text: string, numbers: readonly StatedNumber[]): Node[] {
  const parts: Node[] = [];
  let from = 0;
  const plain = (value: string): void => {
    const shown = value.replaceAll(/\uE000\d*\uE001?|[\uE001\uE002]/gu, "");
    if (shown !== "") parts.push({ type: "text", value: shown });
  };
  for (const match of text.matchAll(marked)) {
    plain(text.slice(from, match.index));
    const receipt = numbers[globalThis.Number(match[1])]?.receipt ?? null;
    parts.push({
      type: "element",
      tagName: "data",
      properties: { value: receipt ?? "" },
      children: [{ type: "text", value: match[2]! }],
    });
    from = match.index + match[0].length;
  }
  plain(text.slice(from));
  return parts;
}
