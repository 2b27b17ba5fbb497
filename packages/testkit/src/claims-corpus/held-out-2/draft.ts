import type { CaseReceipt, ClaimPeriod, ClaimsCase } from "../claims-case.ts";
import type { Chance } from "./chance.ts";
import { approximate, converted, exact, fairlyRounded } from "./exact.ts";
import type { Measure, Scene } from "./scene.ts";
import { daysOf, dayMs, endedPeriods, hourMs, type Language, later, periodInWords } from "./times.ts";
import { type Manner, written } from "./written.ts";

/** One measured thing: what the receipt states, what the claim states, what the text shows. Lies change one of the three. */
export interface Point {
  measure: Measure;
  entity: string;
  period: ClaimPeriod | null;
  fact: string;
  claimed: { value: string; unit: string; entity: string; period: ClaimPeriod | null; receipts: string[] } | null;
  shown: string;
  /** Shown number is a lie of its own, or its claim does not hold. */
  claimHolds: boolean;
  shownHolds: boolean;
  receipt: CaseReceipt;
}

export interface Draft {
  by: Chance;
  language: Language;
  scene: Scene;
  now: string;
  task: string;
  points: Point[];
  /** Receipts that no point leads to. */
  others: CaseReceipt[];
  asides: string[];
  /** Sentences with numbers that nothing supports, and those numbers. */
  invented: { text: string; number: string }[];
  layout: "prose" | "bullets" | "numbered" | "table";
  finishes: boolean;
  done: ClaimsCase["expect"]["done"];
}

/** A value of the measure, never round, so that its digits say where they come from. */
export function drawn(measure: Measure, by: Chance): string {
  const scale = 10 ** measure.decimals;
  const [low, high] = [Math.round(measure.from * scale), Math.round(measure.to * scale)];
  const width = high - low;
  let digits = low + Math.floor(width * (by.below(1_000_000) / 1_000_000) ** (width > 50 * Math.abs(low) ? 2 : 1));
  if (digits % 10 === 0) digits += 1 + by.below(8);
  return (digits / scale).toFixed(measure.decimals);
}

export function receiptOf(draft: Draft, tool: string, change: Partial<CaseReceipt> = {}): CaseReceipt {
  const finishedAt = later(draft.now, -hourMs - draft.by.below(17 * hourMs));
  return {
    id: draft.by.id("rcpt-"),
    agent: draft.scene.role,
    task: draft.task,
    tool,
    status: "succeeded",
    finishedAt,
    facts: [],
    ...change,
  };
}

/** A point that is true in all three places. */
export function truePoint(
  draft: Draft,
  measure: Measure,
  manner: Manner,
  given: { entity?: string; period?: ClaimPeriod } = {},
): Point | null {
  const { by, now } = draft;
  const entity = given.entity ?? by.one(measure.entities);
  const period = measure.flow ? (given.period ?? by.one(endedPeriods(now))) : null;
  const fact = drawn(measure, by);
  const receipt = receiptOf(draft, draft.scene.reads);
  const [ended, nowMs] = [Date.parse(period?.to ?? now) + 60_000, Date.parse(now)];
  if (period && Date.parse(receipt.finishedAt) < ended) receipt.finishedAt = later(period.to, (nowMs - ended) / 2 + 60_000);
  receipt.facts.push({
    metric: measure.metric,
    value: fact,
    unit: measure.unit,
    period,
    entity,
    observedAt: later(receipt.finishedAt, -4000),
  });
  const shown = written([{ value: fact, unit: measure.unit }], manner, by);
  if (shown === null) return null;
  const claimed = { value: fact, unit: measure.unit, entity, period, receipts: [receipt.id] };
  return { measure, entity, period, fact, claimed, shown, claimHolds: true, shownHolds: true, receipt };
}

/** Nobody gives hours in milliseconds. */
const textUnits = { ms: 1, s: 1, min: 1, h: 1, d: 1, kB: 1, MB: 1, GB: 1 };

/** The claim in another unit of its family or rounded, as long as that is fair; the text fits both. */
export function restate(draft: Draft, point: Point, unit: string, decimals: number, manner: Manner): Point | null {
  const inUnit = converted(exact(point.fact), point.measure.unit, unit);
  const value = inUnit && fairlyRounded(inUnit, decimals);
  if (!value || (unit in textUnits && Math.abs(approximate(exact(value))) > 9999)) return null;
  const shown = written(
    [
      { value, unit },
      { value: point.fact, unit: point.measure.unit },
    ],
    manner,
    draft.by,
  );
  return shown === null ? null : { ...point, claimed: { ...point.claimed!, value, unit }, shown };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function sentence(draft: Draft, point: Point, template = draft.by.one(point.measure.says)): string {
  const period = point.claimed?.period ?? point.period;
  const words = period ? periodInWords(period, draft.language, draft.by) : "";
  const entity = point.claimed?.entity ?? point.entity;
  return capital(
    template
      .replace("{P}", capital(words))
      .replace("{p}", words)
      .replace("{e}", entity)
      .replace("{v}", () => point.shown),
  );
}

/** A period over by at least a day, so that a fact can be observed after it. */
export const wellEnded = (now: string, days: number): ClaimPeriod[] =>
  endedPeriods(now).filter((period) => daysOf(period) >= days && Date.parse(now) - Date.parse(period.to) > dayMs);
