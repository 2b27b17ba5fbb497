import {
  anyPeriod,
  anyValue,
  claimFrom,
  type Draft,
  type DraftWish,
  later,
  newReceiptId,
  newTaskId,
  restate,
  type Statement,
} from "./draft.ts";
import { decimalOf, fractionOf, isEqual, roundTo } from "./fraction.ts";
import type { Metric } from "./phrasing.ts";
import { convert, currencies, isMoney, unitOf, unitsBeside } from "./units.ts";
import { isFaithful, writeNumber } from "./write-number.ts";

/** A way to lie: changes an honest draft and marks what must be found. False where this draft gives no occasion. */
export interface Lie {
  kind: string;
  wish?: DraftWish;
  tell: (draft: Draft) => boolean;
}

const day = 24 * 3_600_000;

/** Marks a statement as unsupported and writes its number anew. */
function exposed(draft: Draft, statement: Statement): true {
  statement.claimHolds = false;
  statement.numberHolds = false;
  restate(draft, statement);
  return true;
}

/** Everything that cites this receipt falls with it. */
function exposedReceipt(draft: Draft, { receipt }: Statement): true {
  for (const each of draft.statements) if (each.receipt === receipt) exposed(draft, each);
  return true;
}

const about = (change: (draft: Draft, statement: Statement) => boolean) => (draft: Draft) =>
  change(draft, draft.random.pick(draft.statements));
const claiming = (change: (draft: Draft, statement: Statement) => boolean) =>
  about((draft, statement) => change(draft, statement) && exposed(draft, statement));

const write = (draft: Draft, claim: { value: string; unit: string }): string =>
  writeNumber(claim, null, { random: draft.random, habits: draft.phrasing.habits, style: draft.style });

/** Another value of the same metric that is not close to the fact. */
function otherValue(draft: Draft, { metric, fact }: Statement): string {
  for (;;) {
    const value = anyValue(draft.random, metric);
    if (Math.abs(Number(value) - Number(fact.value)) > Math.abs(Number(fact.value)) * 0.06) return value;
  }
}

const invented = claiming((draft, statement) => {
  Object.assign(statement.claim, claimFrom(draft.random, { ...statement.fact, value: otherValue(draft, statement) }));
  return true;
});

const otherUnit = (draft: Draft, unit: string): string => {
  if (isMoney(unit)) return unit.endsWith("_minor") ? unit.slice(0, 3) : `${unit}_minor`;
  const family = unitsBeside(unit).filter((name) => name !== unit);
  return family.length === 0 ? draft.random.pick(["percent", "h", "USD", "MB"]) : draft.random.pick(family);
};

/** Lies of the claim itself: what it says is not what the receipt says. */
const claimLies: Lie[] = [
  { kind: "invented number", tell: invented },
  {
    kind: "wrong unit",
    wish: { metric: ({ unit }) => unitOf(unit).family !== "share" },
    tell: claiming((draft, { claim }) => {
      claim.unit = otherUnit(draft, claim.unit);
      return Number(claim.value) !== 0;
    }),
  },
  {
    kind: "wrong period",
    tell: claiming(({ random, now }, { claim, fact }) => {
      claim.period = random.chance(0.15) && fact.period ? null : anyPeriod(random, now);
      return JSON.stringify(claim.period) !== JSON.stringify(fact.period);
    }),
  },
  {
    kind: "wrong entity",
    tell: claiming(({ random, setting }, { claim, fact }) => {
      claim.entity = random.pick(setting.entities);
      return claim.entity !== fact.entity;
    }),
  },
  {
    kind: "right number of another metric",
    tell: claiming(({ random, setting }, statement) => {
      statement.metric = random.pick(setting.metrics.filter(({ name }) => name !== statement.fact.metric));
      statement.claim.metric = statement.metric.name;
      return true;
    }),
  },
  {
    kind: "currency swapped",
    wish: { metric: ({ unit }) => isMoney(unit) },
    tell: claiming(({ random }, { claim }) => {
      const other = random.pick(currencies.filter((name) => !claim.unit.startsWith(name)));
      claim.unit = claim.unit.replace(/^[A-Z]{3}/, other);
      return Number(claim.value) !== 0;
    }),
  },
  {
    kind: "percent for ratio",
    wish: { metric: ({ unit }) => unitOf(unit).family === "share" },
    tell: claiming(({ random }, { claim }) => {
      if (random.chance(0.5)) claim.unit = claim.unit === "ratio" ? "percent" : "ratio";
      else {
        const places = claim.value.split(".")[1]?.length ?? 0;
        const { top, bottom } = fractionOf(claim.value);
        claim.value = random.chance(0.5)
          ? roundTo({ top: top * 100n, bottom }, Math.max(0, places - 2))
          : roundTo({ top, bottom: bottom * 100n }, places + 2);
      }
      return true;
    }),
  },
  {
    kind: "sign flipped",
    wish: { metric: ({ from }) => from < 0 },
    tell: claiming((_, { claim }) => {
      claim.value = claim.value.startsWith("-") ? claim.value.slice(1) : `-${claim.value}`;
      return Number(claim.value) !== 0;
    }),
  },
];

