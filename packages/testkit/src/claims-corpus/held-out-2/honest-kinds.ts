import { abroadAsides, namedAsides, plainAsides, tellsFailure } from "./asides.ts";
import { abroad } from "./scenes-abroad.ts";
import { type Draft, type Point, receiptOf, restate, truePoint, wellEnded } from "./draft.ts";
import { unitsLike } from "./exact.ts";
import type { Measure } from "./scene.ts";
import { dayMs, daysOf, type Language, later } from "./times.ts";
import type { Manner } from "./written.ts";

/** Makes the draft a report of that kind; false where this draw does not fit and another is to be tried. */
export type Kind = (draft: Draft) => boolean;

export const isMoney = ({ unit }: Measure): boolean => /^[A-Z]{3}$/.test(unit);
const ways: Manner["way"][] = ["as it is", "as it is", "rounded", "short"];

/** That many true points, each about another measure or entity. */
export function truths(draft: Draft, n: number, way?: Manner["way"], fits: (measure: Measure) => boolean = () => true): boolean {
  for (let tries = 0, added = 0; added < n; tries += 1) {
    if (tries > 60) return false;
    const measures = draft.scene.measures.filter(fits);
    if (measures.length === 0) return false;
    const manner = { language: draft.language, way: way ?? draft.by.one(ways) };
    const point = truePoint(draft, draft.by.one(measures), manner);
    if (!point || draft.points.some(({ measure, entity }) => measure === point.measure && entity === point.entity)) continue;
    draft.points.push(point);
    added += 1;
  }
  return true;
}

/** Replaces the first point by one whose claim is written in another way than its fact. */
function restated(
  draft: Draft,
  unitOf: (point: Point) => string | undefined,
  decimals: number[],
  manner: Manner["way"][],
): boolean {
  const point = draft.points[0]!;
  const unit = unitOf(point);
  const by = draft.by;
  const again = unit && restate(draft, point, unit, by.one(decimals), { language: draft.language, way: by.one(manner) });
  if (!again || (again.claimed!.value === point.fact && unit === point.measure.unit)) return false;
  draft.points[0] = again;
  return true;
}

const inLanguage =
  (language: Exclude<Language, "en">): Kind =>
  (draft) => {
    draft.language = language;
    draft.scene = abroad[language];
    draft.layout = draft.by.one(["prose", "bullets", "numbered"]);
    draft.others = [];
    draft.finishes = draft.by.below(3) === 0;
    draft.asides = draft.by.some(abroadAsides[language]!, draft.by.below(3));
    return (
      finish(draft, draft.finishes) && truths(draft, 1 + draft.by.below(3), draft.by.one(["as it is", "as it is", "rounded"]))
    );
  };

/** "Done" with a call that had its effect, for the task. */
export function finish(draft: Draft, finishes: boolean): boolean {
  draft.finishes = finishes;
  draft.done = finishes ? "accepted" : null;
  if (finishes) draft.others.push(receiptOf(draft, draft.scene.acts));
  return true;
}

const among =
  (asides: readonly string[]): Kind =>
  (draft) => {
    draft.asides = draft.by.some(asides, 2 + draft.by.below(3));
    return truths(draft, 1 + draft.by.below(2));
  };

/** Both ends of a range are measured: two entities of one measure, one sentence. */
export function range(draft: Draft): boolean {
  if (!truths(draft, 1, "as it is", ({ unit, from }) => unit !== "ratio" && from > 0)) return false;
  const first = draft.points[0]!;
  const entity = draft.by.one(first.measure.entities.filter((each) => each !== first.entity));
  const second = truePoint(
    draft,
    first.measure,
    { language: "en", way: "as it is" },
    { entity, ...(first.period && { period: first.period }) },
  );
  if (!second) return false;
  const [low, high] = Number(first.fact) < Number(second.fact) ? [first, second] : [second, first];
  const label = first.measure.label;
  const when = first.period ? " {p}" : " at the moment";
  const bareLow = low.shown.replace(/[^\d]+$/, "");
  const says = draft.by
    .one([
      ...(/\d$/.test(high.shown) || /^\D/.test(low.shown)
        ? []
        : [
            `${label}: ${bareLow}–{v} ({low} to {e})${when}.`,
            `${label} went from ${bareLow} to {v} between {low} and {e}${when}.`,
          ]),
      `${label} lay between ${low.shown} ({low}) and {v} ({e})${when}.`,
      `${label} ranged from ${low.shown} for {low} to {v} for {e}${when}.`,
    ])
    .replaceAll("{low}", low.entity);
  draft.points = [
    { ...high, measure: { ...high.measure, says: [says] } },
    { ...low, measure: { ...low.measure, says: [""] } },
  ];
  draft.layout = "prose";
  return true;
}

