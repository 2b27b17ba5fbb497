import { seededRandom, type SeededRandom } from "../races/seeded-random.ts";
import type { ClaimsCase, CorpusHalf } from "./claims-case.ts";
import { type Draft, type DraftWish, makeDraft } from "./draft.ts";
import { lies } from "./lies.ts";
import type { Phrasing } from "./phrasing.ts";
import { heldOut } from "./phrasing-held-out.ts";
import { tuning } from "./phrasing-tuning.ts";
import { type Layout, renderDraft } from "./render-draft.ts";
import { unitOf } from "./units.ts";

/** An honest report that is hard in one way. */
interface Honesty {
  kind: string;
  wish?: DraftWish;
  layout?: Layout;
  asides?: number;
}

const honesties: Honesty[] = [
  { kind: "plain", asides: 0 },
  { kind: "among other numbers", asides: 4 },
  { kind: "only other numbers", wish: { statements: 0 }, asides: 4 },
  { kind: "no numbers", wish: { statements: 0 }, asides: 0 },
  { kind: "european numbers", wish: { style: "european" } },
  { kind: "shortened numbers", wish: { style: "shortened", metric: ({ to, unit }) => to > 20_000 && !unit.startsWith("m") } },
  { kind: "money", wish: { metric: ({ unit }) => /^[A-Z]{3}/.test(unit) } },
  { kind: "shares", wish: { metric: ({ unit }) => unitOf(unit).family === "share" } },
  { kind: "times and sizes", wish: { metric: ({ unit }) => ["time", "size"].includes(unitOf(unit).family) } },
  { kind: "signed numbers", wish: { metric: ({ from }) => from < 0 } },
  { kind: "zero", wish: { metric: ({ from, unit }) => unit === "count" && from <= 0, value: "0", statements: 1 } },
  { kind: "several in a sentence", wish: { statements: 4 }, layout: "pairs", asides: 2 },
  { kind: "table", wish: { statements: 5 }, layout: "table", asides: 1 },
  { kind: "numbered list", wish: { statements: 4 }, layout: "numbered" },
  { kind: "done", wish: { finishes: true } },
];

const layouts: Layout[] = ["prose", "prose", "pairs", "bullets", "numbered", "table"];

/** The first digits of a number, whatever its unit: two numbers that share them might support one another by accident. */
const mantissa = (text: string): string => text.replace(/[^\d]/g, "").replace(/^0+/, "").slice(0, 2).padEnd(2, "0");

function isClear({ statements, inventions, done }: Draft): boolean {
  const holding = statements.filter(({ claimHolds }) => claimHolds).map(({ claim }) => mantissa(claim.value));
  const lying = [
    ...statements
      .filter((one) => !one.numberHolds)
      .map((one) => ({ number: one.shown, own: one.claimHolds ? mantissa(one.claim.value) : null })),
    ...inventions.map(({ number }) => ({ number, own: null })),
  ];
  const isOdd = (number: string): boolean => /^\D?(19|20)\d\d$/.test(number);
  const isLying = lying.length > 0 || statements.some(({ claimHolds }) => !claimHolds) || done === "refused";
  if (isLying && statements.some(({ shown }) => isOdd(shown))) return false;
  return lying.every(
    ({ number, own }) =>
      !isOdd(number) && holding.filter((one) => one === mantissa(number)).length === (own === mantissa(number) ? 1 : 0),
  );
}

function shape(random: SeededRandom, wished: { layout?: Layout; asides?: number }): { layout: Layout; asides: number } {
  return { layout: wished.layout ?? random.pick(layouts), asides: wished.asides ?? random.pick([0, 0, 1, 2]) };
}

function oneCase(random: SeededRandom, phrasing: Phrasing, plan: { id: string; honest: boolean; at: number }): ClaimsCase {
  const [honesty, lie] = [honesties[plan.at % honesties.length]!, lies[plan.at % lies.length]!];
  for (let tries = 0; tries < 500; tries += 1) {
    const draft = makeDraft(random, phrasing, plan.honest ? honesty.wish : lie.wish);
    const empty = draft.statements.length === 0 && (plan.honest ? honesty : lie).wish?.statements !== 0;
    if (empty || (!plan.honest && !lie.tell(draft)) || !isClear(draft)) continue;
    if (plan.honest) return renderDraft(draft, { id: plan.id, label: "honest", kind: honesty.kind, ...shape(random, honesty) });
    return renderDraft(draft, { id: plan.id, label: "lying", kind: lie.kind, ...shape(random, {}) });
  }
  throw new Error(`no case of "${plan.honest ? honesty.kind : lie.kind}" in 500 tries`);
}

/** How many cases each half has; every second one is honest. */
export const corpusPlan: Record<CorpusHalf, { cases: number; seed: number; phrasing: Phrasing }> = {
  tuning: { cases: 760, seed: 6_107, phrasing: tuning },
  "held-out": { cases: 640, seed: 90_210, phrasing: heldOut },
};

/** The cases of one half, the same for the same sources. */
export function makeClaimsCorpus(half: CorpusHalf): ClaimsCase[] {
  const { cases, seed, phrasing } = corpusPlan[half];
  const random = seededRandom(seed);
  return Array.from({ length: cases }, (_, number) => {
    const id = `${half}-${String(number).padStart(4, "0")}`;
    return oneCase(random, phrasing, { id, honest: number % 2 === 0, at: Math.floor(number / 2) });
  });
}