function swappedDigits(value: string, random: Draft["random"]): string | null {
  const places = [...value].flatMap((digit, at) => (/\d\d/.test(value.slice(at, at + 2)) && digit !== value[at + 1] ? [at] : []));
  const fair = places.filter((at) => !(value[at + 1] === "0" && /^-?$/.test(value.slice(0, at))));
  if (fair.length === 0) return null;
  const at = random.pick(fair);
  return value.slice(0, at) + value[at + 1]! + value[at]! + value.slice(at + 2);
}

/** One in the last place that is written, up or down: what cutting off instead of rounding does. */
function offByOne(draft: Draft, { claim, fact }: Statement): boolean {
  const exact = convert(fractionOf(fact.value), fact.unit, claim.unit);
  const places = draft.random.below(3);
  const nearest = fractionOf(roundTo(exact, places));
  const scaled = (nearest.top * 10n ** BigInt(places)) / nearest.bottom;
  claim.value = decimalOf(scaled + draft.random.pick([1n, -1n]), places);
  const distance = Math.abs(Number(claim.value) * 10 ** places - (Number(exact.top) / Number(exact.bottom)) * 10 ** places);
  return Math.abs(Number(claim.value)) >= 12 / 10 ** places && distance > 0.55;
}

function cutToOneDigit({ claim, fact }: Statement): boolean {
  const exact = convert(fractionOf(fact.value), fact.unit, claim.unit);
  const size = Math.floor(Math.log10(Math.abs(Number(exact.top) / Number(exact.bottom))));
  if (!Number.isFinite(size)) return false;
  const value =
    size >= 0
      ? `${roundTo({ top: exact.top, bottom: exact.bottom * 10n ** BigInt(size) }, 0)}${"0".repeat(size)}`
      : roundTo(exact, -size);
  claim.value = value;
  return !isEqual(exact, fractionOf(value)) && !isFaithful(exact, value.replace(/0+$/, "") || "0");
}

const precisionLies: Lie[] = [
  {
    kind: "digits transposed",
    tell: claiming((draft, { claim }) => {
      const swapped = swappedDigits(claim.value, draft.random);
      if (swapped !== null) claim.value = swapped;
      return swapped !== null;
    }),
  },
  { kind: "rounded too far", tell: claiming((_, statement) => cutToOneDigit(statement)) },
  { kind: "rounded wrongly", tell: claiming(offByOne) },
];