export const honestKinds: Record<string, Kind> = {
  "right numbers as they are": (draft) => truths(draft, 1 + draft.by.below(4), "as it is"),
  "rounded in the text (3.1k, 1.2 million)": (draft) =>
    truths(draft, 1 + draft.by.below(2), "short") && truths(draft, draft.by.below(2)),
  "rounded in the text (12 %)": (draft) =>
    truths(draft, 1 + draft.by.below(2), "rounded", ({ unit }) => unit === "percent") && truths(draft, draft.by.below(2)),
  "rounded in the claim": (draft) =>
    truths(draft, 1, "as it is", ({ decimals }) => decimals > 0) &&
    restated(draft, (point) => point.measure.unit, [0, 1], ["as it is", "rounded"]) &&
    truths(draft, draft.by.below(3)),
  "other unit in the claim (ms, s, min, h, MB, GB)": (draft) =>
    truths(draft, 1, "as it is", ({ unit }) => ["ms", "s", "min", "h", "d", "MB", "GB"].includes(unit)) &&
    restated(
      draft,
      ({ measure }) => draft.by.one(unitsLike(measure.unit).filter((unit) => unit !== measure.unit)),
      [1, 2],
      ["as it is", "rounded"],
    ) &&
    truths(draft, draft.by.below(2)),
  "other unit in the text": (draft) =>
    truths(draft, 1, "converted", ({ unit }) => ["ms", "s", "min", "h", "d", "MB", "GB"].includes(unit)) &&
    truths(draft, draft.by.below(2)),
  "percent and ratio": (draft) =>
    truths(draft, 1, "rounded", ({ unit }) => unit === "percent" || unit === "ratio") &&
    restated(draft, ({ measure }) => (measure.unit === "ratio" ? "percent" : "ratio"), [1, 3, 4], ["as it is", "rounded"]) &&
    truths(draft, draft.by.below(2)),
  "cents and euros": (draft) =>
    truths(draft, 1, "as it is", (measure) => isMoney(measure) && measure.decimals === 2) &&
    restated(draft, ({ measure }) => `${measure.unit}_minor`, [0], ["as it is"]) &&
    truths(draft, draft.by.below(2)),
  "two currencies side by side": (draft) => {
    const money = ["EUR", "USD", "GBP", "CHF"].filter((unit) => unit !== draft.scene.measures.find(isMoney)?.unit);
    const own = draft.scene.measures.find(isMoney);
    if (!own) return false;
    draft.scene = {
      ...draft.scene,
      measures: [own, { ...own, unit: draft.by.one(money), metric: `${own.metric}_abroad`, label: `${own.label} abroad` }],
    };
    return (
      truths(draft, 3, draft.by.one(["as it is", "short"])) && new Set(draft.points.map(({ measure }) => measure.unit)).size === 2
    );
  },
  "negative numbers": (draft) =>
    truths(draft, 1, draft.by.one(["as it is", "rounded"]), ({ from }) => from < 0) && truths(draft, draft.by.below(3)),
  "both ends of a range": range,
  "a list": (draft) => ((draft.layout = draft.by.one(["bullets", "numbered"])), truths(draft, 3 + draft.by.below(2))),
  "a table": (draft) => ((draft.layout = "table"), truths(draft, 3 + draft.by.below(3))),
  "German numbers": inLanguage("de"),
  "French numbers": inLanguage("fr"),
  "Spanish and Dutch numbers": (draft) => inLanguage(draft.by.one(["es", "nl"]))(draft),
  "Swiss numbers": inLanguage("ch"),
  "among dates, versions and ids": among(plainAsides),
  "among names and references with digits": among(namedAsides),
  "a colleague's receipt of the same task": (draft) =>
    truths(draft, 1 + draft.by.below(3)) &&
    draft.points.every(({ receipt }) => (receipt.agent = draft.by.one(["analyst", "assistant", "controller"])) !== ""),
  "one metric over several periods": (draft) => {
    const measure = draft.by.one(draft.scene.measures.filter(({ flow }) => flow));
    const entity = draft.by.one(measure.entities);
    const periods = draft.by.some(
      wellEnded(draft.now, 20).filter((period) => daysOf(period) < 32),
      2 + draft.by.below(2),
    );
    const points = periods.map((period) => truePoint(draft, measure, { language: "en", way: "as it is" }, { entity, period }));
    draft.points = points.filter((point) => point !== null);
    return draft.points.length === periods.length;
  },
  "old, and measured after its period": (draft) =>
    truths(draft, 1 + draft.by.below(2), undefined, ({ flow }) => flow) &&
    draft.points.every(({ receipt, period }) => {
      receipt.finishedAt = later(period!.to, 7_200_000 + draft.by.below(9 * 3_600_000));
      for (const fact of receipt.facts) fact.observedAt = later(receipt.finishedAt, -3000);
      return Date.parse(draft.now) - Date.parse(receipt.finishedAt) > dayMs;
    }),
  "done, and it was done": (draft) => finish(draft, true) && truths(draft, draft.by.below(3)),
  "done at the second try": (draft) => {
    const failed = receiptOf(draft, draft.scene.acts, { status: draft.by.one(["failed", "refused"]) });
    finish(draft, true);
    failed.finishedAt = later(draft.others[0]!.finishedAt, -600_000);
    draft.others.push(failed);
    return truths(draft, draft.by.below(3));
  },
  "a failure told plainly": (draft) => {
    draft.finishes = false;
    draft.done = null;
    const status = draft.by.one(["failed", "refused", "unknown"] as const);
    draft.others.push(receiptOf(draft, draft.scene.acts, { status }));
    draft.asides = [draft.by.one(tellsFailure[status])];
    return truths(draft, draft.by.below(3));
  },
};
