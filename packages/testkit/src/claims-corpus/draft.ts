import type { SeededRandom } from "../races/seeded-random.ts";
import type { CaseClaim, CaseFact, CaseReceipt, ClaimPeriod } from "./claims-case.ts";
import { fractionOf, roundTo } from "./fraction.ts";
import type { Metric, Phrasing, Setting } from "./phrasing.ts";
import { convert, unitsBeside } from "./units.ts";
import { isFaithful, type NumberStyle, writeNumber } from "./write-number.ts";

export interface Statement {
  metric: Metric;
  fact: CaseFact;
  receipt: CaseReceipt;
  claim: CaseClaim;
  /** The number as the text shows it. */
  shown: string;
  /** What the verifier must say of the claim, and of the number in the text. */
  claimHolds: boolean;
  numberHolds: boolean;
}

/** A report before it is written down: honest when it is made; a lie changes it and says what must be found. */
export interface Draft {
  random: SeededRandom;
  phrasing: Phrasing;
  setting: Setting;
  style: NumberStyle;
  now: Date;
  agent: string;
  task: string | null;
  receipts: CaseReceipt[];
  statements: Statement[];
  /** Sentences in the text with a number that no claim supports. */
  inventions: { sentence: string; number: string }[];
  done: "accepted" | "refused" | null;
}

export interface DraftWish {
  style?: NumberStyle;
  statements?: number;
  finishes?: boolean;
  /** Which metrics a statement may be about. */
  metric?: (metric: Metric) => boolean;
  value?: string;
}

const hour = 3_600_000;
const utc = (time: number): string => new Date(time).toISOString().replace(".000Z", "Z");
export const later = (at: string, ms: number): string => utc(Date.parse(at) + ms);

export function newReceiptId(random: SeededRandom): string {
  return `rcpt-${Array.from({ length: 10 }, () => "abcdefghjkmnpqrstuvwxyz23456789"[random.below(31)]).join("")}`;
}
export const newTaskId = (random: SeededRandom): string => newReceiptId(random).replace("rcpt", "task");

/** A period that is over at `now`: months, quarters, years and days. */
export function anyPeriod(random: SeededRandom, now: Date): ClaimPeriod {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const back = random.below(3);
  const quarter = Math.floor(month / 3) - back;
  const bounds = random.pick([
    [Date.UTC(year, month - 1 - back), Date.UTC(year, month - back)],
    [Date.UTC(year, month - 1 - back), Date.UTC(year, month - back)],
    [Date.UTC(year, quarter * 3 - 3), Date.UTC(year, quarter * 3)],
    [Date.UTC(year - 1 - back, 0), Date.UTC(year - back, 0)],
    [Date.UTC(year, month, day - 1 - back), Date.UTC(year, month, day - back)],
  ]);
  return { from: utc(bounds[0]!), to: utc(bounds[1]!) };
}

export function anyValue(random: SeededRandom, { from, to, places }: Metric): string {
  // Small values as often as large ones, as business figures are.
  const share = random.below(1_000_000) / 1_000_000;
  const value = from > 0 ? from * (to / from) ** share : from + (to - from) * share;
  return value.toFixed(places).replace(/^-(0(\.0+)?)$/, "$1");
}

/** The claim that an honest agent makes from a fact: another unit of its family, rounded, or as it is. */
export function claimFrom(random: SeededRandom, fact: CaseFact): Pick<CaseClaim, "value" | "unit"> {
  for (let tries = 0; tries < 40; tries += 1) {
    const unit = random.chance(0.5) ? fact.unit : random.pick(unitsBeside(fact.unit));
    const exact = convert(fractionOf(fact.value), fact.unit, unit);
    const value = roundTo(exact, random.below({ ratio: 5, count: 1 }[unit] ?? 3), random.chance(0.8) ? "away" : "even");
    if (isFaithful(exact, value) && value.length <= 12) return { value, unit };
  }
  return { value: fact.value, unit: fact.unit };
}

