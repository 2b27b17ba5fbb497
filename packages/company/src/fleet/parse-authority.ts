import { type Authority, usdToMicro } from "@aito/protocol";
import { itemText, listItems, type MarkdownNode, plain, type Section } from "./parse-markdown.ts";
import { quote, type Report } from "./parse-problem.ts";

const levels = ["minor", "major", "critical"] as const;
type Level = (typeof levels)[number];
const headings: Record<Level, string> = {
  minor: "### Can Decide Alone (Minor)",
  major: "### Needs CEO Approval (Major)",
  critical: "### Needs DAO Approval (Critical)",
};
const amountForm = 'an amount such as "> $1,000"';

/** "Decision Authority": three lists by the level that ends their heading, and the money limits named in them. */
export function parseAuthority(section: Section, report: Report): Authority {
  const lists: Record<Level, string[] | null> = { minor: null, major: null, critical: null };
  const limits: Record<Level, bigint | null> = { minor: null, major: null, critical: null };
  let level: Level | null = null;
  let skipping = false;
  for (const block of section.blocks) {
    const { line } = block.position.start;
    if (block.type === "heading") {
      level = levelOf(block, report);
      skipping = level === null;
      if (level && lists[level]) report(line, `one list of the level "${level}"`, "a second one");
      if (level) lists[level] ??= [];
    } else if (block.type === "list" && level) {
      for (const item of listItems(block)!) addItem(item, lists[level]!, { level, limits, report });
    } else if (block.type !== "html" && !skipping) {
      report(
        line,
        `a list under one of ${Object.values(headings)
          .map((each) => `"${each}"`)
          .join(", ")}`,
        quote(plain(block) || block.type),
      );
    }
  }
  for (const each of levels) {
    if (lists[each] === null) report(section.line, `"${headings[each]}" in "${section.title}"`, "none");
    else if (lists[each].length === 0) report(section.line, `a list under "${headings[each]}"`, "nothing");
  }
  if (limits.major !== null && limits.critical !== null && limits.major > limits.critical) {
    report(
      section.line,
      "a major limit not above the critical one",
      `$${limits.major / 1_000_000n} above $${limits.critical / 1_000_000n}`,
    );
  }
  return {
    minor: lists.minor ?? [],
    major: lists.major ?? [],
    critical: lists.critical ?? [],
    majorAboveMicroUsd: limits.major?.toString() ?? null,
    criticalAboveMicroUsd: limits.critical?.toString() ?? null,
  };
}

function levelOf(heading: MarkdownNode, report: Report): Level | null {
  const level = /\(\s*(minor|major|critical)\s*\)$/i.exec(plain(heading))?.[1]?.toLowerCase();
  if (heading.depth === 3 && level) return level as Level;
  report(
    heading.position.start.line,
    'a heading "### …" that ends in (Minor), (Major) or (Critical)',
    quote(`${"#".repeat(heading.depth ?? 3)} ${plain(heading)}`),
  );
  return null;
}

function addItem(
  item: MarkdownNode,
  list: string[],
  options: { level: Level; limits: Record<Level, bigint | null>; report: Report },
): void {
  const { level, limits, report } = options;
  const { line } = item.position.start;
  const text = itemText(item);
  if (text === "") return report(line, "a kind of decision", "an empty item");
  list.push(text);
  for (const { above, amount, written } of amountsIn(text)) {
    if (amount === null || above === "unclear") report(line, amountForm, quote(written));
    else if (above === "yes" && (limits[level] === null || amount < limits[level])) limits[level] = amount;
  }
}

interface Amount {
  /** Whether it is a limit: named with ">" or in words. Limits are exclusive, so that ">=" is `unclear`. */
  above: "yes" | "no" | "unclear";
  amount: bigint | null;
  written: string;
}

/** Every dollar amount in a text; `amount` is null where it cannot be read exactly. */
export function amountsIn(text: string): Amount[] {
  return [...text.matchAll(/(>=|≥|>|\b(?:above|over|more than)\b)?\s*\$\s?([\w.,]*)/gi)].map((match) => {
    const sign = match[1]?.toLowerCase();
    const digits = match[2]!.replace(/[.,]+$/, "");
    const readable = /^(\d{1,3}(,\d{3})+|\d{1,12})(\.\d{1,2})?$/.test(digits) && digits.length <= 15;
    return {
      above: sign === undefined ? "no" : sign === ">=" || sign === "≥" ? "unclear" : "yes",
      amount: readable ? usdToMicro(digits.replaceAll(",", "")) : null,
      written: match[0].trim(),
    };
  });
}
