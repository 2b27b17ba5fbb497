import { readFileSync } from "node:fs";
import { isAitoError } from "@aito/base";
import { describe, expect, test } from "vitest";
import { markdownBytesMax } from "./parse-markdown.ts";
import { problemLine } from "./parse-problem.ts";
import { parseProfile, readProfile } from "./parse-profile.ts";

/** The profile that the format was given with. */
const seed = `# /profiles/cmo.md

## Identity

**Name:** Chief Marketing Officer (CMO)
**Department:** Marketing
**Reports To:** CEO
**Manages:** Content Writers, Social Media, Community Growth

## Mission

Drive brand awareness, community growth, and engagement for Shiba Classic.
Ensure consistent messaging across all channels.

## Core Responsibilities

1. **Content Strategy**
   - Plan and approve all marketing content
   - Maintain brand voice consistency

2. **Social Media**
   - Monitor Twitter/X, Telegram, Discord engagement

## Decision Authority

### Can Decide Alone (Minor)
- Daily social media posts

### Needs CEO Approval (Major)
- New marketing campaigns (> $100 budget)
- Influencer partnerships

### Needs DAO Approval (Critical)
- Large budget allocations (> $1000)
- Strategic partnerships

## Loop Schedule

**Interval:** Every 4 hours
**Actions:**
1. Check pending tasks from CEO
2. Generate content ideas

## Git Integration

**Repository:** og-shibaclassic/shiba-social
**Branch Filter:** main
**Path Filter:** content/*, campaigns/*
**Actions:**
- Create PRs for new content

## Communication Style

- Professional but approachable

## Escalation Rules

1. Negative sentiment spike (> 20%) → Immediate CEO alert
2. Technical issues → CTO handoff
`;

const parse = (markdown: string, kind: "agent" | "worker" = "agent") => parseProfile({ file: "cmo.md", markdown, kind });
const problems = (markdown: string, kind: "agent" | "worker" = "agent"): string[] =>
  readProfile({ file: "cmo.md", markdown, kind }).problems.map(problemLine);
const lineOf = (markdown: string, text: string): number => markdown.slice(0, markdown.indexOf(text)).split("\n").length;