function newReceipt(draft: Draft, tools: string[], facts: CaseFact[], at: string): CaseReceipt {
  const { random, agent, task, setting } = draft;
  const byColleague = task !== null && random.chance(0.25);
  const others = setting.agents.filter((name) => name !== agent);
  return {
    id: newReceiptId(random),
    agent: byColleague ? random.pick(others) : agent,
    task: byColleague || (task !== null && random.chance(0.6)) ? task : random.pick([null, newTaskId(random)]),
    tool: random.pick(tools),
    status: "succeeded",
    finishedAt: later(at, random.below(90_000)),
    facts,
  };
}

function addStatement(draft: Draft, metric: Metric, value: string): void {
  const { random, now, setting } = draft;
  const period = random.chance(0.75) ? anyPeriod(random, now) : null;
  const entity = random.pick(setting.entities);
  const [first, last] = period
    ? [Date.parse(period.to), Math.min(now.getTime(), Date.parse(period.to) + 40 * 24 * hour)]
    : [now.getTime() - 23.9 * hour, now.getTime() - 60_000];
  const observedAt = random.chance(0.06) ? utc(first) : utc(first + random.below(Math.max(1, (last - first) / 1_000)) * 1_000);
  const fact: CaseFact = { metric: metric.name, value, unit: metric.unit, period, entity, observedAt };
  const shared = random.chance(0.3) ? draft.statements.at(-1)?.receipt : undefined;
  const receipt = shared ?? newReceipt(draft, setting.reads, [], observedAt);
  if (!shared) draft.receipts.push(receipt);
  receipt.facts.push(fact);
  if (random.chance(0.4)) {
    const other = setting.entities.find((name) => name !== entity)!;
    receipt.facts.unshift({ ...fact, entity: other, value: anyValue(random, metric) });
  }
  if (receipt.finishedAt < observedAt) receipt.finishedAt = later(observedAt, 1_000);
  const claimed = claimFrom(random, fact);
  const claim: CaseClaim = { metric: fact.metric, ...claimed, period, entity, receipts: [receipt.id] };
  draft.statements.push({ metric, fact, receipt, claim, shown: "", claimHolds: true, numberHolds: true });
  restate(draft, draft.statements.at(-1)!);
}

/** Writes the statement's number anew from its claim. */
export function restate(draft: Draft, statement: Statement): void {
  const { random, phrasing, style } = draft;
  statement.shown = writeNumber(statement.claim, statement.claimHolds ? statement.fact : null, {
    random,
    habits: phrasing.habits,
    style,
  });
}

/** The effect that a task is done by, sometimes after attempts that failed. */
function addEffect(draft: Draft): void {
  const { random, setting, now } = draft;
  const at = utc(now.getTime() - 60_000 * (1 + random.below(600)));
  const effect = (status: CaseReceipt["status"], finishedAt: string): CaseReceipt => ({
    ...newReceipt(draft, setting.effects, [], finishedAt),
    status,
    task: draft.task,
  });
  if (random.chance(0.3)) draft.receipts.push(effect(random.pick(["failed", "refused"]), later(at, -45_000)));
  draft.receipts.push(effect("succeeded", at));
}

export function makeDraft(random: SeededRandom, phrasing: Phrasing, wish: DraftWish = {}): Draft {
  const setting = random.pick(phrasing.settings);
  const now = new Date(Date.UTC(2026, 2 + random.below(9), 1 + random.below(28), 8 + random.below(11), random.below(60)));
  const finishes = wish.finishes ?? random.chance(0.45);
  const draft: Draft = {
    random,
    phrasing,
    setting,
    style: wish.style ?? "any",
    now,
    agent: random.pick(setting.agents),
    task: finishes || random.chance(0.7) ? newTaskId(random) : null,
    receipts: [],
    statements: [],
    inventions: [],
    done: finishes ? "accepted" : null,
  };
  const fitting = phrasing.settings.some(({ metrics }) => metrics.some(wish.metric ?? (() => true)));
  const count = fitting ? (wish.statements ?? random.pick([1, 1, 2, 2, 3, 4])) : 0;
  const metrics = setting.metrics.filter(wish.metric ?? (() => true));
  for (const metric of random.shuffle(metrics).slice(0, count))
    addStatement(draft, metric, wish.value ?? anyValue(random, metric));
  if (finishes) addEffect(draft);
  draft.receipts = random.shuffle(draft.receipts);
  return draft;
}
