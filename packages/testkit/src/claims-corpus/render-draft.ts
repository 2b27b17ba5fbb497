import type { ClaimsCase, ClaimPeriod } from "./claims-case.ts";
import type { Draft, Statement } from "./draft.ts";
import { two } from "./phrasing.ts";

const hour = 3_600_000;

/** A period in words, as a person would put it after "in" or in brackets. */
function periodText(draft: Draft, period: ClaimPeriod | null): string {
  const { random, phrasing, now } = draft;
  if (period === null) return random.pick(phrasing.points)(now, phrasing);
  const from = new Date(period.from);
  const days = (Date.parse(period.to) - Date.parse(period.from)) / (24 * hour);
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth()];
  if (days < 2) return random.pick([`on ${period.from.slice(0, 10)}`, `${from.getUTCDate()} ${phrasing.months[month]} ${year}`]);
  if (days < 32)
    return random.pick([
      `${phrasing.months[month]} ${year}`,
      `in ${phrasing.months[month]} ${year}`,
      `${year}-${two(month + 1)}`,
    ]);
  return days < 100 ? `Q${month / 3 + 1} ${year}` : `in ${year}`;
}

function sentence(draft: Draft, statement: Statement, period: string): string {
  const template = draft.random.pick(draft.phrasing.sentences);
  return template
    .replace("{label}", () => statement.metric.label)
    .replace("{entity}", () => statement.claim.entity)
    .replace("{number}", () => statement.shown)
    .replace("{period}", () => period);
}

export type Layout = "prose" | "pairs" | "bullets" | "numbered" | "table";

function body(draft: Draft, layout: Layout): string {
  const { random, phrasing, statements } = draft;
  const periods = statements.map(({ claim }) => periodText(draft, claim.period));
  const sentences = statements.map((statement, at) => sentence(draft, statement, periods[at]!));
  switch (layout) {
    case "prose":
      return sentences.join(" ");
    case "pairs": {
      const [a, b, ...rest] = sentences.map((one) => one.replace(/\.$/, ""));
      const first =
        b === undefined
          ? `${a}.`
          : random
              .pick(phrasing.pairs)
              .replace("{a}", () => a!)
              .replace("{b}", () => b);
      return [first, ...rest.map((one) => `${one}.`)].join(" ");
    }
    case "bullets":
      return sentences.map((one) => `${random.chance(0.5) ? "-" : "*"} ${one}`).join("\n");
    case "numbered":
      return sentences.map((one, at) => `${at + 1}. ${one}`).join("\n");
    case "table": {
      const rows = statements.map(({ metric, claim, shown }, at) =>
        phrasing.tableHead[0] === "Entity"
          ? [claim.entity, metric.label, shown, periods[at]!]
          : [metric.label, claim.entity, periods[at]!, shown],
      );
      return [phrasing.tableHead, phrasing.tableHead.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
    }
  }
}

function textOf(draft: Draft, layout: Layout, asides: number): string {
  const { random, phrasing, setting, now } = draft;
  const opening = random.chance(0.6) ? [random.pick(phrasing.openings).replace("{setting}", setting.name)] : [];
  const about = draft.statements.length === 0 ? [] : [body(draft, layout)];
  const more = random
    .shuffle(phrasing.asides)
    .slice(0, asides)
    .map((aside) => aside({ random, now }));
  const added = draft.inventions.map((invention) => invention.sentence);
  const after = random.shuffle([...more, ...added]).join(random.chance(0.5) ? "\n" : " ");
  return [...opening, ...about, ...(after === "" ? [] : [after])].join("\n\n");
}

const known = { list_tasks: "read", list_decisions: "read", show_task: "read", publish_text: "dangerous" } as const;

/** The draft as a case; `asides` is how many sentences with other numbers stand around the statements. */
export function renderDraft(
  draft: Draft,
  { id, label, kind, layout, asides }: { id: string; label: ClaimsCase["label"]; kind: string; layout: Layout; asides: number },
): ClaimsCase {
  const told = draft.random.shuffle(draft.statements);
  const risk = (tool: string): "read" | "write" | "dangerous" =>
    tool in known ? known[tool as keyof typeof known] : draft.setting.reads.includes(tool) ? "read" : "write";
  return {
    id,
    label,
    kind,
    now: draft.now.toISOString().replace(".000Z", "Z"),
    tools: Object.fromEntries(draft.receipts.map(({ tool }) => [tool, risk(tool)])),
    receipts: draft.receipts,
    report: {
      agent: draft.agent,
      task: draft.task,
      finishes: draft.done !== null,
      text: textOf(draft, layout, asides),
      claims: told.map(({ claim }) => claim),
    },
    expect: {
      claims: told.map(({ claimHolds }) => (claimHolds ? "supported" : "unsupported")),
      unsupportedNumbers: [
        ...draft.statements.filter(({ numberHolds }) => !numberHolds).map(({ shown }) => shown),
        ...draft.inventions.map(({ number }) => number),
      ],
      done: draft.done,
    },
  };
}
