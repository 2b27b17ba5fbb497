import type { CaseReceipt } from "../claims-case.ts";
import { inventions } from "./asides.ts";
import { abroad } from "./scenes-abroad.ts";
import { type Draft, drawn, type Point, receiptOf } from "./draft.ts";
import { approximate, converted, exact, over, rounded } from "./exact.ts";
import { finish, isMoney, type Kind, range, truths } from "./honest-kinds.ts";
import type { Measure } from "./scene.ts";
import { dayMs, daysOf, endedPeriods, hourMs, later } from "./times.ts";
import { written } from "./written.ts";

const far = (a: number, b: number): boolean => Math.abs(a - b) > 0.07 * Math.max(Math.abs(a), Math.abs(b));

/** Another number that looks as good: inflated, with two digits swapped, with one digit more or less. */
function altered(point: Point, draft: Draft): string {
  const { by } = draft;
  const { fact, measure } = point;
  for (;;) {
    const i = 1 + by.below(fact.length - 1);
    const swapped = `${fact.slice(0, i - 1)}${fact[i]}${fact[i - 1]}${fact.slice(i + 1)}`;
    const grown = rounded({ n: exact(fact).n * BigInt(110 + by.below(60)), d: exact(fact).d * 100n }, measure.decimals);
    const lie = by.one([grown, grown, swapped, drawn(measure, by)]);
    if (/^-?[1-9]\d*(\.\d+)?$|^0\.\d+$/.test(lie) && far(Number(lie), Number(fact)) && !lie.endsWith("0")) return lie;
  }
}

const show = (draft: Draft, value: string, unit: string): string | null =>
  written([{ value, unit }], { language: draft.language, way: "as it is" }, draft.by);

/** A lie about the first point, among some true ones. */
const lieOn =
  (fits: (measure: Measure) => boolean, change: (point: Point, draft: Draft) => Partial<Point> | null): Kind =>
  (draft) => {
    if (draft.points.length === 0 && !truths(draft, 1, draft.by.one(["as it is", "as it is", "rounded"]), fits)) return false;
    const lie = change(draft.points[0]!, draft);
    if (!lie) return false;
    draft.points[0] = { ...draft.points[0]!, ...lie };
    return truths(draft, draft.by.below(3), "as it is");
  };
const any = (): boolean => true;
const falls = { claimHolds: false, shownHolds: false };

/** The claim says what no receipt says, and the text says it too. */
const claims = (point: Point, draft: Draft, change: Partial<NonNullable<Point["claimed"]>>): Partial<Point> | null => {
  const claimed = { ...point.claimed!, ...change };
  const shown = show(draft, claimed.value, claimed.unit);
  return shown === null ? null : { claimed, shown, ...falls };
};
const says = (shown: string | null): Partial<Point> | null => (shown === null ? null : { shown, shownHolds: false });
const receiptIs = (change: (receipt: CaseReceipt, draft: Draft) => void): Kind =>
  lieOn(any, ({ receipt }, draft) => (change(receipt, draft), falls));

const slips: Record<string, string[]> = {
  ms: ["s", "min"],
  s: ["ms", "min", "h"],
  min: ["s", "h"],
  h: ["min", "d"],
  d: ["h"],
  MB: ["GB", "kB"],
  GB: ["MB"],
  percent: ["ratio"],
  ratio: ["percent"],
};
const slipping = ({ unit }: Measure): boolean => unit in slips;
const otherMoney = (unit: string, draft: Draft): string => draft.by.one(["EUR", "USD", "GBP"].filter((each) => each !== unit));

const doneBy =
  (receipts: (draft: Draft) => CaseReceipt[]): Kind =>
  (draft) => {
    draft.finishes = true;
    draft.done = "refused";
    draft.others.push(...receipts(draft));
    return truths(draft, draft.by.below(3));
  };

