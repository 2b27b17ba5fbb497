import type { ClaimsCase } from "../claims-case.ts";
import { filler, openings } from "./asides.ts";
import { type Draft, sentence } from "./draft.ts";
import { periodInWords } from "./times.ts";

function table(draft: Draft): string {
  const rows = draft.points.map((point) => {
    const period = point.claimed?.period ?? point.period;
    const when = period
      ? periodInWords(period, draft.language, draft.by).replace(
          /^(in the year|in the|in|on|for|during|over the whole of|over) /,
          "",
        )
      : "now";
    return `| ${point.measure.label} | ${point.claimed?.entity ?? point.entity} | ${when} | ${point.shown} |`;
  });
  return ["| What | Where | When | Figure |", "| --- | --- | --- | ---: |", ...rows].join("\n");
}

function body(draft: Draft): string {
  const { by, layout } = draft;
  const extra = draft.invented.map(({ text }) => text);
  if (layout === "table" && draft.points.length > 0) return [table(draft), ...extra].join("\n\n");
  const lines = by.some([...draft.points.map((point) => sentence(draft, point)), ...extra], 99).filter((line) => line !== "");
  if (layout === "bullets") return lines.map((line) => `${draft.scene.role.length % 2 ? "-" : "*"} ${line}`).join("\n");
  if (layout === "numbered") return lines.map((line, i) => `${i + 1}. ${line}`).join("\n");
  return lines.join(" ");
}

export function assemble(draft: Draft, id: string, label: ClaimsCase["label"], kind: string): ClaimsCase {
  const { by, scene } = draft;
  const english = draft.language === "en";
  const text = [
    english ? by.one(openings) : "",
    body(draft),
    [...draft.asides, ...(english && by.below(2) ? [by.one(filler)] : [])].join(by.one([" ", "\n"])),
    draft.finishes ? by.one(scene.done) : "",
  ]
    .filter((part) => part !== "")
    .join("\n\n");
  const claims = draft.points.flatMap(({ claimed, claimHolds }) => (claimed ? [{ claimed, claimHolds }] : []));
  const order = by.some(claims, 99);
  const receipts = by.some([...new Set([...draft.points.map(({ receipt }) => receipt), ...draft.others])], 99);
  const metricOf = new Map(draft.points.map(({ claimed, measure }) => [claimed, measure.metric]));
  const wrong = [
    ...draft.points.filter(({ shownHolds }) => !shownHolds).map(({ shown }) => shown),
    ...draft.invented.map(({ number }) => number),
  ];
  return {
    id,
    label,
    kind,
    now: draft.now,
    tools: Object.fromEntries(
      [...new Set(receipts.map(({ tool }) => tool))].map((tool) => [tool, tool === scene.acts ? "write" : "read"]),
    ),
    receipts,
    report: {
      agent: scene.role,
      task: draft.task,
      finishes: draft.finishes,
      text,
      claims: order.map(({ claimed }) => ({
        metric: metricOf.get(claimed)!,
        value: claimed.value,
        unit: claimed.unit,
        period: claimed.period,
        entity: claimed.entity,
        receipts: claimed.receipts,
      })),
    },
    expect: {
      claims: order.map(({ claimHolds }) => (claimHolds ? "supported" : "unsupported")),
      // In the order of the text; each is written once.
      unsupportedNumbers: wrong.toSorted((a, b) => text.indexOf(a) - text.indexOf(b)),
      done: draft.done,
    },
  };
}