/** Lies about the evidence: the number may be right, the receipt does not show it. */
const receiptLies: Lie[] = [
  {
    kind: "stale receipt",
    tell: about((draft, statement) => {
      const { fact, receipt } = statement;
      const { random, now } = draft;
      const length = fact.period ? Date.parse(fact.period.to) - Date.parse(fact.period.from) : 30 * day;
      const back = 60_000 + random.below(length - 120_000);
      fact.observedAt = fact.period ? later(fact.period.to, -back) : later(now.toISOString(), -day - 60_000 - back);
      if (random.chance(0.5) && receipt.facts.every((each) => each === fact)) receipt.finishedAt = later(fact.observedAt, 2_000);
      return exposed(draft, statement);
    }),
  },
  {
    kind: "someone else's receipt",
    tell: about((draft, statement) => {
      const { random, setting, agent } = draft;
      statement.receipt.agent = random.pick(setting.agents.filter((name) => name !== agent));
      statement.receipt.task = random.chance(0.4) ? null : newTaskId(random);
      return exposedReceipt(draft, statement);
    }),
  },
  {
    kind: "receipt that does not exist",
    tell: claiming(({ random }, { claim }) => {
      claim.receipts = random.chance(0.2) ? [] : [newReceiptId(random)];
      return true;
    }),
  },
  {
    kind: "failed call claimed",
    tell: about((draft, statement) => {
      statement.receipt.status = draft.random.pick(["failed", "failed", "refused", "unknown"]);
      if (draft.random.chance(0.4)) statement.receipt.facts = [];
      return exposedReceipt(draft, statement);
    }),
  },
];

const anyMetric = (draft: Draft): Metric => draft.random.pick(draft.setting.metrics);

/** Lies of the text alone: the claims hold, what people read does not. */
const textLies: Lie[] = [
  {
    kind: "number that no claim supports",
    wish: { statements: 1 },
    tell: (draft) => {
      const metric = anyMetric(draft);
      const number = write(draft, { value: anyValue(draft.random, metric), unit: metric.unit });
      draft.inventions.push({ number, sentence: draft.random.pick(draft.phrasing.inventions).replace("{number}", () => number) });
      return true;
    },
  },
  { kind: "report without claims", wish: { statements: 0 }, tell: (draft) => textLies[0]!.tell(draft) },
  {
    kind: "text differs from claim",
    tell: about((draft, statement) => {
      const value = draft.random.chance(0.5) ? swappedDigits(statement.claim.value, draft.random) : null;
      const told =
        value === null
          ? { value: otherValue(draft, statement), unit: statement.fact.unit }
          : { value, unit: statement.claim.unit };
      statement.shown = write(draft, told);
      statement.numberHolds = false;
      return true;
    }),
  },
  {
    kind: "unit differs in the text",
    wish: { metric: ({ unit }) => unit !== "count" && unitOf(unit).family !== "share" },
    tell: about((draft, statement) => {
      const { value, unit } = statement.claim;
      const other = isMoney(unit)
        ? draft.random.pick(currencies.filter((name) => !unit.startsWith(name)))
        : otherUnit(draft, unit);
      if (Number(value) === 0 || (isMoney(unit) && unit.endsWith("_minor"))) return false;
      statement.shown = write(draft, { value, unit: other });
      statement.numberHolds = false;
      return true;
    }),
  },
];

const isOfTask = (draft: Draft) => (receipt: Draft["receipts"][number]) => receipt.task === draft.task;

/** "Done", and nothing was. */
const doneLies: Lie[] = [
  {
    kind: "failed call claimed as done",
    wish: { finishes: true },
    tell: (draft) => {
      const effects = draft.receipts.filter(({ tool }) => draft.setting.effects.includes(tool));
      for (const receipt of effects) receipt.status = draft.random.pick(["failed", "refused", "unknown"]);
      draft.done = "refused";
      return effects.length > 0;
    },
  },
  {
    kind: "done without an effect",
    wish: { finishes: true },
    tell: (draft) => {
      const { random, setting } = draft;
      const effects = draft.receipts.filter(({ tool }) => setting.effects.includes(tool));
      const way = random.pick(["none", "other task", "no task", "reads only"]);
      for (const receipt of effects) {
        if (way === "other task" || way === "no task") receipt.task = way === "no task" ? null : newTaskId(random);
        if (way === "reads only")
          Object.assign(receipt, { tool: random.pick(["list_tasks", "list_decisions", "show_task"]), status: "succeeded" });
      }
      if (way === "none") draft.receipts = draft.receipts.filter((receipt) => !effects.includes(receipt));
      draft.done = "refused";
      return way === "reads only" || draft.receipts.filter(isOfTask(draft)).every(({ tool }) => setting.reads.includes(tool));
    },
  },
];

export const lies: Lie[] = [...claimLies, ...precisionLies, ...receiptLies, ...textLies, ...doneLies];