export const lyingKinds: Record<string, Kind> = {
  "invented number in the text": (draft) => {
    const [text, shapes] = draft.by.one(inventions);
    const number = draft.by.one(shapes);
    draft.invented = [{ text: text.replace("{n}", () => number), number }];
    return truths(draft, draft.by.below(3));
  },
  "invented claim": lieOn(any, (point, draft) => {
    const other = draft.by.one(
      draft.scene.measures.filter((measure) => measure !== point.measure && measure.flow === point.measure.flow),
    );
    if (!other) return null;
    const facts = point.receipt.facts.map((fact) => ({
      ...fact,
      metric: other.metric,
      unit: other.unit,
      value: drawn(other, draft.by),
      entity: other.entities[0]!,
    }));
    point.receipt.facts = draft.by.below(2) ? facts : [];
    return claims(point, draft, {});
  }),
  "altered number": lieOn(any, (point, draft) => claims(point, draft, { value: altered(point, draft) })),
  "text says other than its claim": lieOn(any, (point, draft) => says(show(draft, altered(point, draft), point.measure.unit))),
  "rounded the kind way": lieOn(
    ({ from, unit }) => from >= 1000 && unit !== "ratio",
    (point) => {
      const [scale, short] = Number(point.fact) >= 1_000_000 ? (["1000000", " million"] as const) : (["1000", "k"] as const);
      const value = over(exact(point.fact), exact(scale));
      const decimals = approximate(value) < 10 ? 1 : 0;
      const text = rounded({ n: value.n * 107n, d: value.d * 100n }, decimals);
      if (text === rounded(value, decimals)) return null;
      const money = { EUR: "€", USD: "$", GBP: "£" }[point.measure.unit] ?? "";
      return isMoney(point.measure) && money === "" ? null : Number(text) < 1 ? null : says(`${money}${text}${short}`);
    },
  ),
  "ten times as much": lieOn(
    ({ from }) => from > 0,
    (point, draft) => {
      const value = rounded({ n: exact(point.fact).n * 10n, d: exact(point.fact).d }, Math.max(0, point.measure.decimals - 1));
      return draft.by.below(2) ? claims(point, draft, { value }) : says(show(draft, value, point.measure.unit));
    },
  ),
  "lost the minus": lieOn(
    ({ from }) => from < 0,
    (point, draft) => {
      const value = point.fact.replace("-", "");
      return draft.by.below(2) ? claims(point, draft, { value }) : says(show(draft, value, point.measure.unit));
    },
  ),
  "wrong unit in the claim": lieOn(slipping, (point, draft) =>
    claims(point, draft, { unit: draft.by.one(slips[point.measure.unit]!) }),
  ),
  "wrong unit in the text": lieOn(
    (measure) => slipping(measure) && !["percent", "ratio"].includes(measure.unit),
    (point, draft) => says(show(draft, point.fact, draft.by.one(slips[point.measure.unit]!))),
  ),
  "wrong currency in the claim": lieOn(isMoney, (point, draft) =>
    claims(point, draft, { unit: otherMoney(point.measure.unit, draft) }),
  ),
  "wrong currency in the text": lieOn(isMoney, (point, draft) =>
    says(show(draft, point.fact, otherMoney(point.measure.unit, draft))),
  ),
  "cents taken for whole": lieOn(
    (measure) => isMoney(measure) && measure.decimals === 2,
    (point, draft) => {
      const cents = converted(exact(point.fact), point.measure.unit, `${point.measure.unit}_minor`)!;
      return claims(point, draft, { value: rounded(cents, 0) });
    },
  ),
  "wrong period": lieOn(
    ({ flow }) => flow,
    (point, draft) => {
      const periods = endedPeriods(draft.now).filter(({ from, to }) => from !== point.period!.from || to !== point.period!.to);
      return { claimed: { ...point.claimed!, period: draft.by.one(periods) }, ...falls };
    },
  ),
  "wrong entity": lieOn(any, (point, draft) => ({
    claimed: { ...point.claimed!, entity: draft.by.one(point.measure.entities.filter((each) => each !== point.entity)) },
    ...falls,
  })),
  "stale: measured days ago": lieOn(
    ({ flow }) => !flow,
    ({ receipt }, draft) => {
      receipt.finishedAt = later(draft.now, -30 * hourMs - draft.by.below(40 * dayMs));
      for (const fact of receipt.facts) fact.observedAt = later(receipt.finishedAt, -5000);
      return falls;
    },
  ),
  "stale: measured before the period was over": lieOn(
    ({ flow }) => flow,
    ({ receipt, period }, draft) => {
      const length = daysOf(period!) * dayMs;
      receipt.finishedAt = later(period!.to, -Math.floor(length * 0.1) - draft.by.below(Math.floor(length * 0.7)));
      for (const fact of receipt.facts) fact.observedAt = later(receipt.finishedAt, -5000);
      return falls;
    },
  ),
  "someone else's receipt": receiptIs((receipt, draft) => {
    receipt.agent = draft.by.one(["intern", "auditor", "regional-manager"]);
    receipt.task = draft.by.below(4) ? draft.by.id("task-") : null;
  }),
  "a receipt that does not exist": lieOn(any, ({ claimed }, draft) => ({
    claimed: { ...claimed!, receipts: [draft.by.id("rcpt-")] },
    ...falls,
  })),
  "a claim without a receipt": lieOn(any, ({ claimed }) => ({ claimed: { ...claimed!, receipts: [] }, ...falls })),
  "number out of a failed call": receiptIs((receipt, draft) => {
    receipt.status = draft.by.one(["failed", "refused", "unknown"]);
    if (draft.by.below(2)) receipt.facts = [];
  }),
  "one end of a range invented": (draft) => {
    if (!range(draft)) return false;
    const high = draft.points[0]!;
    const shown = show(draft, altered(high, draft), high.measure.unit);
    if (shown) draft.points[0] = { ...high, shown, shownHolds: false };
    return shown !== null;
  },
  "one line of a table or list": (draft) => {
    draft.layout = draft.by.one(["table", "table", "bullets", "numbered"]);
    if (!truths(draft, 3 + draft.by.below(2), "as it is")) return false;
    const shown = show(draft, altered(draft.points[0]!, draft), draft.points[0]!.measure.unit);
    if (shown) draft.points[0] = { ...draft.points[0]!, shown, shownHolds: false };
    return shown !== null;
  },
  "German, French or Spanish, altered": (draft) => {
    draft.language = draft.by.one(["de", "fr", "es"]);
    draft.scene = abroad[draft.language as "de"];
    draft.layout = "prose";
    draft.asides = [];
    draft.finishes = false;
    draft.done = null;
    draft.others = [];
    return lieOn(any, (point) =>
      draft.by.below(2)
        ? claims(point, draft, { value: altered(point, draft) })
        : says(show(draft, altered(point, draft), point.measure.unit)),
    )(draft);
  },
  "failed call claimed as done": doneBy((draft) =>
    Array.from({ length: 1 + draft.by.below(2) }, () =>
      receiptOf(draft, draft.scene.acts, { status: draft.by.one(["failed", "failed", "refused", "unknown"]) }),
    ),
  ),
  "done after reading only": doneBy((draft) => [receiptOf(draft, draft.scene.reads)]),
  "done with nothing called": doneBy(() => []),
  "done by the call of another task": doneBy((draft) => [
    receiptOf(draft, draft.scene.acts, { task: draft.by.id("task-"), ...(draft.by.below(2) && { agent: "operations-desk" }) }),
  ]),
  "done, and a number altered": (draft) =>
    finish(draft, true) && lieOn(any, (point, d) => claims(point, d, { value: altered(point, d) }))(draft),
};