describe("a good profile", () => {
  test("P01 the seed's own profile is read into all of its parts", () => {
    expect(parse(seed)).toEqual({
      name: "Chief Marketing Officer (CMO)",
      department: "Marketing",
      reportsTo: "CEO",
      manages: ["Content Writers", "Social Media", "Community Growth"],
      mission:
        "Drive brand awareness, community growth, and engagement for Shiba Classic. Ensure consistent messaging across all channels.",
      responsibilities: [
        { title: "Content Strategy", items: ["Plan and approve all marketing content", "Maintain brand voice consistency"] },
        { title: "Social Media", items: ["Monitor Twitter/X, Telegram, Discord engagement"] },
      ],
      authority: {
        minor: ["Daily social media posts"],
        major: ["New marketing campaigns (> $100 budget)", "Influencer partnerships"],
        critical: ["Large budget allocations (> $1000)", "Strategic partnerships"],
        majorAboveMicroUsd: "100000000",
        criticalAboveMicroUsd: "1000000000",
      },
      loop: {
        intervalSeconds: 14_400,
        actions: [
          { text: "Check pending tasks from CEO", everySeconds: 14_400, creative: false },
          { text: "Generate content ideas", everySeconds: 14_400, creative: false },
        ],
      },
      git: {
        repository: "og-shibaclassic/shiba-social",
        branch: "main",
        paths: ["content/*", "campaigns/*"],
        actions: ["Create PRs for new content"],
      },
      communicationStyle: ["Professional but approachable"],
      escalationRules: [
        {
          when: "Negative sentiment spike (> 20%)",
          then: "Immediate CEO alert",
          trigger: { kind: "sentiment_drop", threshold: "20", notify: ["ceo"], emergency: false },
        },
        {
          when: "Technical issues",
          then: "CTO handoff",
          trigger: { kind: "technical_issue", threshold: "0", notify: ["cto"], emergency: false },
        },
      ],
    });
  });

  test("P05 an action that names its pace is creative and due at that pace", () => {
    const profile = parse(seed.replace("2. Generate content ideas", "2. Generate content ideas (every 24 hours)"));
    expect(profile.loop.actions[1]).toEqual({ text: "Generate content ideas", everySeconds: 86_400, creative: true });
  });

  test.each([
    ["Every 30 minutes", 1_800],
    ["Every hour", 3_600],
    ["every 1 day", 86_400],
    ["Every 90 seconds.", 90],
  ])("P05 the interval %j is %i seconds", (text, seconds) => {
    expect(parse(seed.replace("Every 4 hours", text)).loop.intervalSeconds).toBe(seconds);
  });

  test("P05 a worker may be on demand", () => {
    expect(parse(seed.replace("Every 4 hours", "On demand"), "worker").loop.intervalSeconds).toBeGreaterThan(0);
  });

  test("P06 a role without a repository says None", () => {
    expect(parse(seed.replace(/\*\*Repository:[^#]*/, "**Repository:** None\n\n")).git).toBeNull();
  });

  test.each([
    ["> $1,000", "1000000000"],
    ["over $250.50", "250500000"],
    ["more than $ 75", "75000000"],
    ["> $900) (> $300", "300000000"],
    ["up to $40", null],
  ])("P04 the money limit in %j is read exactly", (text, micro) => {
    expect(parse(seed.replace("> $100 budget", text)).authority.majorAboveMicroUsd).toBe(micro);
  });

  test("P07 plain arrows, other orders of sections, comments and Windows line ends are fine", () => {
    const [head, ...sections] = seed.replaceAll("→", "->").split(/(?=^## )/m);
    const markdown = [head, ...sections.toReversed().map((section) => `${section}\n`)]
      .join("<!-- a note -->\n\n")
      .replaceAll("\n", "\r\n");
    expect(parse(markdown)).toEqual(parse(seed));
  });
});

describe("a bad profile", () => {
  // What is replaced, by what, on the line of which text the problem stands, and what it says.
  const cases: [name: string, from: string | RegExp, to: string, at: string, expected: RegExp][] = [
    ["a missing section", /## Mission[^#]*/, "", "## Escalation Rules", /expected the section "## Mission", found none/],
    ["a misspelt section", "## Mission", "## Misson", "## Misson", /expected one of the sections .*found "## Misson"/],
    ["a section twice", "## Communication Style", "## Mission", "## Mission\n\n- Prof", /expected "## Mission" once/],
    ["text before the first section", "## Identity", "Hello\n\n## Identity", "Hello", /expected a section heading/],
    ["a missing field", "**Reports To:** CEO\n", "", "## Identity", /expected the field \*\*Reports To:\*\*/],
    ["an unknown field", "**Department:**", "**Departement:**", "**Departement:**", /found "\*\*Departement:\*\*"/],
    ["a field twice", "**Reports To:** CEO", "**Name:** CEO", "**Name:** CEO", /expected \*\*Name:\*\* once/],
    [
      "an empty field",
      "**Department:** Marketing",
      "**Department:**",
      "**Department:**",
      /expected a value after \*\*Department:\*\*/,
    ],
    ["an empty mission", /Drive brand[^#]*/, "", "## Mission", /expected a text under "## Mission"/],
    [
      "a duty list without bold title",
      "1. **Content Strategy**",
      "1. Content Strategy",
      "1. Content Strategy",
      /expected a bold title/,
    ],
    [
      "a title without duties",
      "   - Monitor Twitter/X, Telegram, Discord engagement\n",
      "",
      "2. **Social Media**",
      /expected a list of duties/,
    ],
    [
      "an authority heading without level",
      "Alone (Minor)",
      "Alone",
      "### Can Decide Alone",
      /ends in \(Minor\), \(Major\) or \(Critical\)/,
    ],
    ["a missing level", /### Needs DAO[^#]*/, "", "## Decision Authority", /expected "### Needs DAO Approval \(Critical\)"/],
    [
      "an empty level",
      "- Daily social media posts\n",
      "",
      "## Decision Authority",
      /expected a list under "### Can Decide Alone \(Minor\)"/,
    ],
    [
      "an amount with a letter",
      "> $100 budget",
      "> $1k budget",
      "> $1k",
      /expected an amount such as "> \$1,000", found "> \$1k"/,
    ],
    ["an amount in another notation", "> $1000", "> $1.000,00", "> $1.000,00", /expected an amount/],
    ["a limit that is not exclusive", "> $1000", ">= $1000", ">= $1000", /expected an amount/],
    ["limits in the wrong order", "> $1000", "> $50", "## Decision Authority", /major limit not above the critical/],
    [
      "an unreadable interval",
      "Every 4 hours",
      "Every four hours",
      "**Interval:**",
      /expected "Every 4 hours".*found "Every four hours"/,
    ],
    ["an interval of nothing", "Every 4 hours", "Every 0 hours", "**Interval:**", /found "Every 0 hours"/],
    ["a standing role on demand", "Every 4 hours", "On demand", "**Interval:**", /found "On demand"/],
    ["an interval that is too long", "Every 4 hours", "Every 99 days", "**Interval:**", /at most 31 days/],
    ["an unreadable pace", "Generate content ideas", "Generate ideas (every now and then)", "2. Generate", /expected a pace/],
    ["actions without a list", /1\. Check[^#]*/, "", "**Actions:**", /expected a list under \*\*Actions:\*\*/],
    ["actions that do not start at 1", "1. Check pending", "3. Check pending", "**Actions:**", /numbered from 1/],
    [
      "an unreadable repository",
      "og-shibaclassic/shiba-social",
      "shiba social",
      "**Repository:**",
      /expected a repository "owner\/name"/,
    ],
    [
      "None and more",
      "og-shibaclassic/shiba-social",
      "None",
      "**Branch Filter:**",
      /no other field where the repository is None/,
    ],
    ["a style that is no list", "- Professional but", "Professional but", "Professional but", /expected only a list/],
    ["a rule without arrow", "Technical issues → CTO", "Technical issues: CTO", "2. Technical", /expected a rule such as/],
    ["code where fields belong", "**Name:**", "    code\n\n**Name:**", "    code", /expected only the fields/],
    ["a character that no text holds", "Marketing\n", "Market\0ing\n", "Market\0ing", /expected UTF-8 text/],
  ];

  test.each(cases)("P02 %s is named with its line", (_name, from, to, at, expected) => {
    const markdown = seed.replace(from, to);
    expect(markdown).not.toBe(seed);
    const found = problems(markdown);
    const line = lineOf(markdown, at);
    expect(found).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
    expect(found.find((each) => expected.test(each))).toMatch(new RegExp(`^cmo\\.md:${line}: expected `));
  });

  test("P02 all problems of a file are listed at once, in one error for a human", () => {
    const bad = seed.replace("Every 4 hours", "sometimes").replace("**Reports To:** CEO\n", "").replace("> $1000", "> $1k");
    try {
      parse(bad);
      expect.unreachable();
    } catch (error) {
      if (!isAitoError(error, "AITO_FLEET_INVALID")) throw error;
      expect(error.fate).toBe("human");
      expect(error.message.split("\n")).toHaveLength(3);
    }
  });

  test("P02 an empty file lacks all eight sections", () => {
    expect(problems("")).toHaveLength(8);
  });

  test("P02 a file beyond the size limit is refused", () => {
    expect(problems(`${seed}${"x".repeat(markdownBytesMax)}`)).toEqual([expect.stringContaining("expected at most 256 KB")]);
  });
});

test("P01 every profile of the company's pack follows the seed's order of sections", () => {
  const pack = new URL("../../../../profiles/aito/", import.meta.url);
  for (const name of [
    "ceo",
    "dao",
    "cmo",
    "cto",
    "cfo",
    "coo",
    "cco",
    "content-writer",
    "code-reviewer",
    "analyst",
    "support-bot",
  ]) {
    const titles = [...readFileSync(new URL(`${name}.md`, pack), "utf8").matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    expect(titles, name).toEqual([...seed.matchAll(/^## (.+)$/gm)].map((match) => match[1]));
  }
});
